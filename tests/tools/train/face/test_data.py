"""What the expression network learns from: nothing that it is measured on, and distortions that stay inputs."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from soundit_edge.errors import SounditError
from soundit_edge.senses.face.expression import FERPLUS, SIDE
from tools.train.face import data as face_data


def write_faces(path: Path, columns: tuple[str, ...] = (*FERPLUS, "unknown", "NF")) -> None:
    """Six pictures: three to learn from, of which the first is also the test's, one of them no face; three to test."""
    pictures = [np.full((SIDE, SIDE), value, np.uint8) for value in (10, 20, 30, 10, 50, 60)]
    encoded = [cv2.imencode(".png", picture)[1].ravel() for picture in pictures]
    votes = np.zeros((6, 10), np.uint8)
    votes[:, 1] = 10
    votes[1] = [7, 2, 1, 0, 0, 0, 0, 0, 0, 0]
    votes[2] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 9]
    np.savez(
        path,
        png=np.concatenate(encoded),
        offset=np.cumsum([0, *(len(e) for e in encoded)]),
        split=np.array(["train"] * 3 + ["public_test"] * 3),
        ferplus=votes,
        ferplus_columns=np.array(columns),
        ferplus_ok=np.array([True, True, True, True, True, False]),
        labels=np.zeros(6, np.uint8),
    )


def test_twins_of_test_pictures_and_rows_without_a_face_are_not_learnt(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz")
    learn, test = face_data.load(tmp_path / "f.npz")
    assert [int(p[0, 0]) for p in learn.pictures] == [20]
    assert [int(p[0, 0]) for p in test.pictures] == [10, 50, 60]


def test_the_plain_labels_are_learnt_whatever_the_votes_say(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz")
    learn, _ = face_data.load(tmp_path / "f.npz", voted=False)
    assert [int(p[0, 0]) for p in learn.pictures] == [20, 30]


def test_single_votes_are_dropped(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz")
    learn, _ = face_data.load(tmp_path / "f.npz")
    assert learn.votes[0].tolist() == pytest.approx([7 / 9, 2 / 9, 0, 0, 0, 0, 0, 0])
    assert learn.majority.tolist() == [0]


def test_rows_that_are_not_matched_have_no_majority(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz")
    _, test = face_data.load(tmp_path / "f.npz")
    assert test.majority.tolist() == [1, 1, -1]


def test_votes_in_another_order_are_refused(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz", (*reversed(FERPLUS), "unknown", "NF"))
    with pytest.raises(SounditError, match="unexpected order"):
        face_data.load(tmp_path / "f.npz")


def test_sets_are_joined_row_by_row(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz")
    learn, test = face_data.load(tmp_path / "f.npz")
    both = face_data.joined(learn, test)
    assert len(both) == len(learn) + len(test)
    assert both.votes.shape == (len(both), len(FERPLUS))
    assert both.fer.tolist() == [*learn.fer, *test.fer]


def test_rare_classes_are_drawn_more_often_and_absent_ones_not_at_all() -> None:
    votes = np.eye(3, dtype=np.float32)[[0, 0, 0, 1]]  # nobody votes for the third
    assert face_data.chances_of(votes, 0.0) == pytest.approx([0.25] * 4)
    assert face_data.chances_of(votes, 1.0) == pytest.approx([1 / 6] * 3 + [1 / 2])
