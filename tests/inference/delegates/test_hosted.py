"""The process of an accelerator, with real runtimes: what it answers, and every way in which it can fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.inference.delegates import hosted as hosted_module
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.delegates.hosted import Host, HostedModel
from soundit_edge.inference.golden import golden_input
from soundit_edge.inference.interpreter import available_runtimes
from soundit_edge.inference.models import ModelSet, default_folder
from tests.inference.delegates.stand_in import MODEL, compiled, model_set
from tests.waiting import HANG_S, wait_until

RUNTIMES = available_runtimes()


@contextmanager
def running(library: Path, runtime: str = RUNTIMES[0], **options: str) -> Iterator[Host]:
    host = Host(runtime, library, options)
    try:
        host.wait_until_ready()
        yield host
    finally:
        host.close()


def loaded(host: Host, models: ModelSet, name: str = MODEL) -> HostedModel:
    return host.load(name, models.folder / models.entry(name).file, models.load(name))


def refused(host: Host, models: ModelSet) -> DelegateError:
    with pytest.raises(DelegateError) as caught:
        loaded(host, models).run_stored([golden_input(models.load(MODEL).inputs[0].shape)])
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("name", ["face_expression", "body_motion", "lips_grid", "voice_emotion"])
def test_each_of_our_models_is_answered_as_on_the_cpu(library: Path, name: str, runtime: str) -> None:
    models = ModelSet(default_folder())
    cpu = models.load(name, runtime=runtime)
    real = [np.random.default_rng(1).normal(0, 0.5, spec.shape).astype(np.float32) for spec in cpu.inputs]
    with running(library, runtime) as host:
        model = loaded(host, models, name)
        models.check_golden(name, model)
        for mine, its in zip(model.run(*real), cpu.run(*real), strict=True):
            assert np.abs(mine - its).max() <= cpu.outputs[0].scale


def test_the_stand_in_really_takes_part(library: Path, models: ModelSet) -> None:
    """Otherwise the test above would show nothing."""
    with running(library, call="wrong") as host, pytest.raises(Exception, match="steps off"):
        models.check_golden(MODEL, loaded(host, models))


def test_several_models_share_a_process(library: Path, tmp_path: Path) -> None:
    models = model_set(tmp_path / "two", MODEL, "voice_emotion")
    with running(library) as host:
        one, other = loaded(host, models), loaded(host, models, "voice_emotion")
        for _ in range(2):
            assert models.check_golden(MODEL, one) == 0
            models.check_golden("voice_emotion", other)


def test_an_input_of_another_shape_is_refused_as_on_the_cpu(library: Path, models: ModelSet) -> None:
    with running(library) as host:
        model = loaded(host, models)
        with pytest.raises(ValueError, match="dimension mismatch"):
            model.run(np.zeros((1, 2), np.float32))
        assert models.check_golden(MODEL, model) == 0


def test_a_text_file_is_no_library(tmp_path: Path, models: ModelSet) -> None:
    (tmp_path / "lib.so").write_text("no library")
    with running(tmp_path / "lib.so") as host:
        error = refused(host, models)
    assert error.failure is Failure.UNUSABLE
    assert "no library for this computer" in str(error)


def test_a_library_that_lacks_the_functions_of_a_delegate(tmp_path: Path, models: ModelSet) -> None:
    (tmp_path / "other.c").write_text("int something_else(void) { return 0; }")
    library = compiled(tmp_path / "other.c", tmp_path / "libother.so")
    with running(library) as host:
        error = refused(host, models)
    assert error.failure is Failure.UNUSABLE
    assert "no TFLite delegate" in str(error)


def test_a_delegate_without_a_device_says_so(library: Path, models: ModelSet) -> None:
    with running(library, create="refuse") as host:
        error = refused(host, models)
    assert error.failure is Failure.REFUSED
    assert "no device is plugged in" in str(error)


@pytest.mark.parametrize("stage", ["create", "call"])
def test_a_crash_takes_only_its_own_process(library: Path, models: ModelSet, stage: str) -> None:
    with running(library, **{stage: "crash"}) as host:
        error = refused(host, models)
    assert error.failure is Failure.CRASHED
    assert "libstandin.so crashed (SIGSEGV)" in str(error)


def test_one_that_hangs_when_it_is_made_is_not_waited_for(
    library: Path, models: ModelSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosted_module, "LOAD_S", 1.0)
    with running(library, create="hang") as host:
        assert refused(host, models).failure is Failure.HUNG


def test_one_that_hangs_in_a_call_is_not_waited_for(library: Path, models: ModelSet) -> None:
    with running(library, call="hang") as host:
        model = loaded(host, models)
        model.call_s = 0.2
        with pytest.raises(DelegateError) as caught:
            model.run_stored([golden_input(model.inputs[0].shape)])
        assert caught.value.failure is Failure.HUNG
        with pytest.raises(DelegateError, match="crashed"):  # a late answer would be taken for another's
            model.run_stored([golden_input(model.inputs[0].shape)])


def test_a_call_that_fails_is_reported_and_the_process_goes_on(library: Path, models: ModelSet, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with running(library, call="fail", **{"while": str(gone)}) as host:
        model = loaded(host, models)
        gone.touch()
        with pytest.raises(DelegateError, match="failed to invoke") as caught:
            model.run_stored([golden_input(model.inputs[0].shape)])
        assert caught.value.failure is Failure.FAILED
        gone.unlink()
        assert models.check_golden(MODEL, model) == 0


def test_rubbish_in_the_place_of_a_model(library: Path, models: ModelSet, tmp_path: Path) -> None:
    (tmp_path / "rubbish.tflite").write_bytes(b"rubbish" * 100)
    with running(library) as host:
        with pytest.raises(DelegateError, match="not a usable TFLite model") as caught:
            host.load(MODEL, tmp_path / "rubbish.tflite", models.load(MODEL))
        assert caught.value.failure is Failure.FAILED


def test_another_model_in_the_place_of_one(library: Path, models: ModelSet) -> None:
    other = default_folder() / "voice_emotion.tflite"
    with running(library) as host:
        with pytest.raises(DelegateError, match="not the model of this set") as caught:
            host.load(MODEL, other, models.load(MODEL))
        assert caught.value.failure is Failure.WRONG


def test_a_process_that_was_killed_is_a_failure(library: Path, models: ModelSet) -> None:
    with running(library) as host:
        model = loaded(host, models)
        assert host.pid is not None
        os.kill(host.pid, signal.SIGKILL)
        with pytest.raises(DelegateError, match="SIGKILL"):
            model.run_stored([golden_input(model.inputs[0].shape)])


PARENT = """
import sys, time
from pathlib import Path
from soundit_edge.inference.delegates.hosted import Host

if __name__ == "__main__":
    host = Host(sys.argv[3], Path(sys.argv[1]), {"create": "hang"})
    host.wait_until_ready()
    print(host.pid, flush=True)
    host.load("body_motion", Path(sys.argv[2]), None)
"""


def test_one_that_hangs_does_not_outlive_a_parent_that_is_killed(
    library: Path, models: ModelSet, tmp_path: Path
) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    model = models.folder / models.entry(MODEL).file
    command = [sys.executable, str(tmp_path / "parent.py"), str(library), str(model), RUNTIMES[0]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        pid = int(parent.stdout.readline())
        wait_until(lambda: "libstandin" in maps(pid), "the library is not loaded")
        parent.kill()
        parent.wait(HANG_S)
        wait_until(lambda: maps(pid) == "", "it outlives its parent")
        assert parent.stderr.read() == ""  # the terminal
    assert "stand-in: here" in (tmp_path / "soundit.log").read_text()


def maps(pid: int) -> str:
    """Return what a process has in its memory; "" for one that has ended."""
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return ""
