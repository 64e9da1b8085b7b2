"""Squares, similarities and the aligned crop."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.senses.blaze import merge_overlapping, overlap
from soundit_edge.senses.face.crops import (
    SIZE,
    TEMPLATE,
    aligned_crop,
    frontality,
    magnification,
    placement,
)
from soundit_edge.senses.face.detector import Detection
from soundit_edge.senses.geometry import Points, Square, similarity

squares = st.builds(
    Square,
    x=st.floats(-500, 2000),
    y=st.floats(-500, 2000),
    side=st.floats(4, 2000),
    angle=st.floats(-math.pi, math.pi),
)
boxes = st.tuples(*[st.floats(0, 100)] * 2, *[st.floats(1, 100)] * 2).map(
    lambda b: np.array([b[0], b[1], b[0] + b[2], b[1] + b[3]], np.float32)
)


@given(squares, st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8))
def test_points_of_a_square_go_to_the_picture_and_back(square: Square, relative: list[tuple[float, float]]) -> None:
    target = np.array([[0, 0], [1, 0], [0, 1]], np.float32)
    back = cv2.getAffineTransform(square.corners(), target)
    there = square.to_picture(np.array(relative, np.float32))
    assert there @ back[:, :2].T + back[:, 2] == pytest.approx(np.array(relative), abs=0.01)


@given(squares)
def test_a_square_is_square_and_in_its_place(square: Square) -> None:
    upper_left, upper_right, lower_left = square.corners().astype(float)
    across, down = upper_right - upper_left, lower_left - upper_left
    assert np.hypot(*across) == pytest.approx(square.side, rel=1e-3, abs=1e-2)
    assert np.hypot(*down) == pytest.approx(square.side, rel=1e-3, abs=1e-2)
    assert abs(across @ down) < 1e-2 * square.side**2
    assert across[0] * down[1] - across[1] * down[0] > 0, "not mirrored"
    assert (upper_right + lower_left) / 2 == pytest.approx([square.x, square.y], rel=1e-3, abs=1e-2)


def test_a_positive_angle_turns_clockwise_as_seen() -> None:
    right = Square(0, 0, 2, math.radians(10)).to_picture(np.array([[1.0, 0.5]]))
    assert right[0, 1] > 0


def test_cutting_gives_the_part_of_the_picture() -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (60, 80, 3)).astype(np.uint8)
    cut = Square(30, 20, 16).cut(rgb, 16, border=cv2.BORDER_CONSTANT)
    assert np.array_equal(cut, rgb[12:28, 22:38])


@pytest.mark.parametrize(("border", "outside"), [(cv2.BORDER_CONSTANT, 0), (cv2.BORDER_REPLICATE, 200)])
def test_what_lies_outside_follows_the_border(border: int, outside: int) -> None:
    cut = Square(0, 0, 20).cut(np.full((50, 50, 3), 200, np.uint8), 20, border=border)
    assert (cut[:9, :9] == outside).all()
    assert (cut[11:, 11:] == 200).all()


@given(
    st.floats(-math.pi, math.pi),
    st.floats(0.05, 20),
    st.tuples(st.floats(-300, 300), st.floats(-300, 300)),
    st.integers(2, 30),
    st.integers(0, 1000),
)
def test_a_known_similarity_is_recovered(
    angle: float, scale: float, shift: tuple[float, float], count: int, seed: int
) -> None:
    source = np.random.default_rng(seed).uniform(-50, 50, (count, 2)).astype(np.float32)
    matrix = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    target = (source @ matrix.T + shift).astype(np.float32)
    found = similarity(source, target)
    assert found[:, :2] == pytest.approx(matrix, rel=1e-3, abs=1e-3 * scale)
    assert found[:, 2] == pytest.approx(np.array(shift), abs=0.05 * max(1, scale))


def test_the_nearest_similarity_is_not_a_mirror_image() -> None:
    points = np.array([[0, 0], [1, 0], [0, 1]], np.float32)
    matrix = similarity(points, points * [-1, 1])
    assert np.linalg.det(matrix[:, :2]) >= 0


def test_points_that_all_lie_together_do_no_harm() -> None:
    assert np.isfinite(similarity(np.zeros((3, 2), np.float32), TEMPLATE)).all()


@given(boxes, boxes)
def test_overlap_is_symmetric_and_between_0_and_1(a: Points, b: Points) -> None:
    assert overlap(a, b) == pytest.approx(overlap(b, a))
    assert 0 <= overlap(a, b) <= 1 + 1e-6
    assert overlap(a, a) == pytest.approx(1)


def detected(eyes_and_mouth: Points, nose: tuple[float, float]) -> Detection:
    """A detection with these features."""
    left, right, mouth = eyes_and_mouth
    points = np.stack([left, right, np.array(nose, np.float32), mouth, left, right])
    return Detection(np.concatenate([points.min(0), points.max(0)]), points, 0.9)


@pytest.mark.parametrize("angle", [0, 30, 90, 180])
@pytest.mark.parametrize("scale", [0.5, 1, 3, 10])
def test_eyes_and_mouth_come_to_lie_as_in_the_training_pictures(angle: float, scale: float) -> None:
    """Three dots anywhere in a picture are found at the template's places in the crop."""
    turn = np.array(cv2.getRotationMatrix2D((24, 24), angle, scale), np.float64)
    turn[:, 2] += (400, 400)
    places = (TEMPLATE @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
    rgb = np.zeros((900, 900, 3), np.uint8)
    for x, y in places:
        cv2.circle(rgb, (round(float(x) * 16), round(float(y) * 16)), round(2.5 * scale * 16), (255,) * 3, -1, shift=4)
    placed = placement(detected(places, (400, 400)))
    assert magnification(placed) == pytest.approx(1 / scale, rel=1e-3)
    crop = aligned_crop(rgb, placed)
    assert crop.shape == (SIZE, SIZE)
    assert crop.dtype == np.uint8
    for x, y in TEMPLATE:
        part = crop[int(y) - 4 : int(y) + 5, int(x) - 4 : int(x) + 5].astype(float)
        rows, columns = np.mgrid[0:9, 0:9]
        centre = [(columns * part).sum() / part.sum() + int(x) - 4, (rows * part).sum() / part.sum() + int(y) - 4]
        assert centre == pytest.approx([x, y], abs=1.0)


def test_a_face_that_looks_here_is_frontal_and_one_in_profile_is_not() -> None:
    middle = (float(TEMPLATE[:2, 0].mean()), 18.8 + 0.61 * 18.3)
    assert frontality(detected(TEMPLATE, middle)) == pytest.approx(1)
    assert frontality(detected(TEMPLATE, (middle[0] + 12, middle[1]))) == 0
    assert frontality(detected(TEMPLATE, (middle[0], middle[1] + 9))) == 0
    assert 0 < frontality(detected(TEMPLATE, (middle[0] + 5, middle[1]))) < 1


def test_detections_of_one_face_are_averaged_by_their_scores_and_others_kept() -> None:
    def shape(left: float) -> Points:
        return np.full((8, 2), left, np.float32) + np.array([[0, 0], [1, 1], *[[0.5, 0.5]] * 6], np.float32)

    shapes, scores = np.stack([shape(0.0), shape(0.2), shape(5.0)]), np.array([0.9, 0.6, 0.7], np.float32)
    merged = merge_overlapping(shapes, scores)
    assert [score for _, score in merged] == pytest.approx([0.9, 0.7])
    assert merged[0][0] == pytest.approx(shape(0.2 * 0.6 / 1.5))
    assert merged[1][0] == pytest.approx(shape(5.0))
