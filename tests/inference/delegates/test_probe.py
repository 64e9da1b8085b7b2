"""Trying an accelerator: the verdict on each way in which it can be of use, or of none."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.inference.delegates import hosted as hosted_module
from soundit_edge.inference.delegates import probe as probe_module
from soundit_edge.inference.delegates.failure import Failure
from soundit_edge.inference.delegates.hosted import Host
from soundit_edge.inference.delegates.installation import Installation
from soundit_edge.inference.delegates.probe import probe
from soundit_edge.inference.delegates.verdict import Verdict
from soundit_edge.inference.golden import golden_name
from soundit_edge.inference.interpreter import LoadedModel, Model, available_runtimes
from soundit_edge.inference.models import ModelSet
from tests.inference.delegates.custom_operator import with_custom_operator
from tests.inference.delegates.stand_in import MODEL, build, compiled, installed, model_set
from tests.waiting import HANG_S


class _Slow(Model):
    """A model on a CPU that is slower than any accelerator here."""

    def run_stored(self, inputs: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        time.sleep(0.5)
        return super().run_stored(inputs)


class SlowSet(ModelSet):
    """A set on that CPU."""

    def load(self, name: str, *, runtime: str | None = None) -> LoadedModel:
        return _Slow(self.folder / self.entry(name).file)


def tried(installation: Installation, models: ModelSet, runtimes: list[str] | None = None) -> Verdict:
    def open_host(runtime: str) -> Host:
        if runtimes is not None:
            runtimes.append(runtime)
        return Host(runtime, installation.library, installation.options)

    return probe(installation, models, open_host)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No machine is so slow that it seems to hang."""
    monkeypatch.setattr(hosted_module, "LOAD_S", HANG_S)


def test_one_that_answers_rightly_and_faster_is_used(library: Path, models: ModelSet) -> None:
    verdict = tried(installed(library, models), SlowSet(models.folder))
    assert verdict.used == (MODEL,)
    assert verdict.runtime == available_runtimes()[0]
    assert 0 < verdict.models[MODEL].ms < verdict.models[MODEL].cpu_ms
    assert "libstandin.so with litert runs (body_motion: " in verdict.describe("libstandin.so")


def test_one_that_answers_rightly_and_later_than_the_cpu_is_not_used(library: Path, models: ModelSet) -> None:
    verdict = tried(installed(library, models, call="slow"), models)
    assert (verdict.used, verdict.failure) == ((), None)
    assert verdict.models[MODEL].outcome == "slower"
    assert verdict.models[MODEL].ms >= 200
    assert "is no gain (body_motion: 2" in verdict.describe("libstandin.so")


def test_one_that_answers_wrongly_is_not_used_however_fast(library: Path, models: ModelSet) -> None:
    verdict = tried(installed(library, models, call="wrong"), SlowSet(models.folder))
    assert verdict.used == ()
    assert verdict.models[MODEL].outcome == "wrong"


def test_a_model_set_without_golden_answers_stays_on_the_cpu(library: Path, models: ModelSet) -> None:
    (models.folder / golden_name(models.entry(MODEL).file)).unlink()
    verdict = tried(installed(library, models), SlowSet(models.folder))
    assert verdict.models[MODEL].outcome == "no golden answer"
    assert "no golden answer" in verdict.describe("libstandin.so")


def test_each_model_has_its_own_verdict(library: Path, tmp_path: Path) -> None:
    models = model_set(tmp_path / "two", MODEL, "voice_emotion")
    (models.folder / golden_name(models.entry("voice_emotion").file)).unlink()
    verdict = tried(installed(library, models), SlowSet(models.folder))
    assert verdict.used == (MODEL,)
    assert verdict.models["voice_emotion"].outcome == "no golden answer"


@pytest.mark.parametrize("stage", ["create", "call"])
def test_one_that_crashes_is_tried_with_each_runtime_and_no_more(library: Path, models: ModelSet, stage: str) -> None:
    runtimes: list[str] = []
    verdict = tried(installed(library, models, **{stage: "crash"}), models, runtimes)
    assert verdict.failure is Failure.CRASHED
    assert verdict.lasts
    assert runtimes == available_runtimes()
    assert verdict.describe("libstandin.so") == "libstandin.so crashed (SIGSEGV) when it was tried with litert"


