"""The life of an accelerator: tried, used, lost, back; whatever happens, every call is answered."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.inference.delegates import accelerator as accelerator_module
from soundit_edge.inference.delegates import hosted as hosted_module
from soundit_edge.inference.delegates import verdict as verdicts
from soundit_edge.inference.delegates.accelerator import Accelerator, find_accelerator
from soundit_edge.inference.delegates.edgetpu import LIBRARIES
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.delegates.hosted import HostedModel
from soundit_edge.inference.delegates.installation import find_installation
from soundit_edge.inference.delegates.verdict import Verdict
from soundit_edge.inference.golden import golden_input
from soundit_edge.inference.interpreter import LoadedModel
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.settings import InferenceSettings
from tests.inference.delegates.compiled import compile_for_edgetpu
from tests.inference.delegates.stand_in import MODEL, build, chosen, installed, known_to_work, model_set
from tests.waiting import HANG_S, wait_until

SOON_S = 0.01


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """No machine is so slow that it seems to hang."""
    monkeypatch.setattr(hosted_module, "LOAD_S", HANG_S)
    monkeypatch.setattr(accelerator_module, "CALL_S", HANG_S)
    caplog.set_level(logging.INFO)


@contextmanager
def at_work(accelerator: Accelerator) -> Iterator[list[bool]]:
    """The accelerator in its thread; gives when it was used and when not. It ends soon after `stop`."""
    uses: list[bool] = []
    thread = threading.Thread(target=lambda: accelerator.work(uses.append), daemon=True)
    thread.start()
    try:
        yield uses
    finally:
        accelerator.stop()
        thread.join(HANG_S)
        assert not thread.is_alive()
        assert uses[-1] is False


def reached(accelerator: Accelerator, state: str) -> str:
    """Wait for a state, and return the note for the user."""
    wait_until(lambda: accelerator.state().state == state, f"it is never {state}")
    return accelerator.state().note


def steps_off(models: ModelSet, model: LoadedModel) -> int:
    return models.check_golden(MODEL, model)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.startswith("soundit_edge.inference")]


def ready(library: Path, models: ModelSet, **options: str) -> tuple[Accelerator, LoadedModel]:
    """Return an accelerator that is known to work, and a model for it."""
    installation = installed(library, models, **options)
    known_to_work(installation)
    accelerator = Accelerator(installation, models, retry_s=SOON_S)
    return accelerator, accelerator.models.load(MODEL)


def test_a_model_runs_on_it_once_it_is_ready(library: Path, models: ModelSet, tmp_path: Path) -> None:
    """Which is seen by answers that only it can give."""
    wrong = tmp_path / "wrong"
    accelerator, model = ready(library, models, call="wrong", **{"while": str(wrong)})
    assert steps_off(models, model) == 0
    assert accelerator.state().state == "trying"
    with at_work(accelerator) as uses:
        assert reached(accelerator, "used") == "libstandin.so runs body_motion"
        assert uses == [True]
        assert steps_off(models, model) == 0
        wrong.touch()
        with pytest.raises(ModelSetError, match="steps off"):
            steps_off(models, model)
    assert steps_off(models, model) == 0, "after the end the CPU answers"


def test_real_inputs_are_answered_as_on_the_cpu(library: Path, models: ModelSet) -> None:
    accelerator, model = ready(library, models)
    cpu = models.load(MODEL)
    x = np.random.default_rng(3).normal(0, 0.5, cpu.inputs[0].shape).astype(np.float32)
    with at_work(accelerator):
        reached(accelerator, "used")
        assert np.abs(model.run(x)[0] - cpu.run(x)[0]).max() <= cpu.outputs[0].scale
        with pytest.raises(ValueError, match="dimension mismatch"):
            model.run(x[..., :5])
        assert accelerator.state().state == "used"
    assert (model.inputs, model.outputs) == (cpu.inputs, cpu.outputs)


@pytest.mark.parametrize(
    ("fault", "said"), [("crash", "crashed (SIGSEGV)"), ("fail", "failed to invoke"), ("hang", "did not answer")]
)
def test_the_call_that_loses_it_is_answered_by_the_cpu_and_it_comes_back(
    library: Path,
    models: ModelSet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    said: str,
) -> None:
    if fault == "hang":
        monkeypatch.setattr(accelerator_module, "CALL_S", 0.5)
    gone = tmp_path / "gone"
    accelerator, model = ready(library, models, call=fault, **{"while": str(gone)})
    with at_work(accelerator) as uses:
        reached(accelerator, "used")
        gone.touch()
        assert steps_off(models, model) == 0
        note = reached(accelerator, "lost")
        assert said in note
        assert note.endswith(": the CPU is used until it is back")
        wait_until(lambda: uses[:2] == [True, False])
        assert steps_off(models, model) == 0
        monkeypatch.setattr(accelerator_module, "CALL_S", HANG_S)
        gone.unlink()
        reached(accelerator, "used")
        assert steps_off(models, model) == 0
    assert lines(caplog) == [
        "accelerator: libstandin.so runs body_motion",
        f"accelerator: {note}",
        "accelerator: libstandin.so is back and runs body_motion",
    ]


def test_an_accelerator_whose_process_is_killed_comes_back(library: Path, models: ModelSet) -> None:
    accelerator, model = ready(library, models)
    with at_work(accelerator):
        reached(accelerator, "used")
        carried = accelerator.carried(MODEL)
        assert carried is not None
        pid = carried._host.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert steps_off(models, model) == 0
        wait_until(lambda: (now := accelerator.carried(MODEL)) is not None and now is not carried)
        assert steps_off(models, model) == 0


def test_one_that_comes_back_with_wrong_answers_is_not_used(
    library: Path, models: ModelSet, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = tmp_path / "wrong"
    wrong.touch()
    accelerator, model = ready(library, models, call="wrong", **{"while": str(wrong)})
    with at_work(accelerator):
        assert "steps off" in reached(accelerator, "lost")
        assert steps_off(models, model) == 0
        wrong.unlink()
        reached(accelerator, "used")
    assert len(lines(caplog)) == 2


def test_a_device_that_is_plugged_in_later_is_found(library: Path, models: ModelSet, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.touch()
    installation = installed(library, models, create="refuse", **{"while": str(gone)})
    accelerator = Accelerator(installation, models, retry_s=SOON_S)
    accelerator.models.load(MODEL)
    with at_work(accelerator):
        assert "no device is plugged in" in reached(accelerator, "lost")
        assert verdicts.recall(installation.key) is None
        gone.unlink()
        reached(accelerator, "unused")  # it is slower than the CPU, on which it computes
    assert verdicts.recall(installation.key) is not None


def test_one_that_crashed_when_it_was_tried_is_not_tried_again(
    library: Path, models: ModelSet, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for attempt in range(2):
        accelerator = Accelerator(installed(library, models, create="crash"), models, retry_s=SOON_S)
        model = accelerator.models.load(MODEL)
        with at_work(accelerator) as uses:
            note = reached(accelerator, "unused")
            assert steps_off(models, model) == 0
        assert note == "libstandin.so crashed (SIGSEGV) when it was tried with litert: the CPU is used"
        assert uses == [False]
        assert lines(caplog) == [f"accelerator: {note}"] * (attempt + 1)
        monkeypatch.setattr(accelerator_module, "probe", None)  # to try it again would fail


def test_a_verdict_that_it_works_is_used_without_trying_again(
    library: Path, models: ModelSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accelerator_module, "probe", None)
    accelerator, _ = ready(library, models)
    with at_work(accelerator):
        reached(accelerator, "used")


def test_what_no_sense_has_loaded_is_not_loaded_there(library: Path, tmp_path: Path) -> None:
    models = model_set(tmp_path / "two", MODEL, "voice_emotion")
    installation = installed(library, models)
    known_to_work(installation, MODEL, "voice_emotion")
    accelerator = Accelerator(installation, models)
    accelerator.models.load(MODEL)
    with at_work(accelerator):
        reached(accelerator, "used")
        assert accelerator.carried("voice_emotion") is None


def test_an_end_while_it_is_tried_is_no_verdict(library: Path, models: ModelSet) -> None:
    installation = installed(library, models, create="hang")
    accelerator = Accelerator(installation, models)
    with at_work(accelerator):
        wait_until(lambda: accelerator._host is not None)
    assert verdicts.recall(installation.key) is None


def test_an_end_before_it_was_begun(library: Path, models: ModelSet) -> None:
    accelerator = Accelerator(installed(library, models, create="hang"), models)
    accelerator.stop()
    accelerator.work(lambda used: None)
    assert accelerator.state().state == "trying"


def test_several_callers_lose_it_once(library: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    models = model_set(tmp_path / "two", MODEL, "voice_emotion")
    gone = tmp_path / "gone"
    installation = installed(library, models, call="crash", **{"while": str(gone)})
    known_to_work(installation, MODEL, "voice_emotion")
    accelerator = Accelerator(installation, models, retry_s=HANG_S)
    loaded = {name: accelerator.models.load(name) for name in (MODEL, "voice_emotion")}
    wrong: list[str] = []

    def call(name: str) -> None:
        try:
            for _ in range(20):
                models.check_golden(name, loaded[name])
        except ModelSetError as error:
            wrong.append(str(error))

    with at_work(accelerator):
        reached(accelerator, "used")
        threads = [threading.Thread(target=call, args=(name,)) for name in loaded]
        for thread in threads:
            thread.start()
        gone.touch()
        for thread in threads:
            thread.join(HANG_S)
        for name in loaded:  # at least these calls met the fault
            call(name)
        reached(accelerator, "lost")
    assert wrong == []
    assert len(lines(caplog)) == 2


def test_what_the_scheduler_has_to_grant(library: Path, models: ModelSet) -> None:
    accelerator, _ = ready(library, models)
    assert accelerator.resource == "external"
    assert accelerator.needs(["voice_emotion", MODEL]) == {"external": 1}
    assert accelerator.needs(["voice_emotion"]) == {}


def test_attempts_become_seldom(library: Path, models: ModelSet) -> None:
    accelerator = Accelerator(installed(library, models, create="refuse"), models, retry_s=SOON_S)
    with at_work(accelerator):
        wait_until(lambda: accelerator._retry_s > 4 * SOON_S)


def test_losses_leave_no_process_and_no_file_behind(library: Path, models: ModelSet) -> None:
    accelerator, _ = ready(library, models)
    opened: list[int] = []
    former: HostedModel | None = None
    with at_work(accelerator):
        for _ in range(4):
            wait_until(lambda former=former: accelerator.carried(MODEL) not in (None, former))  # type: ignore[misc]
            former = accelerator.carried(MODEL)
            assert former is not None
            opened.append(len(os.listdir("/proc/self/fd")))
            assert len(multiprocessing.active_children()) == 1
            accelerator.lose(former, DelegateError(Failure.FAILED, "the cable is loose"))
    assert opened == opened[:1] * 4
    assert multiprocessing.active_children() == []


def test_an_edge_tpu_runs_the_models_that_were_compiled_for_it(
    models: ModelSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word in the settings."""
    (tmp_path / "lib").mkdir()
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path / "lib"))
    wrong = tmp_path / "wrong"
    build(tmp_path / "lib", LIBRARIES[0], call="wrong", **{"while": str(wrong)})
    compile_for_edgetpu(tmp_path / "edgetpu", models)
    installation = find_installation(InferenceSettings(), models)
    assert installation is not None
    known_to_work(installation, runtime=installation.kind.runtimes[0])
    accelerator = find_accelerator(InferenceSettings(), models)
    assert accelerator is not None
    model = accelerator.models.load(MODEL)
    with at_work(accelerator):
        assert reached(accelerator, "used") == "libedgetpu.so.1 runs body_motion"
        assert steps_off(models, model) == 0
        wrong.touch()
        with pytest.raises(ModelSetError, match="steps off"):
            steps_off(models, model)
    assert accelerator.needs([MODEL]) == {"edgetpu": 1}


