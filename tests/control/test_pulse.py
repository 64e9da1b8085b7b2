"""The pulse: where the music is at a moment, and when its next beat is heard."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.control.pulse import Pulse

PULSES = st.builds(
    Pulse,
    at=st.floats(0, 1e6),
    bars=st.floats(-2, 1e4),
    bar_s=st.floats(0.5, 10),
    beats=st.sampled_from([0, 1, 3, 4, 6]),
    moving=st.booleans(),
    level_db=st.just(-20.0),
)


@given(pulse=PULSES, ahead=st.floats(-0.5, 0.5))
def test_bar_beat_and_phase_are_the_place_and_it_goes_on_where_the_music_does(pulse: Pulse, ahead: float) -> None:
    parts = max(1, pulse.beats)
    if pulse.beats:
        place = pulse.bar + (pulse.beat + pulse.phase) / parts
        # On the very line of a beat a rounding error may count it as the end of the one before.
        assert min(abs(place - pulse.bars), abs(place + 1 / parts - pulse.bars)) < 1e-6
        assert 0 <= pulse.beat <= pulse.beats
    assert 0 <= pulse.phase < 1
    later = pulse.as_of(pulse.at + ahead)
    assert later.at == pulse.at + ahead
    assert math.isclose(later.bars, pulse.bars + (later.at - pulse.at) / pulse.bar_s * pulse.moving, abs_tol=1e-9)


def test_the_next_beat_is_heard_when_the_phase_is_full() -> None:
    pulse = Pulse(at=100.0, bars=3.375, bar_s=2.0, beats=4, moving=True, level_db=-20.0)
    assert (pulse.bar, pulse.beat, pulse.phase, pulse.bpm) == (3, 1, 0.5, 120.0)
    assert pulse.next_beat_at == pytest.approx(100.25)
    assert pulse.as_of(100.25).beat == 2


def test_what_stands_still_or_has_no_beat_has_no_next_one() -> None:
    pulse = Pulse(at=100.0, bars=3.375, bar_s=2.0, beats=4, moving=False, level_db=-20.0)
    assert pulse.next_beat_at is None
    assert pulse.as_of(200.0).bars == 3.375
    without = Pulse(at=100.0, bars=3.375, bar_s=2.0, beats=0, moving=True, level_db=-20.0)
    assert (without.bpm, without.beat, without.phase, without.next_beat_at) == (None, 0, 0.375, None)
