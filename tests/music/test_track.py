from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.music.track import Track
from tests.music.signals import sine


def test_a_bar_is_as_long_as_its_beats() -> None:
    track = Track(sine(440.0, 1.0), bpm=90.0, beats_per_bar=3)
    assert track.bar_s == pytest.approx(2.0)
    assert track.bar_samples == 96_000


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros((10,), dtype=np.float32),
        np.zeros((10, 1), dtype=np.float32),
        np.zeros((10, 2)),
    ],
)
def test_another_shape_or_type_is_refused(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    with pytest.raises(ValueError, match="a track is float32"):
        Track(samples, 96.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_refused(bad: float) -> None:
    samples = sine(440.0, 0.1)
    samples[7, 1] = bad
    with pytest.raises(ValueError, match="only finite"):
        Track(samples, 96.0)


def test_nothing_is_no_track() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Track(np.zeros((0, 2), dtype=np.float32), 96.0)


@pytest.mark.parametrize("onsets", [[-1, 5], [5, 48_000], [7, 7], [9, 3]])
def test_onsets_that_lie_outside_or_do_not_rise_are_refused(onsets: list[int]) -> None:
    with pytest.raises(ValueError, match="onsets rise"):
        Track(sine(440.0, 1.0), 96.0, onsets=np.array(onsets))