def test_a_loss_that_comes_late_counts_for_nothing(library: Path, models: ModelSet) -> None:
    accelerator, _ = ready(library, models)
    with at_work(accelerator):
        reached(accelerator, "used")
        former = accelerator.carried(MODEL)
        assert former is not None
        accelerator.lose(former, DelegateError(Failure.FAILED, "once"))
        wait_until(lambda: (now := accelerator.carried(MODEL)) is not None and now is not former)
        accelerator.lose(former, DelegateError(Failure.FAILED, "late"))
        assert accelerator.state().state == "used"


def test_nothing_is_found_where_it_is_off(library: Path, models: ModelSet) -> None:
    assert find_accelerator(chosen(library).model_copy(update={"accelerator": "off"}), models) is None


def test_the_cpu_answers_with_the_shapes_that_are_asked_for(library: Path, models: ModelSet) -> None:
    _, model = ready(library, models)
    assert model.run_stored([golden_input(model.inputs[0].shape)])[0].shape == model.outputs[0].shape


def test_a_broken_verdict_is_found_again(library: Path, models: ModelSet) -> None:
    installation = installed(library, models, create="crash")
    path = verdicts.file()
    assert path is not None
    path.parent.mkdir(parents=True)
    path.write_text("{rubbish")
    found = Accelerator(installation, models).verdict()
    assert found.failure is Failure.CRASHED
    assert isinstance(verdicts.recall(installation.key), Verdict)
