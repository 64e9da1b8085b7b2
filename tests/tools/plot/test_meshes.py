"""Pictures of what the senses see show nobody that they saw."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from tools.plot.body import sheet
from tools.plot.face import FaceView
from tools.plot.meshes import GROUND, INNER_LIPS, OUTER_LIPS, draw_lips, draw_mesh, ground


def oval() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """468 points without order in an oval."""
    rng = np.random.default_rng(0)
    angle, radius = rng.uniform(0, 2 * np.pi, 468), np.sqrt(rng.uniform(0, 1, 468))
    return np.column_stack([100 + 60 * radius * np.cos(angle), 120 + 80 * radius * np.sin(angle)]).astype(np.float32)


def test_a_mesh_is_drawn_where_it_is_and_nowhere_else() -> None:
    picture = ground(240, 200)
    draw_mesh(picture, oval())
    drawn = (picture != GROUND).any(2)
    rows, columns = np.flatnonzero(drawn.any(1)), np.flatnonzero(drawn.any(0))
    assert (rows.min() >= 38, rows.max() <= 202) == (True, True)
    assert (columns.min() >= 38, columns.max() <= 162) == (True, True)
    assert drawn.mean() > 0.1


def test_lips_are_loops_of_their_own_points() -> None:
    points = np.full((468, 2), 10, np.float32)
    points[list(OUTER_LIPS)] = points[list(INNER_LIPS)] = (50, 60)
    picture = ground(100, 100)
    draw_lips(picture, points)
    assert tuple(picture[60, 50]) != GROUND
    assert tuple(picture[10, 10]) == GROUND


def test_of_a_frame_nothing_is_drawn_but_lines() -> None:
    """A face that we drew stands for everybody; no pixel of its picture has the colour of the ground."""
    frame = Frame(0.0, np.maximum(draw(POSES[Emotion.HAPPY], 1.0), 40))
    for view in (FaceView().draw(frame), sheet([frame], 1, 320)):
        empty = (view == GROUND).all(2)
        assert 0.7 < empty.mean() < 1.0
        assert between_lines(empty)
    pasted = FaceView().draw(frame)
    pasted[-150:-102, 200:248] = frame.rgb[100:148, 100:148]
    assert not between_lines((pasted == GROUND).all(2))


def between_lines(empty: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> bool:
    """Whether the ground shows in every part of a picture as large as a network's crop of a face."""
    return bool(sliding_window_view(empty, (40, 40))[::4, ::4].any((2, 3)).all())


def test_noise_leaves_the_ground_empty() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    assert (FaceView().draw(Frame(0.0, noise)) == GROUND).all()
