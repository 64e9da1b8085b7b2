"""The whole chain, measured from outside: the gates of music.md, and what a target does and when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.director.target import NEUTRAL, RANGES, MusicTarget
from soundit_edge.music.morph.deck import Deck
from soundit_edge.music.morph.effects.limiter import Limiter
from soundit_edge.music.morph.effects.lowpass import DELAY
from soundit_edge.music.morph.engine import MorphEngine
from tests.music.signals import click_level, frequency, sine, stereo, tone_snr, track, true_peak_db

DRY = replace(NEUTRAL, cutoff_hz=20_000.0, wet=0.0)


def toned(bar_s: float = 0.05, level: float = 0.3) -> MorphEngine:
    return MorphEngine(Deck(track(sine(440.0, 4.0, level), bar_s)))


@pytest.mark.parametrize("semitones", [4.0, -5.0, 2.0, -2.0, 12.0, -12.0])
def test_the_pitch_is_right_to_a_tenth_of_a_cent(semitones: float) -> None:
    engine = toned()
    engine.set(replace(DRY, semitones=semitones, tempo=0.9))
    out = engine.render(2 * RATE)[RATE:, 0]
    assert abs(1200 * np.log2(frequency(out) / 440.0) - 100 * semitones) < 0.1


@pytest.mark.parametrize(("tempo", "semitones"), [(0.7, 0.0), (1.3, 0.0), (1.0, 4.0), (1.0, -5.0), (0.85, 3.0)])
def test_a_sine_stays_pure(tempo: float, semitones: float) -> None:
    engine = toned()
    engine.set(replace(DRY, tempo=tempo, semitones=semitones))
    out = engine.render(2 * RATE)[:, 0]
    pitch = [440.0 * 2 ** (semitones / 12)]
    for start in range(RATE, len(out) - RATE // 5, RATE // 5):
        assert tone_snr(out[start : start + RATE // 5], pitch) > 90.0


@pytest.mark.parametrize("parameter", [*RANGES, "volume", "all"])
def test_random_steps_of_a_parameter_do_not_click(parameter: str) -> None:
    random = np.random.default_rng(1)
    engine = toned()
    ranges = {
        "tempo": (0.75, 1.35),
        "semitones": (-5.0, 5.0),
        "cutoff_hz": (500.0, 20_000.0),
        "reverb_s": (0.3, 4.0),
        "wet": (0.0, 0.6),
        "loudness_db": (-10.0, 3.0),
        "highpass_hz": (20.0, 2_000.0),
        "delay_s": (0.05, 1.0),
        "delay_wet": (0.0, 0.6),
        "wah": (0.0, 1.0),
        "tremolo": (0.0, 1.0),
    }
    engine.render(RATE // 4)
    out = []
    for _ in range(10):
        drawn = {name: float(random.uniform(*ends)) for name, ends in ranges.items()}
        wanted = {n: v for n, v in drawn.items() if parameter in (n, "all")}
        if parameter == "delay_s":
            wanted["delay_wet"] = 0.5
        engine.set(replace(NEUTRAL, **wanted))
        if parameter in ("volume", "all"):
            engine.set_volume(float(random.uniform()))
        out.append(engine.render(RATE * 2 // 5))
    assert click_level(np.concatenate(out)[:, 0]) < -85.0


def test_the_tempo_is_exact() -> None:
    engine = toned(bar_s=1.0)
    engine.set(replace(DRY, tempo=1.1))
    engine.render(RATE)
    before = engine.bars
    engine.render(8 * RATE)
    assert engine.bars - before == pytest.approx(8 * 1.1, abs=0.008)


def test_the_bars_are_those_of_the_samples_that_were_rendered() -> None:
    """The filters' delay is counted, and so is what waits to be asked for."""
    engine = toned(bar_s=1.0)
    engine.render(RATE)
    for count in (100, 300, 112, 4_000):
        before = engine.bars
        engine.render(count)
        assert engine.bars - before == pytest.approx(count / RATE, abs=1e-9)
    assert engine.bars == pytest.approx(1.0 + (4_512 - DELAY - Limiter.delay) / RATE, abs=5 / RATE)


