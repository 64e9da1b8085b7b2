"""What the compressor and the leveller do to what is loud and what is soft."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.mix.compressor import STEP, Compressor, reduction_db
from soundit_edge.music.mix.filters import MONO_HZ, TAPS, Filters, all_pass, high_pass, one_pole
from soundit_edge.music.mix.leveller import FADER_DB, FREE_DB, MIDDLE_DB, Leveller, fader_db

LEVELS = st.floats(-90.0, 12.0)


@given(LEVELS, st.floats(0.0, 30.0))
def test_louder_stays_louder(level: float, more: float) -> None:
    for change in (fader_db, lambda db: -reduction_db(db)):
        assert level + more + change(level + more) >= level + change(level) - 1e-9


@given(LEVELS)
def test_the_fader_rests_near_the_middle_and_goes_no_further_than_it_may(level: float) -> None:
    fader = fader_db(level)
    assert FADER_DB[0] <= fader <= FADER_DB[1]
    assert (fader == 0.0) == (abs(level - MIDDLE_DB) <= FREE_DB)
    assert reduction_db(level) >= 0.0


def test_what_is_soft_passes_the_compressor_as_it_is() -> None:
    soft = np.full((2, BLOCK), 0.01, dtype=np.float32)
    np.testing.assert_array_equal(Compressor().process(soft)[:, STEP:], soft[:, STEP:])


def test_a_stroke_is_turned_down_within_a_few_milliseconds_and_comes_back_without_a_jump() -> None:
    compressor = Compressor()
    t = np.arange(RATE) / RATE
    sound = (np.where((t > 0.3) & (t < 0.6), 0.9, 0.02) * np.sin(2 * np.pi * 500 * t)).astype(np.float32)
    both = np.stack([sound, 0 * sound])
    out = np.concatenate([compressor.process(both[:, k : k + BLOCK]) for k in range(0, RATE - BLOCK, BLOCK)], axis=1)
    out = out[:, STEP:]
    assert np.abs(out).max() < 0.65, "the gain is there when the stroke arrives"
    loud = slice(round(0.35 * RATE), round(0.55 * RATE))
    gain = out[0][loud][np.abs(sound[loud]) > 0.1] / sound[loud][np.abs(sound[loud]) > 0.1]
    assert gain.max() < 0.7
    assert np.ptp(gain) < 0.05
    assert np.abs(np.diff(out[0][round(0.62 * RATE) :], 2)).max() < 1e-3


@pytest.mark.parametrize("level_db", [-33.0, -12.0])
def test_a_section_far_from_the_middle_comes_nearer_and_a_rest_changes_nothing(level_db: float) -> None:
    leveller, power = Leveller(), 10.0 ** (level_db / 10)
    ones = np.ones((2, BLOCK), dtype=np.float32)
    for _ in range(600):
        out = leveller.process(ones, power)
    reached = 20 * np.log10(float(out[0, -1]))
    assert reached == pytest.approx(fader_db(level_db), abs=0.1)
    rested = leveller.process(ones, 0.0)
    np.testing.assert_allclose(rested, out[0, -1])


def test_the_filters_are_those_of_their_names() -> None:
    def gain_db(taps: np.ndarray[tuple[int], np.dtype[np.float64]], hertz: float) -> float:
        return float(20 * np.log10(abs(np.exp(-2j * np.pi * hertz / RATE * np.arange(TAPS)) @ taps)))

    assert gain_db(high_pass(MONO_HZ), MONO_HZ) == pytest.approx(-6.0, abs=0.1)
    assert gain_db(high_pass(MONO_HZ), MONO_HZ / 2) < -24.0
    assert gain_db(high_pass(MONO_HZ), MONO_HZ / 5) < -40.0
    assert gain_db(high_pass(MONO_HZ), 20 * MONO_HZ) == pytest.approx(0.0, abs=0.05)
    assert gain_db(one_pole(1_000.0), 1_000.0) == pytest.approx(-3.0, abs=0.1)
    assert gain_db(one_pole(1_000.0), 10.0) == pytest.approx(0.0, abs=0.05)


@given(st.floats(20.0, 20_000.0))
def test_middle_and_sides_keep_their_phase_to_each_other(hertz: float) -> None:
    """Without it a part that is on the left wanders to the middle where the sides' phase turns."""
    turn = np.exp(-2j * np.pi * hertz / RATE * np.arange(TAPS))
    middle, sides = turn @ all_pass(MONO_HZ), turn @ high_pass(MONO_HZ)
    assert abs(middle) == pytest.approx(1.0, abs=0.005)
    if hertz > MONO_HZ / 2:
        assert abs(np.angle(sides / middle, deg=True)) < 3.0


def test_the_air_and_the_lows_are_shelves() -> None:
    def level(low: float, air: float, hertz: float) -> float:
        filters, t = Filters(low, air), np.arange(8 * BLOCK) / RATE
        tone = np.sin(2 * np.pi * hertz * t).astype(np.float32)
        blocks = [filters.process(np.stack([tone[k : k + BLOCK]] * 3), low, air) for k in range(0, len(t), BLOCK)]
        return float(np.sqrt(2 * np.mean(np.square(np.concatenate(blocks, axis=1)[0, 4 * BLOCK :]))))

    assert level(0.0, 0.0, 1_000.0) == pytest.approx(1.0, abs=0.01)
    assert level(0.0, 1.0, 15_000.0) == pytest.approx(2.0, abs=0.15)
    assert level(-0.5, 0.0, 30.0) == pytest.approx(0.5, abs=0.1)
    assert level(-0.5, 1.0, 1_000.0) == pytest.approx(1.0, abs=0.1)
