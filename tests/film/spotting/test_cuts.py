"""Cuts are found at the frame, and only where there are some."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.film.spotting.cuts import CutFinder

NOISE = np.random.default_rng(3).integers(0, 255, (90, 400, 3)).astype(np.uint8)


def found(images: list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]], times: list[float]) -> list[float]:
    finder = CutFinder()
    return [cut for t, image in zip(times, images, strict=True) if (cut := finder(Frame(t, image))) is not None]


@pytest.mark.parametrize("step", [0.04, 0.0417, 1 / 60])
def test_a_cut_is_where_the_new_picture_is_first_shown(step: float) -> None:
    images = [np.full((90, 160, 3), (40, 60, 200) if i < 30 else (210, 80, 30), np.uint8) for i in range(60)]
    assert found(images, [i * step for i in range(60)]) == [pytest.approx(30 * step)]


def test_the_rate_of_frames_may_vary() -> None:
    images = [np.full((90, 160, 3), 40 if i < 30 else 200, np.uint8) for i in range(60)]
    times = np.cumsum([0.03 if i % 3 else 0.09 for i in range(60)]).tolist()
    assert found(images, times) == [times[30]]


def test_a_pan_and_a_fade_are_none() -> None:
    pan = [np.ascontiguousarray(NOISE[:, 3 * i : 3 * i + 160]) for i in range(60)]
    fade = [np.full((90, 160, 3), 4 * i, np.uint8) for i in range(60)]
    assert found(pan, [i / 25 for i in range(60)]) == found(fade, [i / 25 for i in range(60)]) == []


def test_a_flash_is_none_and_of_two_cuts_close_together_the_first_counts() -> None:
    images = [np.full((90, 160, 3), 200 if i in (20, 21, 22) else 40, np.uint8) for i in range(50)]
    assert len(found(images, [i / 25 for i in range(50)])) <= 1
