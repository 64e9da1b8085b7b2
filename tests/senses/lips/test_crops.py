"""Where a mouth is cut out, and what becomes of frames of any rate."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.senses.face.detector import Detection
from soundit_edge.senses.lips.crops import (
    HEIGHT,
    MOUTH_AT,
    SMOOTHING_S,
    TEMPLATE,
    WIDTH,
    Mouth,
    crop,
    mouth_of,
    smoothed,
)
from soundit_edge.senses.lips.recogniser import FRAMES, NEIGHBOURS, RATE, normalised, prepare, resampled

Grey = npt.NDArray[np.uint8]


def face(x: float, y: float, scale: float, angle: float) -> Detection:
    """A face whose mouth is there, so much larger than the template and turned so far clockwise."""
    turn = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    left, right, mouth = ((TEMPLATE - TEMPLATE[2]) @ turn.T + [x, y]).astype(np.float32)
    points = np.stack([left, right, (left + right + mouth) / 3, mouth, left, right])
    return Detection(box=np.array([0, 0, 1, 1], np.float32), points=points, score=1.0)


@given(st.floats(-50, 700), st.floats(-50, 500), st.floats(0.3, 8), st.floats(-1.2, 1.2))
def test_a_mouth_is_found_at_any_size_and_angle(x: float, y: float, scale: float, angle: float) -> None:
    found = mouth_of(face(x, y, scale, angle))
    assert (found.x, found.y) == pytest.approx((x, y), abs=1e-2)
    assert found.scale == pytest.approx(1 / scale, rel=1e-3)
    assert found.angle == pytest.approx(angle, abs=1e-3)


@pytest.mark.parametrize("scale", [1.0, 2.0, 5.0])
@pytest.mark.parametrize("angle", [-0.4, 0.0, 0.4])
@pytest.mark.parametrize("margin", [0, 6])
def test_the_crop_shows_the_mouth_upright_at_its_place(scale: float, angle: float, margin: int) -> None:
    picture = np.full((400, 600, 3), 60, np.uint8)
    along = scale * np.array([math.cos(angle), math.sin(angle)])
    ends = [tuple(np.rint(np.array([300, 200]) + side * 15 * along).astype(int).tolist()) for side in (-1, 1)]
    cv2.line(picture, ends[0], ends[1], (250, 250, 250), max(2, round(4 * scale)))
    cut = crop(picture, mouth_of(face(300, 200, scale, angle)), margin=margin)
    assert cut.shape == (HEIGHT + 2 * margin, WIDTH + 2 * margin)
    rows, columns = np.nonzero(cut > 150)
    assert (columns.mean() + 0.5 - margin, rows.mean() + 0.5 - margin) == pytest.approx(MOUTH_AT, abs=1.0)
    assert np.ptp(columns) == pytest.approx(32, abs=4)
    assert np.ptp(rows) <= 6


def test_grey_and_coloured_pictures_give_the_same_crop() -> None:
    grey = np.random.default_rng(0).integers(0, 255, (200, 300), dtype=np.uint8)
    mouth = Mouth(150, 100, 1.0, 0.1)
    assert np.abs(crop(grey, mouth).astype(int) - crop(np.repeat(grey[:, :, None], 3, 2), mouth)).max() <= 1


@pytest.mark.parametrize("mouth", [Mouth(-500, 20, 1, 0), Mouth(5, 5, 0.01, 3), Mouth(1e5, 1e5, 30, -3)])
def test_what_lies_outside_the_picture_is_no_error(mouth: Mouth) -> None:
    assert crop(np.zeros((16, 16, 3), np.uint8), mouth).shape == (HEIGHT, WIDTH)


def test_the_place_follows_by_time_and_not_by_frames() -> None:
    still, moved = Mouth(0, 0, 1, 0), Mouth(10, 0, 1, 0)
    twice = smoothed(smoothed(still, moved, 0.04), moved, 0.04)
    assert smoothed(still, moved, 0.08).x == pytest.approx(twice.x)
    assert smoothed(still, moved, SMOOTHING_S).x == pytest.approx(10 * (1 - math.exp(-1)))
    assert smoothed(None, moved, 0.0) == moved
    assert smoothed(still, moved, 5.0) == moved


def test_angles_are_smoothed_the_short_way_round() -> None:
    assert abs(math.remainder(Mouth(0, 0, 1, 3.1).towards(Mouth(0, 0, 1, -3.1), 0.5).angle, math.tau)) > 3.1


@given(st.floats(7, 60), st.integers(0, 10))
def test_frames_of_any_rate_come_out_at_25_a_second(rate: float, seed: int) -> None:
    times = np.arange(0, 3.2, 1 / rate) + 5 + np.random.default_rng(seed).uniform(0, 0.01)
    # Brightness is the time, so that blending keeps it.
    crops = [np.full((HEIGHT, WIDTH), round(50 * (t - 5)), np.uint8) for t in times]
    out = resampled(crops, times.tolist(), float(times[-1]))
    wanted = times[-1] - np.arange(FRAMES - 1, -1, -1) / RATE
    assert out.shape == (FRAMES, HEIGHT, WIDTH)
    assert np.abs(out[:, 0, 0] - 50 * (np.maximum(wanted, times[0]) - 5)).max() <= 2


def test_one_frame_is_a_still_clip() -> None:
    only = np.arange(HEIGHT * WIDTH, dtype=np.uint32).astype(np.uint8).reshape(HEIGHT, WIDTH)
    assert (resampled([only], [1.0], 1.0) == only).all()


def test_prepared_clips_hold_each_frame_with_its_neighbours() -> None:
    crops = np.random.default_rng(0).integers(0, 255, (FRAMES, HEIGHT, WIDTH), dtype=np.uint8)
    x = prepare(crops).reshape(FRAMES, HEIGHT, WIDTH, 2 * NEIGHBOURS + 1)
    plain = normalised(crops.astype(np.float32))
    assert np.abs(x).max() <= 3
    assert (x[..., NEIGHBOURS] == plain).all()
    assert (x[10, ..., 0] == plain[8]).all()
    assert (x[10, ..., 4] == plain[12]).all()
    assert (x[0, ..., 0] == plain[0]).all()
    assert (x[-1, ..., 4] == plain[-1]).all()


def test_light_and_contrast_hardly_matter_and_flat_clips_are_not_blown_up() -> None:
    crops = np.random.default_rng(0).normal(120, 20, (5, HEIGHT, WIDTH)).astype(np.float32)
    assert np.abs(normalised(crops) - normalised(crops * 0.5 + 40)).max() < 1e-3
    assert (normalised(np.full((5, HEIGHT, WIDTH), 90, np.float32)) == 0).all()
