"""Milliseconds per call, one thread: the shipped models on each installed runtime, and what comes before them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from soundit_edge.inference.interpreter import available_runtimes
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.expression import SIDE, prepare
from soundit_edge.senses.logmel import WINDOW, log_mel
from soundit_edge.senses.speech import pitch


def report(what: str, call: Callable[[], object], calls: int) -> None:
    """Print how long a call takes."""
    times = []
    for _ in range(calls):
        begin = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - begin))
    print(f"{what}: median {np.median(times):.2f} ms, best {min(times):.2f} ms of {calls} calls")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=300)
    calls = parser.parse_args().calls
    rng = np.random.default_rng(0)
    sound, picture = rng.normal(0, 0.1, WINDOW).astype(np.float32), rng.integers(0, 255, (SIDE, SIDE), dtype=np.uint8)
    report("prepare (one face crop)", lambda: prepare(picture), calls)
    report("log_mel (one window)", lambda: log_mel(sound), calls)
    report("pitch (most of the speech gate, one window)", lambda: pitch(sound), calls)
    models = ModelSet(default_folder())
    for name in models.manifest.models:
        for runtime in available_runtimes():
            model = models.load(name, runtime=runtime)
            x = rng.normal(0, 1, model.inputs[0].shape).astype(np.float32)
            report(f"{name}, {runtime}", partial(model.run, x), calls)


if __name__ == "__main__":
    main()
