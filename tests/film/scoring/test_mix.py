"""The music makes way for speech, smoothly, and all of it has the loudness that it should."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.audio.format import RATE, Stereo, decibels
from soundit_edge.audio.loudness import energies, loudness
from soundit_edge.film.scoring.meter import CHUNK, Meter
from soundit_edge.film.scoring.mix import BESIDE_DB, DUCK_DB, PROGRAMME, Ducking, levels_for, mixed
from soundit_edge.film.spotting.dialogue import Span

Noise = npt.NDArray[np.float32]


def noise(seconds: float, level: float, seed: int = 0) -> Stereo:
    shape = (round(seconds * RATE), 2)
    return np.random.default_rng(seed).normal(0, level, shape).astype(np.float32)


def test_down_before_the_first_word_and_up_after_the_last() -> None:
    ducking = Ducking([(5.0, 6.0), (7.0, 8.0), (20.0, 21.0)])
    db = ducking.db(np.array([4.0, 4.99, 5.5, 6.5, 8.0, 8.4, 12.0, 19.0, 20.5, 30.0]))
    assert db == pytest.approx([0, DUCK_DB, DUCK_DB, DUCK_DB, DUCK_DB, DUCK_DB, 0, 0, DUCK_DB, 0], abs=0.1)
    assert -12 <= DUCK_DB <= -9


def test_without_speech_nothing_is_done() -> None:
    assert (Ducking([]).gain(0, 1000) == 1.0).all()
    assert Ducking([(0.0, 1.0)]).db(np.array([0.1, 9.0])) == pytest.approx([DUCK_DB, 0], abs=0.1)


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0.1, 9)).map(lambda p: (p[0], p[0] + p[1])), max_size=8))
def test_the_gain_never_jumps(speech: list[Span]) -> None:
    times = np.arange(0, 75, 0.01)
    db = Ducking(sorted(speech)).db(times)
    assert db.max() <= 0
    assert db.min() >= DUCK_DB
    assert np.abs(np.diff(db)).max() < 1.0, "in a hundredth of a second"
    for begin, end in speech:
        within = (times >= begin) & (times <= end)
        assert (db[within] < DUCK_DB + 0.5).all()


def test_gains_of_blocks_fit_together() -> None:
    ducking = Ducking([(0.5, 1.0)])
    whole = ducking.gain(0, 3 * RATE)
    pieces = [ducking.gain(k, 4800) for k in range(0, 3 * RATE, 4800)]
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-6)


@pytest.mark.parametrize("speech", [[], [(4.0, 9.0), (12.0, 14.0)]])
@pytest.mark.parametrize(("of_sound", "of_music"), [(0.02, 0.1), (0.2, 0.01), (0.0, 0.1), (0.1, 0.0)])
def test_the_mixture_has_the_loudness_of_the_programme(speech: list[Span], of_sound: float, of_music: float) -> None:
    sound, music = noise(20, of_sound), noise(20, of_music, 1)
    ducking = Ducking(speech)
    levels = levels_for(energies(sound), energies(music), ducking, speech)
    blocks = [(sound[k : k + CHUNK], music[k : k + CHUNK]) for k in range(0, len(music), CHUNK)]
    out = np.concatenate(list(mixed(iter([s for s, _ in blocks]), iter([m for _, m in blocks]), ducking, levels)))
    assert loudness(out) == pytest.approx(PROGRAMME, abs=0.15)


def test_speech_stands_above_the_music() -> None:
    sound, music, speech = noise(20, 0.02), noise(20, 0.2, 1), [(5.0, 15.0)]
    ducking = Ducking(speech)
    levels = levels_for(energies(sound), energies(music), ducking, speech)
    middle = slice(7 * RATE, 13 * RATE)
    ducked = music[middle] * levels.music * ducking.gain(7 * RATE, 6 * RATE)
    assert loudness(sound[middle] * np.float32(levels.sound)) - loudness(ducked) == pytest.approx(-DUCK_DB, abs=0.3)


def test_a_sound_without_speech_is_never_turned_up() -> None:
    quiet, music = noise(10, 0.001), noise(10, 0.1, 1)
    assert levels_for(energies(quiet), energies(music), Ducking([]), []).sound == 1.0
    loud = levels_for(energies(noise(10, 0.2)), energies(music), Ducking([]), [])
    assert loudness(noise(10, 0.2)) + decibels(loud.sound) == pytest.approx(PROGRAMME + BESIDE_DB, abs=0.1)


def test_a_meter_hears_in_pieces_what_is_there_as_a_whole() -> None:
    sound = noise(3.3, 0.1)
    meter = Meter()
    for k in range(0, len(sound), 1000):
        meter.hear(sound[k : k + 1000])
    assert meter.loudness == pytest.approx(loudness(sound), abs=0.05)
    # A sine at a quarter of the rate whose samples all miss its peaks, across the edges of pieces.
    sine = np.repeat(0.5 * np.sin(np.pi / 2 * np.arange(4 * CHUNK) + np.pi / 4)[:, None], 2, axis=1).astype(np.float32)
    meter = Meter()
    for k in range(0, len(sine), 700):
        meter.hear(sine[k : k + 700])
    assert np.isfinite(meter.loudness)
    assert meter.true_peak_db == pytest.approx(decibels(0.5), abs=0.3)
