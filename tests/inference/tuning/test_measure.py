"""Real models on the installed runtimes get verdicts, which the next models are loaded by."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.inference import interpreter
from soundit_edge.inference.interpreter import Model, available_runtimes
from soundit_edge.inference.models import MEDIAPIPE, ModelSet, default_folder, load_mediapipe
from soundit_edge.inference.tuning import measure as measuring
from soundit_edge.inference.tuning.measure import Measurable, measurable, measure, unmeasured
from soundit_edge.inference.tuning.trial import Candidate
from soundit_edge.inference.tuning.verdicts import ModelTuning, read_verdicts, write_verdicts
from soundit_edge.paths import cache_folder

TODAY = datetime.date(2026, 11, 28)


def model(name: str) -> Measurable:
    return next(one for one in measurable() if one.name == name)


def test_every_model_that_the_senses_use_is_measured() -> None:
    names = {one.name for one in unmeasured()}
    assert names == {*ModelSet(default_folder()).manifest.models, *(name.split("/")[1] for name in MEDIAPIPE)}


def test_a_real_model_is_measured_once() -> None:
    small = model("body_motion")
    new = measure([small], 2, time.perf_counter, TODAY)
    assert new["body_motion"].runtime in available_runtimes()
    assert new["body_motion"].threads in (1, 2)
    assert new["body_motion"].call_ms > 0
    assert new["body_motion"].measured == TODAY
    assert read_verdicts() == {small.sha256: new["body_motion"]}
    assert small.sha256 not in {one.sha256 for one in unmeasured()}


def test_verdicts_that_there_are_stay() -> None:
    other = ModelTuning(runtime="litert", threads=1, call_ms=1.0, measured=TODAY)
    write_verdicts({"b" * 64: other})
    measure([model("body_motion")], 1, time.perf_counter, TODAY)
    assert read_verdicts()["b" * 64] == other


def test_a_cache_that_cannot_be_written_is_found_out_before_anything_is_measured() -> None:
    cache_folder().write_text("in the way")
    with pytest.raises(OSError, match=str(cache_folder())):
        measure([model("body_motion")], 1, pytest.fail, TODAY)


class Fast:
    """Stands in for `Model` where one way is much faster than all others, and computes wrongly on purpose or not."""

    fast = Candidate("tflite-runtime", 1)
    off = 0

    def __init__(self, path: Any, *, threads: int, runtime: str) -> None:
        self._model, self.way = Model(path), Candidate(runtime, threads)
        self.inputs = self._model.inputs

    def run(self, *inputs: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        Fast.time += 0.001 if self.way == self.fast else 0.01
        return [answer + (self.off if self.way == self.fast else 0) for answer in self._model.run(*inputs)]

    def run_stored(self, inputs: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        answers = self._model.run_stored(inputs)
        return [(a.astype(int) + self.off).astype(np.int8) if self.way == self.fast else a for a in answers]

    time = 0.0

    @classmethod
    def now(cls) -> float:
        return cls.time


@pytest.mark.parametrize("name", ["body_motion", "face_landmark"])
@pytest.mark.parametrize(("off", "chosen"), [(0, "tflite-runtime"), (40, "litert")])
def test_a_runtime_that_answers_wrongly_is_not_chosen(
    name: str, off: int, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "Model", Fast)
    monkeypatch.setattr(measuring, "available_runtimes", lambda: ["litert", "tflite-runtime"])
    monkeypatch.setattr(Fast, "off", off)
    assert measure([model(name)], 1, Fast.now, TODAY)[name].runtime == chosen


def test_models_are_loaded_as_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def runtime_module(runtime: str | None) -> SimpleNamespace:
        make = real(runtime).Interpreter

        def made(**options: Any) -> Any:
            asked.append(options["num_threads"])
            return make(**options)

        return SimpleNamespace(Interpreter=made)

    real = interpreter.runtime_module
    monkeypatch.setattr(interpreter, "runtime_module", runtime_module)
    verdict = ModelTuning(runtime=available_runtimes()[-1], threads=2, call_ms=1.0, measured=TODAY)
    write_verdicts({model("body_motion").sha256: verdict, model("face_landmark").sha256: verdict})
    models = ModelSet(default_folder())
    models.load("body_motion")
    load_mediapipe("face_landmark/face_landmark")
    models.load("voice_emotion")
    models.load("body_motion", runtime=available_runtimes()[0])
    assert asked == [2, 2, 1, 1]
