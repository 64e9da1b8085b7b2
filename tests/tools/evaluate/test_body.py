"""The body model is measured on motion of the shared form, of any length, rate and labels."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.body.motion import JOINTS
from tests.tools.data.test_bodies import clip
from tools.data.bodies import save
from tools.evaluate import body as evaluate_body
from tools.evaluate.scoring import Answers

SHIPPED = ModelSet(default_folder())


def same(items: Iterable[int]) -> Iterable[int]:
    return items


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
