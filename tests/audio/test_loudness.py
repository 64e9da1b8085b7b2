"""Against the figures that ITU-R BS.1770 and EBU Tech 3341 give for a meter."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.audio.format import RATE
from soundit_edge.audio.loudness import loudness
from tests.music.signals import sine


@pytest.mark.parametrize(("level_db", "lufs"), [(-23.0, -23.0), (-33.0, -33.0)])
def test_a_tone_of_a_thousand_hertz_on_both_channels(level_db: float, lufs: float) -> None:
    assert loudness(sine(1000.0, 20.0, 10 ** (level_db / 20))) == pytest.approx(lufs, abs=0.1)


def test_quiet_passages_do_not_count() -> None:
    """EBU Tech 3341, test 3: 10 s at -36, 60 s at -23, 10 s at -36 dB (here a third as long)."""
    parts = [(-36.0, 3.4), (-23.0, 20.0), (-36.0, 3.4)]
    tone = np.concatenate([sine(1000.0, seconds, 10 ** (db / 20)) for db, seconds in parts])
    assert loudness(tone) == pytest.approx(-23.0, abs=0.15)


def test_low_tones_count_less_and_high_ones_more() -> None:
    low, middle, high = (loudness(sine(hertz, 2.0)) for hertz in (40.0, 1000.0, 4000.0))
    assert low == pytest.approx(middle - 8.0, abs=3.0)
    assert high == pytest.approx(middle + 3.3, abs=0.5)


def test_silence_has_none() -> None:
    assert loudness(np.zeros((RATE, 2), dtype=np.float32)) == -np.inf
