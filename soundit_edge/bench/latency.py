"""How long one call of each model takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.tuning.measure import measurable

WARM_UP: Final = 3
"""Calls that do not count: the first ones are slower."""
MIN_CALLS: Final = 10


@dataclass(frozen=True, slots=True)
class Latency:
    """The durations of calls of one model, in milliseconds: the median, and the 95th percentile."""

    p50_ms: float
    p95_ms: float


def model_files() -> dict[str, Path]:
    """Return the file of each model that the senses may use, by its name.

    Raises:
        ModelSetError: a model is not installed.
    """
    return {model.name: model.path for model in measurable()}


def measure_latency(path: Path, threads: int, seconds: float) -> Latency:
    """Call a model for some seconds, with random input, and return what its calls took.

    Args:
        path: the .tflite file.
        threads: within one call.
        seconds: for how long, at least; `MIN_CALLS` are made in any case.

    Raises:
        InferenceError: no runtime can load it.
    """
    model = Model(path, threads=threads)
    random = np.random.default_rng(0)
    inputs = [random.normal(0, 1, spec.shape).astype(np.float32) for spec in model.inputs]
    for _ in range(WARM_UP):
        model.run(*inputs)
    durations: list[float] = []
    begin = time.perf_counter()
    while len(durations) < MIN_CALLS or time.perf_counter() - begin < seconds:
        called = time.perf_counter()
        model.run(*inputs)
        durations.append(1000 * (time.perf_counter() - called))
    return Latency(float(np.median(durations)), float(np.percentile(durations, 95)))