def test_it_starts_where_it_is_told_to() -> None:
    engine = MorphEngine(Deck(track(sine(440.0, 4.0), 0.5), start=3 * RATE))
    assert engine.bars == pytest.approx(6.0)
    engine.render(RATE)
    assert engine.bars == pytest.approx(8.0, abs=0.02)


def test_a_new_key_waits_for_the_bar_line() -> None:
    engine = toned(bar_s=2.0)
    engine.render(RATE)
    engine.set(replace(DRY, semitones=4.0))
    out = engine.render(3 * RATE)[:, 0]
    pitch = 440.0 * 2 ** (4 / 12)
    # The line is 1 s away; the sound is within 0.1 s of it on its way, and 0.1 s later there.
    assert tone_snr(out[RATE // 4 : RATE * 9 // 10], [440.0]) > 60.0
    assert tone_snr(out[RATE * 13 // 10 :], [pitch]) > 60.0
    assert engine.in_force.semitones == 4.0


def test_the_other_parameters_do_not_wait() -> None:
    engine = toned(bar_s=100.0)
    engine.render(RATE)
    want = MusicTarget(1.2, 3.0, 3_000.0, 2.0, 0.3, -6.0, 300.0, 0.4, 0.3, 0.5, 0.6)
    engine.set(want)
    engine.render(RATE // 2)
    assert engine.in_force == replace(want, semitones=0.0)


@settings(max_examples=15)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=20))
def test_the_samples_do_not_depend_on_how_many_are_asked_for_at_a_time(counts: list[int]) -> None:
    whole = toned().render(sum(counts))
    engine = toned()
    np.testing.assert_array_equal(np.concatenate([engine.render(count) for count in counts]), whole)


def test_the_same_calls_give_the_same_samples() -> None:
    def journey() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        random = np.random.default_rng(5)
        engine = toned()
        out = []
        for _ in range(20):
            drawn = {name: float(random.uniform(*ends)) for name, ends in RANGES.items()}
            engine.set(MusicTarget(**drawn))
            out.append(engine.render(BLOCK * 5))
        return np.concatenate(out)

    np.testing.assert_array_equal(journey(), journey())


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_no_target_and_no_track_gets_above_the_ceiling(seed: int) -> None:
    random = np.random.default_rng(seed)
    engine = MorphEngine(Deck(track(stereo(random.uniform(-1, 1, RATE // 2) * 10 ** random.uniform(-1, 1)), 0.05)))
    out = []
    for _ in range(8):
        engine.set(MusicTarget(**{name: float(random.uniform(*ends)) for name, ends in RANGES.items()}))
        out.append(engine.render(BLOCK * 10))
    engine.set_volume(0.0)  # a meter takes an end that is cut off for a peak
    out.append(engine.render(RATE // 4))
    samples = np.concatenate(out)
    assert np.isfinite(samples).all()
    assert true_peak_db(samples) <= -1.0


def test_the_volume_goes_from_silence_to_full_in_a_tenth_of_a_second() -> None:
    engine = toned(level=0.5)
    engine.set(DRY)
    engine.set_volume(0.0)
    engine.render(RATE // 2)
    assert np.abs(engine.render(RATE // 10)).max() == 0.0
    engine.set_volume(1.0)
    engine.render(RATE // 8)
    assert np.abs(engine.render(RATE // 10)).max() == pytest.approx(0.5, abs=0.01)


def test_the_middle_of_the_volume_is_eighteen_decibels_down() -> None:
    engine = toned(level=0.5)
    engine.set(DRY)
    engine.set_volume(0.5)
    engine.render(RATE // 2)
    assert np.abs(engine.render(RATE // 10)).max() == pytest.approx(0.5 * 0.125, rel=0.02)


def test_the_first_samples_swell_from_silence() -> None:
    out = MorphEngine(Deck(track(sine(440.0, 1.0, phase=1.5), 1.0))).render(RATE // 10)
    assert np.abs(out[:300]).max() < 0.01


def test_the_seam_of_the_loop_is_not_heard() -> None:
    """A tone that fits the track's length goes on over the seam as if there were none, at another speed, too."""
    engine = MorphEngine(Deck(track(sine(440.0, 0.5), 0.5)))
    engine.set(replace(DRY, tempo=0.9))
    out = engine.render(3 * RATE)[RATE:, 0]
    assert tone_snr(out, [440.0]) > 90.0
