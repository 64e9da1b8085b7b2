"""The film's sound: limited and coded in time, and measured as it will be decoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import lfilter

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.audio.loudness import loudness
from soundit_edge.film import FilmError
from soundit_edge.film.container.encode import code, limited
from soundit_edge.film.scoring.meter import CHUNK


def music(seconds: float, level: float) -> Stereo:
    """Noise as dark as music mostly is: of white noise the coder leaves out the top."""
    white = np.random.default_rng(0).normal(0, 4 * level, (round(seconds * RATE), 2))
    return np.asarray(lfilter([1.0], [1.0, -0.95], 0.1 * white, axis=0), np.float32)


def in_blocks(sound: Stereo) -> list[Stereo]:
    return [sound[k : k + CHUNK] for k in range(0, len(sound), CHUNK)]


@pytest.mark.parametrize("count", [1, 511, 512, 700, CHUNK, 3 * CHUNK + 17])
def test_what_is_below_the_ceiling_passes_in_time(count: int) -> None:
    sound = music(4, 0.05)[:count]
    out = np.concatenate(list(limited(in_blocks(sound), 1.0)))
    assert out.shape == sound.shape
    np.testing.assert_allclose(out, sound, atol=1e-6)


def test_peaks_are_held_down() -> None:
    out = np.concatenate(list(limited(in_blocks(music(2, 0.5)), 1.5)))
    assert np.abs(out).max() <= 10 ** ((-1.0 - 1.5) / 20)


def test_what_is_measured_is_what_was_coded(tmp_path: Path) -> None:
    sound = music(5, 0.1)
    coded = code(in_blocks(sound), tmp_path / "sound")
    assert coded.loudness == pytest.approx(loudness(sound), abs=0.3)
    assert coded.true_peak_db > -20
    assert coded.packets[0] < 0, "the coder's priming comes before the beginning"
    last, duration = coded.packets[-3], coded.packets[-2]
    assert last + duration >= len(sound) > last
    assert sum(coded.packets[2::3]) == (tmp_path / "sound").stat().st_size


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FilmError, match="cannot be written"):
        code(in_blocks(music(1, 0.1)), tmp_path / "missing" / "sound")
