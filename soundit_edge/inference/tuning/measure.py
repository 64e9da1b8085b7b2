"""Measures the models of this box that have no verdict yet."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.inference.interpreter import InferenceError, Model, available_runtimes
from soundit_edge.inference.local import local_set
from soundit_edge.inference.models import MEDIAPIPE, ModelSet, ModelSetError, default_folder, mediapipe_model
from soundit_edge.inference.tuning.trial import Candidate, best, candidates, try_out
from soundit_edge.inference.tuning.verdicts import ModelTuning, read_verdicts, write_verdicts

AGREEMENT: Final = 1e-3
"""The largest difference between the runtimes' answers, relative to the largest number of the answer."""


@dataclass(frozen=True, slots=True)
class Measurable:
    """A model that the senses may use.

    Attributes:
        name: for people.
        path: its file.
        sha256: of the file.
        model_set: the set with its golden answer; None for a model of MediaPipe's, which has none.
    """

    name: str
    path: Path
    sha256: str
    model_set: ModelSet | None

    def is_right(self, model: Model, reference: Model) -> bool:
        """Return whether a loaded model gives the golden answer; without one, the answer of the preferred runtime.

        Args:
            model: this one, loaded in any way.
            reference: the same, loaded by the preferred runtime.
        """
        if self.model_set is None:
            inputs = _some_inputs(model)
            return all(map(_agree, model.run(*inputs), reference.run(*inputs)))
        try:
            self.model_set.check_golden(self.name, model)
        except ModelSetError:
            return False
        return True


def measurable(folder: Path | None = None) -> Iterator[Measurable]:
    """Yield every model that the senses may use.

    Args:
        folder: of the model set; None: the shipped one.

    Raises:
        ModelSetError: a model is not installed, or a manifest is broken.
    """
    for model_set in filter(None, (ModelSet(folder or default_folder()), local_set())):
        for name, entry in model_set.manifest.models.items():
            yield Measurable(name, model_set.folder / entry.file, entry.sha256, model_set)
    for name in MEDIAPIPE:
        path = mediapipe_model(name)
        yield Measurable(path.stem, path, hashlib.sha256(path.read_bytes()).hexdigest(), None)


def unmeasured(folder: Path | None = None) -> list[Measurable]:
    """Return the models that have no verdict on this box.

    Args:
        folder: as in `measurable`.

    Raises:
        ModelSetError: as `measurable`.
    """
    known = read_verdicts()
    return [model for model in measurable(folder) if model.sha256 not in known]


def measure(
    models: Iterable[Measurable], processors: int, now: Callable[[], float], today: datetime.date
) -> dict[str, ModelTuning]:
    """Measure models and keep the verdicts beside those that are kept already.

    A model that no runtime runs rightly gets no verdict.

    Args:
        models: what to measure.
        processors: how many of them one call may use.
        now: the seconds of a clock.
        today: the date of the verdicts.

    Returns:
        The new verdicts by the models' names.

    Raises:
        OSError: they cannot be kept; this is found out first.
        NoHome: this user has no place for them.
    """
    kept, new = read_verdicts(), {}
    write_verdicts(kept)
    for model in models:
        if (found := _best_way(model, processors, now)) is not None:
            way, seconds = found
            verdict = ModelTuning(
                runtime=way.runtime, threads=way.threads, call_ms=round(1000 * seconds, 3), measured=today
            )
            kept[model.sha256] = new[model.name] = verdict
    write_verdicts(kept)
    return new


def _best_way(model: Measurable, processors: int, now: Callable[[], float]) -> tuple[Candidate, float] | None:
    """Return the best way in which a model answers rightly, and the seconds of a call; None where there is none."""
    loaded: dict[Candidate, Model] = {}
    for way in candidates(available_runtimes(), processors):
        with contextlib.suppress(InferenceError):
            loaded[way] = Model(model.path, threads=way.threads, runtime=way.runtime)
    found = try_out({way: partial(one.run, *_some_inputs(one)) for way, one in loaded.items()}, now)
    while found:
        way = best(found)
        if model.is_right(loaded[way], next(iter(loaded.values()))):
            return way, found[way].median
        del found[way]
    return None


def _some_inputs(model: Model) -> list[npt.NDArray[np.float32]]:
    random = np.random.default_rng(0)
    return [random.random(spec.shape).astype(np.float32) for spec in model.inputs]


def _agree(answer: npt.NDArray[np.float32], reference: npt.NDArray[np.float32]) -> bool:
    return bool(np.abs(answer - reference).max() <= AGREEMENT * max(1.0, float(np.abs(reference).max())))