@pytest.mark.parametrize("stage", ["create", "call"])
def test_one_that_hangs_is_found_out(
    library: Path, models: ModelSet, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosted_module, "LOAD_S", 1.0)
    verdict = tried(installed(library, models, **{stage: "hang"}), models)
    assert verdict.failure is Failure.HUNG
    assert "libstandin.so did not answer within 1 s" in verdict.why


def test_one_that_has_no_device_may_get_one(library: Path, models: ModelSet) -> None:
    verdict = tried(installed(library, models, create="refuse"), models)
    assert verdict.failure is Failure.REFUSED
    assert not verdict.lasts


def test_one_whose_calls_fail_runs_no_model(library: Path, models: ModelSet) -> None:
    verdict = tried(installed(library, models, call="fail"), models)
    assert verdict.failure is None
    assert verdict.models[MODEL].outcome == "cannot run"
    assert "failed to invoke" in str(verdict.models[MODEL])


def test_a_text_file_is_tried_once(tmp_path: Path, models: ModelSet) -> None:
    (tmp_path / "lib.so").write_text("no library")
    runtimes: list[str] = []
    verdict = tried(installed(tmp_path / "lib.so", models), models, runtimes)
    assert verdict.failure is Failure.UNUSABLE
    assert len(runtimes) == 1


def test_a_library_without_the_functions_of_a_delegate_is_none(tmp_path: Path, models: ModelSet) -> None:
    (tmp_path / "other.c").write_text("int something_else(void) { return 0; }")
    other = compiled(tmp_path / "other.c", tmp_path / "libother.so")
    assert tried(installed(other, models), models).failure is Failure.UNUSABLE


def test_a_model_for_another_runtime_stays_on_the_cpu(library: Path, tmp_path: Path) -> None:
    """As one is that was compiled for an Edge TPU, where the library does not know its operator."""
    models = model_set(tmp_path / "two", MODEL, "voice_emotion")
    installation = installed(library, models)
    with_custom_operator(models.folder / models.entry(MODEL).file, tmp_path / "compiled.tflite")
    shutil.copy(models.folder / models.entry("voice_emotion").file, tmp_path / "voice.tflite")
    files = {MODEL: tmp_path / "compiled.tflite", "voice_emotion": tmp_path / "voice.tflite"}
    other = Installation(installation.kind, library, {}, files, "key")
    verdict = tried(other, SlowSet(models.folder))
    assert verdict.models[MODEL].outcome == "cannot run"
    assert "unresolved custom op" in verdict.models[MODEL].why
    assert verdict.used == ("voice_emotion",)


def test_a_library_that_fits_only_one_runtime_runs_with_it(models: ModelSet, tmp_path: Path) -> None:
    """Libedgetpu is one: with the other runtimes it crashes."""
    if len(available_runtimes()) < 2:
        pytest.skip("there is one runtime only")
    picky = build(tmp_path, "libpicky.so", create="crash", **{"while": "/proc/self/comm"})
    runtimes: list[str] = []
    installation = installed(picky, models)

    def open_host(runtime: str) -> Host:
        runtimes.append(runtime)
        options = {"create": "" if len(runtimes) == 2 else "crash"}
        return Host(runtime, picky, options)

    verdict = probe(installation, SlowSet(models.folder), open_host)
    assert verdict.used == (MODEL,)
    assert verdict.runtime == runtimes[1]


def test_without_a_runtime_nothing_carries_it(library: Path, models: ModelSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_module, "available_runtimes", list)
    verdict = tried(installed(library, models), models)
    assert verdict.used == ()
    assert "no runtime" in verdict.describe("libstandin.so")


def test_timing_takes_the_median() -> None:
    class Counting:
        inputs = ()

        def run_stored(self, inputs: object) -> list[npt.NDArray[Any]]:
            time.sleep(0.01)
            return [np.zeros(1)]

    assert probe_module.milliseconds(Counting()) >= 10  # type: ignore[arg-type]
