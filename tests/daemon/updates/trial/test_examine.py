"""What a set on trial is examined for, each fault in a set that a test makes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.daemon.updates.trial import examine as module
from soundit_edge.daemon.updates.trial.examine import SetRefused, check_models, check_senses, examine, memory_of_process
from soundit_edge.daemon.updates.trial.limits import TrialLimits
from soundit_edge.inference.interpreter import InferenceError, Model
from soundit_edge.inference.manifest import Manifest
from soundit_edge.inference.models import ModelSet, default_folder
from tests.update.made_sets import MODEL, MadeSet, make_set, whole_set, with_model

SHIPPED = ModelSet(default_folder())
LIMITS = TrialLimits()


def opened(made: MadeSet, folder: Path) -> ModelSet:
    return ModelSet(made.write(folder))


def with_budget(made: MadeSet, latency_ms: float) -> MadeSet:
    manifest = Manifest.model_validate_json(made.manifest)
    entry = manifest.models[MODEL].model_copy(update={"latency_ms": latency_ms})
    return MadeSet(made.release, manifest.model_copy(update={"models": {MODEL: entry}}).text().encode(), made.files)


def ticks(*durations_ms: float) -> Iterator[float]:
    """A clock of the processor by which calls take these milliseconds in turn, again and again."""
    now = 0.0
    for duration in itertools.cycle(durations_ms):
        yield now
        now += duration / 1000
        yield now


def test_a_healthy_set_passes(tmp_path: Path) -> None:
    check_models(opened(make_set(1), tmp_path), SHIPPED, LIMITS)


def test_a_wrong_golden_answer(tmp_path: Path) -> None:
    made = make_set(1)
    manifest = Manifest.model_validate_json(made.manifest)
    other = with_model(made, MODEL, "voice_emotion")
    entry = Manifest.model_validate_json(other.manifest).models[MODEL]
    # The model of one, the golden answer of the other.
    wrong = manifest.models[MODEL].model_copy(update={"golden": entry.golden})
    golden = wrong.golden.file  # type: ignore[union-attr]
    text = manifest.model_copy(update={"models": {MODEL: wrong}}).text().encode()
    found = examine(
        MadeSet(1, text, {**made.files, golden: other.files[golden]}).write(tmp_path), None, SHIPPED.folder, LIMITS
    )
    assert "golden answer" in found or "steps off" in found


def test_a_model_that_is_too_slow(tmp_path: Path) -> None:
    tried = opened(with_budget(make_set(1), 20.0), tmp_path)
    clock = ticks(25.0, 5.0)
    with pytest.raises(SetRefused, match=r"body_motion takes 25.0 ms a call \(allowed here: 20.0 ms\)"):
        check_models(tried, SHIPPED, LIMITS, cpu_s=lambda: next(clock))


def test_a_hot_box_fails_no_healthy_set(tmp_path: Path) -> None:
    """The set in use takes twice its own budget here: so may the one on trial."""
    (tmp_path / "in_use").mkdir()
    running = opened(with_budget(make_set(1), 10.0), tmp_path / "in_use")
    tried = opened(with_budget(make_set(2), 20.0), tmp_path)
    clock = ticks(39.0, 20.0)
    check_models(tried, running, LIMITS, cpu_s=lambda: next(clock))
    slower = ticks(41.0, 20.0)
    with pytest.raises(SetRefused, match=r"allowed here: 40\.0 ms"):
        check_models(tried, running, LIMITS, cpu_s=lambda: next(slower))


def test_a_model_that_has_no_budget_has_that_of_all(tmp_path: Path) -> None:
    clock = ticks(LIMITS.latency_ms + 1, 5.0)
    with pytest.raises(SetRefused, match=r"allowed here: 100\.0 ms"):
        check_models(opened(make_set(1), tmp_path), SHIPPED, LIMITS, cpu_s=lambda: next(clock))


def test_a_set_that_takes_too_much_memory(tmp_path: Path) -> None:
    sizes = iter([100 << 20, 300 << 20])
    with pytest.raises(SetRefused, match=r"it takes 200 MB of memory \(allowed: 96 MB\)"):
        check_models(opened(make_set(1), tmp_path), SHIPPED, LIMITS, memory=lambda: next(sizes))
    assert memory_of_process() > 1 << 20


def test_a_model_that_gives_numbers_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(self: Model, *inputs: object) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
        return [np.full(spec.shape, np.nan, np.float32) for spec in self.outputs]

    monkeypatch.setattr(Model, "run", run)
    with pytest.raises(SetRefused, match="body_motion gives numbers that are none"):
        check_models(opened(make_set(1), tmp_path), SHIPPED, LIMITS)


def test_a_set_in_use_that_is_gone_fails_no_healthy_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "check_senses", lambda tried: None)
    made = make_set(1)
    assert examine(made.write(tmp_path), made.set_id, tmp_path / "gone", LIMITS) == ""


def test_a_set_in_use_that_is_damaged_fails_no_healthy_set(tmp_path: Path) -> None:
    in_use = tmp_path / "in_use"
    in_use.mkdir()
    running = opened(make_set(1), in_use)
    (running.folder / f"{MODEL}.tflite").write_bytes(b"")
    check_models(opened(make_set(2), tmp_path), running, LIMITS)


def test_a_set_without_a_model_that_the_senses_need(tmp_path: Path) -> None:
    with pytest.raises(InferenceError, match="has no model 'face_expression'"):
        check_senses(opened(make_set(1), tmp_path))


def test_shapes_that_a_sense_cannot_use(tmp_path: Path) -> None:
    """Right by its own manifest, and of no use to a face: that is seen when it is to read one."""
    tried = opened(with_model(whole_set(1), "face_expression", "voice_emotion"), tmp_path)
    with pytest.raises(SetRefused, match=r"Face: the sense fails with it .*dimension mismatch"):
        check_senses(tried)


def test_a_sense_that_fails_while_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        name = "face"
        period = 0.1

        def read(self, frame: object) -> None:
            raise IndexError("index 8 is out of bounds")

    class Builder:
        def __init__(self, models: ModelSet) -> None:
            pass

        def build(self, names: object) -> object:
            return type("Senses", (), {"visual": (Failing(),), "auditory": ()})

    monkeypatch.setattr(module, "SenseBuilder", Builder)
    with pytest.raises(SetRefused, match=r"Face: the sense fails with it \(IndexError: index 8"):
        check_senses(opened(make_set(1), tmp_path))


def test_a_set_that_is_not_whole(tmp_path: Path) -> None:
    made = make_set(1)
    folder = made.write(tmp_path)
    (folder / f"{MODEL}.md").write_text("another card")
    assert f"{MODEL}.md: has 12 bytes in place of" in examine(folder, made.set_id, SHIPPED.folder, LIMITS)
