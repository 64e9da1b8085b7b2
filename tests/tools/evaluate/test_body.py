"""The body model is measured on motion of the shared form, of any length, rate and labels."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.body.motion import JOINTS
from tests.senses.test_body_motion import STANDING, moving
from tools.data.bodies import BodyClip, motions, read, save
from tools.evaluate import body as evaluate_body
from tools.evaluate.logistic import Logistic
from tools.evaluate.scoring import Answers
from tools.models.check_int8 import check

SHIPPED = ModelSet(default_folder())


def same(items: Iterable[int]) -> Iterable[int]:
    return items


def clip(emotion: str, seconds: float, *, fps: float = 30.0, reach: float = 0.2) -> BodyClip:
    times = np.arange(0, seconds, 1 / fps)
    return BodyClip(moving(times, 1.0, reach), fps, "made up", "wave", "", f"{emotion} {seconds}", emotion)


def evaluate(path: Path, model: str | None = None) -> tuple[Answers, dict[str, object]]:
    return evaluate_body.evaluate(path, SHIPPED, model=model, progress=same)


def test_clips_of_all_lengths_are_answered_and_strange_labels_are_left_out(tmp_path: Path) -> None:
    labels = ["angry", "Sadness", "neutral", "Happy", "proud", ""]
    save(
        tmp_path / "x.npz",
        [clip(label, seconds) for label, seconds in zip(labels, (0.1, 0.7, 2, 9, 2, 2), strict=True)],
    )
    answers, report = evaluate(tmp_path / "x.npz")
    assert answers.names == ["angry", "happy", "sad", "neutral"]
    assert answers.truth.tolist() == [0, 2, 3, 1]
    assert np.allclose(answers.probabilities.sum(1), 1, atol=1e-5)
    assert (report["model"], report["left_out"], report["unlabelled"]) == ("body_motion", 2, 1)
    assert report["qualities"] is True


def test_a_model_that_is_named_answers_alone(tmp_path: Path) -> None:
    save(tmp_path / "x.npz", [clip("angry", 3), clip("sad", 3, reach=0.05)])
    mixed, _ = evaluate(tmp_path / "x.npz")
    alone, report = evaluate(tmp_path / "x.npz", "body_motion")
    assert report["qualities"] is False
    assert not np.allclose(mixed.probabilities, alone.probabilities, atol=0.02)


def test_another_rate_and_order_of_joints_give_the_same_answers(tmp_path: Path) -> None:
    save(tmp_path / "a.npz", [clip("angry", 4)])
    save(tmp_path / "b.npz", [clip("angry", 4, fps=60)])
    with np.load(tmp_path / "a.npz") as file:
        data = {key: file[key] for key in file.files}
    turned = [*reversed(range(len(JOINTS)))]
    np.savez(
        tmp_path / "c.npz",
        **{**data, "pos": data["pos"][:, turned].astype(np.float16), "joints": data["joints"][turned]},
    )
    one, faster, other = (evaluate(tmp_path / f"{name}.npz")[0].probabilities for name in "abc")
    assert np.allclose(one, faster, atol=0.05)
    assert np.allclose(one, other, atol=0.05)


def test_a_full_skeleton_is_read_as_the_joints_that_are_needed(tmp_path: Path) -> None:
    bones = {"head": ["Head", "HeadTop_v"], "shoulder": ["UpperArm"], "elbow": ["LowerArm"], "wrist": ["Hand"],
             "hip": ["UpperLeg"], "knee": ["LowerLeg"], "ankle": ["Foot"], "toe": ["Toes"]}  # fmt: skip
    names, rows = ["Hips"], [np.zeros(3)]
    for joint, place in zip(JOINTS, STANDING, strict=True):
        side, _, part = joint.rpartition("_")
        for bone in bones[part]:
            names.append(bone + (f"_{side.upper()}" if side else ""))
            rows.append(1000 * place)
    np.savez(
        tmp_path / "x.npz",
        pos_mm=np.tile(np.array(rows), (40, 1, 1)).astype(np.int16), joints=np.array(names), start=[0], length=[40],
        content=["walk"], style=["sad"], emotion=["sad"], clip=["one"], fps=np.float32(30),
    )  # fmt: skip
    [found] = read(tmp_path / "x.npz")
    assert np.allclose(found.joints[0], STANDING, atol=1e-3)
    assert (found.action, found.emotion, found.fps) == ("walk", "sad", 30.0)


def test_the_shipped_network_is_full_integer() -> None:
    assert check(default_folder() / "body_motion.tflite")["CONV_2D"] >= 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text"])
def test_what_is_no_motion_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(SounditError, match=r"x\.npz: not a set of labelled motion"):
        evaluate(tmp_path / "x.npz")


def test_a_file_without_a_known_label_or_joint(tmp_path: Path) -> None:
    save(tmp_path / "x.npz", [clip("proud", 2)])
    with pytest.raises(SounditError, match="no clip is labelled angry"):
        evaluate(tmp_path / "x.npz")
    with np.load(tmp_path / "x.npz") as file:
        data = {key: file[key] for key in file.files}
    np.savez(tmp_path / "y.npz", **{**data, "joints": np.array(["tail", *data["joints"][1:]])})
    with pytest.raises(SounditError, match=r"y\.npz: not a set of labelled motion"):
        evaluate(tmp_path / "y.npz")


def test_an_unknown_model(tmp_path: Path) -> None:
    save(tmp_path / "x.npz", [clip("sad", 2)])
    with pytest.raises(ModelSetError, match="nobody"):
        evaluate(tmp_path / "x.npz", "nobody")


def test_the_windows_of_a_clip_are_what_a_camera_would_see(tmp_path: Path) -> None:
    assert len(list(motions(clip("sad", 6)))) == 8
    short = list(motions(clip("sad", 1)))
    assert len(short) == 1
    assert short[0].coverage == pytest.approx(0.45, abs=0.05)


@pytest.mark.data
def test_the_shared_sets_can_be_read(shared_data: Path) -> None:
    unified = read(shared_data / "body/body_emotion_unified.npz")
    skeleton = read(shared_data / "body/bandai1.npz")
    assert len(unified) == 656
    assert len(skeleton) == 129
    same_clip = next(c for c in unified if c.name == skeleton[8].name)
    scale = 0.5 / 0.405
    lifted = scale * skeleton[8].joints[:, 0, 1] - same_clip.joints[:, 0, 1]
    assert np.ptp(lifted) < 0.02


def test_the_baseline_learns_what_can_be_told_apart() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 300)
    x = np.stack([y + rng.normal(0, 0.2, 300), rng.normal(0, 1, 300), np.full(300, 7.0)], 1)
    said = Logistic(x[:200], y[:200], 3)(x[200:])
    assert np.allclose(said.sum(1), 1, atol=1e-5)
    assert (said.argmax(1) == y[200:]).mean() > 0.9
