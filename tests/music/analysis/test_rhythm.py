from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.music.analysis.analyse import analyse
from soundit_edge.music.analysis.beats import follow_beats, offbeats, track_beats
from soundit_edge.music.analysis.chroma import chroma
from soundit_edge.music.analysis.rhythm import Rhythm, find_rhythm
from soundit_edge.music.analysis.spectral_flux import FRAME_RATE, STEP, downmix_half_rate, flux
from soundit_edge.music.analysis.tempo import periods
from tests.music.signals import made_theme, sine, stereo

Mono = npt.NDArray[np.float64]


def rhythm_of(samples: Stereo) -> Rhythm:
    mono = downmix_half_rate(samples)
    return find_rhythm(flux(mono), chroma(mono))


def bursts(at: npt.NDArray[np.float64], seconds: float) -> Stereo:
    """Noise bursts at these seconds."""
    samples = np.zeros(round(seconds * RATE))
    burst = np.random.default_rng(0).standard_normal(2000) * np.exp(-np.arange(2000) / 300.0)
    for moment in at:
        piece = samples[int(moment * RATE) : int(moment * RATE) + 2000]
        piece += 0.2 * burst[: len(piece)]
    return stereo(samples)


def song(beats: npt.NDArray[np.float64], metre: int, pickup: int, seconds: float) -> Stereo:
    """Bars of a chord and a low note each, a soft note on every beat; the first bar begins after the pick-up."""
    samples = np.zeros(round(seconds * RATE))
    t = np.arange(RATE // 2) / RATE

    def play(moment: float, hertz: list[float], level: float, decay: float) -> None:
        piece = samples[round(moment * RATE) :][: len(t)]
        piece += level * (sum(np.sin(2 * np.pi * h * t) for h in hertz) * np.exp(-t / decay))[: len(piece)]

    chords = ([261.6, 329.6, 392.0], [349.2, 440.0, 523.3], [392.0, 493.9, 587.3], [261.6, 329.6, 392.0])
    for k, beat in enumerate(beats):
        bar, place = divmod(k - pickup, metre)
        chord = chords[bar % 4]
        play(beat, chord, 0.1, 0.3)
        if place == 0:
            play(beat, [chord[0] / 4], 0.4, 0.4)
    return stereo(samples)


@pytest.mark.parametrize("bpm", [72.0, 96.0, 120.0, 138.0])
def test_the_tempo_of_a_beat_is_found(bpm: float) -> None:
    found = rhythm_of(bursts(np.arange(0.1, 19.9, 60.0 / bpm), 20.0))
    assert found.bpm is not None
    octaves = np.log2(found.bpm / bpm)
    assert abs(octaves - round(octaves)) < 0.001
    assert found.steady == 1.0


@pytest.mark.parametrize("metre", [3, 4])
@pytest.mark.parametrize("pickup", [0, 1, 2])
@pytest.mark.parametrize("bpm", [88.0, 126.0])
def test_the_bars_of_a_song_are_found(metre: int, pickup: int, bpm: float) -> None:
    beats = 0.5 + np.arange(0.0, 29.0, 60.0 / bpm)
    found = rhythm_of(song(beats, metre, pickup, 30.0))
    assert found.bpm == pytest.approx(bpm, rel=0.001)
    assert found.beats_per_bar == metre
    bar = metre * 60.0 / bpm
    off = (found.first_bar / RATE - beats[pickup] + bar / 2) % bar - bar / 2
    assert abs(off) < 0.03
    assert 0 <= found.first_bar < bar * RATE


def test_the_beats_follow_a_live_recording_and_say_that_no_grid_does() -> None:
    steps = 0.5 * (1.0 + 0.06 * np.sin(np.arange(120) / 15.0))
    beats = 0.4 + np.cumsum(steps)
    found = rhythm_of(song(beats[beats < 55.0], 4, 0, 56.0))
    played = np.array(found.beats) / RATE
    near = np.abs(played[:, np.newaxis] - beats).min(axis=1)
    assert (near < 0.04).mean() > 0.95
    assert len(played) == pytest.approx(len(beats[beats < 55.0]), abs=3)
    assert found.steady < 0.8


@pytest.mark.parametrize("seed", range(4))
def test_the_bars_of_the_theme_are_found(seed: int) -> None:
    track = made_theme(seed)
    found = rhythm_of(track.sound)
    assert found.bpm == pytest.approx(track.bpm, rel=0.001)
    assert found.beats_per_bar == track.beats_per_bar
    assert found.first_bar < 0.05 * RATE
    assert found.steady > 0.9


@pytest.mark.parametrize("kind", ["tone", "silence", "dc", "noise", "short"])
def test_what_has_no_beat_has_no_tempo(kind: str) -> None:
    noise = stereo(0.1 * np.random.default_rng(1).standard_normal(10 * RATE))
    samples = {
        "tone": sine(440.0, 10.0),
        "silence": np.zeros((10 * RATE, 2), dtype=np.float32),
        "dc": np.full((10 * RATE, 2), 0.5, dtype=np.float32),
        "noise": noise,
        "short": bursts(np.arange(0.0, 3.5, 0.5), 3.5),
    }[kind]
    assert rhythm_of(samples) == Rhythm(bpm=None, beats_per_bar=4, first_bar=0, clear=0.0, steady=0.0)


@settings(max_examples=25)
@given(st.integers(1, 6 * RATE), st.integers(0, 1000), st.sampled_from([1e-9, 0.1, 8.0]))
def test_any_sound_can_be_analysed(count: int, seed: int, level: float) -> None:
    rng = np.random.default_rng(seed)
    hits = rng.random(count) < rng.choice([1e-4, 1e-3, 1.0])
    found = analyse(stereo(level * hits * rng.standard_normal(count)).clip(-8.0, 8.0))
    rhythm = found.rhythm
    assert rhythm.bpm is None or 20.0 < rhythm.bpm < 400.0
    assert 0 <= rhythm.first_bar < count
    assert all(0 <= beat < count for beat in rhythm.beats)
    assert (np.diff(rhythm.beats) > 0).all()
    assert 0.0 <= rhythm.clear <= 1.0
    assert 0.0 <= rhythm.steady <= 1.0


def test_a_quiet_track_has_the_same_rhythm() -> None:
    samples = made_theme(1).sound
    loud, quiet = rhythm_of(samples), rhythm_of(samples * np.float32(0.01))
    np.testing.assert_allclose(quiet.beats, loud.beats, atol=2)
    assert (quiet.beats_per_bar, quiet.first_beat) == (loud.beats_per_bar, loud.first_beat)


def test_an_onset_is_seen_at_its_moment() -> None:
    found = flux(downmix_half_rate(bursts(np.array([2.0]), 4.0)))
    assert abs(int(found.onsets.argmax()) - 2.0 * RATE / STEP) <= 2
    assert len(found.onsets) == 4 * RATE // STEP


def test_the_period_follows_the_tempo() -> None:
    at = np.concatenate([np.arange(0.0, 30.0, 0.5), 30.0 + np.arange(0.0, 30.0, 0.45)])
    found, clear = periods(flux(downmix_half_rate(bursts(at, 60.0))).onsets)
    assert found[10 * 100] / FRAME_RATE == pytest.approx(0.5, rel=0.02)
    assert found[50 * 100] / FRAME_RATE == pytest.approx(0.45, rel=0.02)
    assert clear > 0.3


def test_the_beats_between_the_beats_need_not_be_in_the_middle() -> None:
    strength = np.zeros(3000)
    strength[50::60] = 10.0
    strength[90::60] = 6.0
    period = np.full(3000, 60.0)
    beats = track_beats(strength, period)
    np.testing.assert_allclose(beats % 60.0, 50.0)
    np.testing.assert_allclose(offbeats(strength, period, beats) % 60.0, 30.0)


def test_free_beats_are_followed_where_the_tempo_swells() -> None:
    lengths = 60.0 * (1.0 + 0.2 * np.sin(np.arange(45) / 4.0))
    at = 30.0 + np.cumsum(lengths)
    strength = np.zeros(int(at[-1]) + 30)
    strength[np.round(at).astype(int)] = 5.0
    found = follow_beats(strength, 60.0)
    np.testing.assert_allclose(found, np.round(at), atol=1.0)


@settings(max_examples=20, deadline=None)
@given(st.integers(3, 900), st.integers(0, 2**32 - 1), st.floats(5.0, 120.0))
def test_free_beats_rise_and_keep_their_distance(count: int, seed: int, period: float) -> None:
    found = follow_beats(np.random.default_rng(seed).exponential(size=count), period)
    assert len(found) >= 1
    assert (np.diff(found) > period / 2.0 - 2.0).all()
    assert found[0] >= -0.5
    assert found[-1] <= count - 0.5


@pytest.mark.parametrize(
    ("group", "beats_per_bar", "division"), [("4/4", 4, 2), ("3/4", 3, 2), ("6/8", 2, 3), ("5/4", 5, 2)]
)
def test_the_metre_of_a_patterned_bar_is_found(group: str, beats_per_bar: int, division: int) -> None:
    """A low note on the first of a bar, a softer one inside, a chord that changes with the bar, and parts of beats."""
    bar_s = 0.6 * beats_per_bar
    samples = np.zeros(20 * RATE)
    t = np.arange(RATE // 2) / RATE
    chords = ([261.6, 329.6, 392.0], [349.2, 440.0, 523.3], [392.0, 493.9, 587.3], [261.6, 329.6, 392.0])
    for k in range(int(20 / bar_s * beats_per_bar * division)):
        bar, place = divmod(k, beats_per_bar * division)
        at = samples[round(k * 0.6 / division * RATE) :][: len(t)]
        chord = chords[bar % 4]
        on_beat = place % division == 0
        hertz = [chord[0] / 4] if place == 0 else []
        sounds = sum(np.sin(2 * np.pi * h * t) for h in (*chord, *hertz, *hertz))
        at += (0.1 if on_beat else 0.05) * (sounds * np.exp(-t / 0.15))[: len(at)]
    found = rhythm_of(stereo(samples))
    assert (found.beats_per_bar, found.division) == (beats_per_bar, division), group


def test_music_that_keeps_no_tempo_has_that_of_its_median_beat() -> None:
    steps = 0.6 * (1.0 + 0.2 * np.sin(np.arange(60) / 4.0) + 0.1 * (np.arange(60) > 40))
    found = rhythm_of(song(0.5 + np.cumsum(steps[:-1]), 4, 0, 36.0))
    assert found.bpm is not None
    assert found.steady < 0.5
    assert found.bpm == pytest.approx(60.0 * RATE / np.median(np.diff(found.beats)), rel=0.01)
    assert 0 <= found.first_bar < 60.0 / found.bpm * found.beats_per_bar * RATE
