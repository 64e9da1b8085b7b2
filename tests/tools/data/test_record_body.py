"""Own gestures: recorded from a source, trained, installed, and read by the body sense from then on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.capture.capture import CaptureError, Frame
from soundit_edge.emotion import Emotion
from soundit_edge.errors import SounditError
from soundit_edge.inference.local import installed, local_set
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.body.motion import FRAMES, JOINTS
from soundit_edge.senses.body.sense import BodySense
from tests.fakes.capture import ScriptedCapture
from tests.fakes.person import person, waving
from tools.data import record_body
from tools.data.bodies import read

TRAINING = Path(os.environ.get("SOUNDIT_TRAIN_PYTHON", record_body.ROOT / ".venv-train/bin/python"))


def source(seconds: float, *, still: bool = False) -> ScriptedCapture:
    return ScriptedCapture(list(waving(seconds, still=still)))


def test_takes_are_thirty_frames_of_joints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "takes.npz"
    assert record_body.record(source(10.5), "wave=happy", 2, 2.0, path) == 2
    clips = read(path)
    assert [clip.emotion for clip in clips] == ["wave=happy"] * 2
    for clip in clips:
        assert clip.joints.shape == (FRAMES, len(JOINTS), 3)
        # The waving left wrist goes up and down by more than the other, which hangs.
        assert np.ptp(clip.joints[:, 5, 1]) > 3 * np.ptp(clip.joints[:, 6, 1])
    shown = capsys.readouterr().err
    assert "take 1 of 2: 2" in shown
    assert "take 2 of 2: move" in shown


def test_more_takes_are_added_and_a_label_can_be_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "takes.npz"
    record_body.record(source(4.5), "wave=happy", 1, 1.0, path)
    record_body.record(source(4.5, still=True), "neutral", 1, 1.0, path)
    assert record_body.show(path) == {"wave=happy": 1, "neutral": 1}
    record_body.forget(path, "wave=happy")
    assert record_body.show(path) == {"neutral": 1}
    with pytest.raises(SounditError, match="no takes of 'wave'"):
        record_body.forget(path, "wave")
    record_body.forget(path, "neutral")
    assert not path.exists()


def test_a_take_in_which_nobody_is_seen_is_done_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = [Frame(i / 10, np.full_like(person(), 128)) for i in range(35)]
    then = [Frame(f.t + 3.5, f.rgb) for f in waving(5)]
    path = tmp_path / "takes.npz"
    record_body.record(ScriptedCapture([*empty, *then]), "wave", 1, 1.0, path)
    assert "once more" in capsys.readouterr().err
    assert record_body.show(path) == {"wave": 1}


def test_a_source_that_ends_too_early_keeps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "takes.npz"
    with pytest.raises(SounditError, match="after 1 of 3 takes"):
        record_body.record(source(4), "wave", 3, 1.0, path)
    assert not path.exists()


@pytest.mark.parametrize("label", ["", "a b", "wave=glad", "arousal"])
def test_labels_that_cannot_be_used_are_refused_before_the_camera_opens(tmp_path: Path, label: str) -> None:
    capture = source(1)
    with pytest.raises(SounditError):
        record_body.record(capture, label, 1, 1.0, tmp_path / "takes.npz")
    assert capture.opened == 0


def command(*arguments: str, expect: int = 2) -> None:
    assert record_body.main(list(arguments)) == expect


def test_the_command_says_in_one_line_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def line() -> str:
        said = capsys.readouterr().err
        assert said.count("\n") == 1, said
        return said

    takes = tmp_path / "takes.npz"
    command("--file", str(takes), "train")
    assert "record some first" in line()
    takes.write_bytes(b"x")
    command("--file", str(takes), "show")
    assert "not a set of labelled motion" in line()
    monkeypatch.setenv("SOUNDIT_TRAIN_PYTHON", str(tmp_path / "python"))
    command("--file", str(takes), "train")
    assert "scripts/setup_train.sh" in line()
    command("--file", str(takes), "record", "wave", "--clip", str(tmp_path / "none.mp4"))
    assert "no such file" in line()


def test_a_camera_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="unplugged"):
        record_body.record(ScriptedCapture(CaptureError("unplugged")), "wave", 1, 1.0, tmp_path / "takes.npz")


@pytest.mark.skipif(not TRAINING.is_file(), reason="no training environment: sh scripts/setup_train.sh")
def test_own_gestures_from_the_camera_to_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    takes = tmp_path / "takes.npz"
    record_body.record(source(18), "wave=happy", 5, 1.0, takes)
    record_body.record(source(18, still=True), "stand=sad", 5, 1.0, takes)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    command("--file", str(takes), "train", "--steps", "80", expect=0)
    assert installed()["body_own"].labels == ["stand=sad", "wave=happy"]

    def last(frames: Callable[[], list[Frame]]) -> tuple[object, float, float]:
        sense = BodySense(ModelSet(default_folder()), local_set())
        reading = [r for frame in frames() if (r := sense.read(frame)) is not None][-1]
        share = dict(zip(Emotion, reading.probabilities, strict=True))
        return reading.detail["own"], share[Emotion.HAPPY], share[Emotion.SAD]

    own, happy, sad = last(lambda: list(waving(4, hertz=0.9)))
    assert own == "wave"
    assert happy > sad
    own, happy, sad = last(lambda: list(waving(4, still=True)))
    assert own == "stand"
    assert sad > happy
