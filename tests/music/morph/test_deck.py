from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from soundit_edge.audio.format import BLOCK, FULL_SCALE, RATE, Stereo
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.morph.deck import Deck
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.track import Track
from tests.music.signals import click_level, decibels, frequency, sine, stereo, tone_snr, track


def played(deck: Deck, seconds: float, tempo: float = 1.0, semitones: float = 0.0) -> Stereo:
    return np.concatenate([deck.render(BLOCK, tempo, semitones) for _ in range(round(seconds * RATE / BLOCK))])


@pytest.mark.parametrize(("first", "then"), list(itertools.permutations(QualityLevel, 2)))
@pytest.mark.parametrize("hertz", [440.0, 1_500.0, 3_000.0])
def test_from_any_rung_to_any_other_without_a_click_or_a_gap(
    first: QualityLevel, then: QualityLevel, hertz: float
) -> None:
    """At a tempo at which the plain track sounds higher: there a tone may waver while two of it sound, no more."""
    deck = Deck(track(sine(hertz, 4.0), 0.05))
    deck.quality = first
    before = played(deck, 1.0, 1.1)
    deck.quality = then
    after = played(deck, 1.0, 1.1)
    out = np.concatenate([before, after])[RATE // 4 :, 0].astype(np.float64)
    power = np.convolve(np.square(out), np.full(960, 1 / 960), mode="valid")
    assert decibels(float(np.sqrt(power.min() / np.median(power)))) > (
        -14.0 if QualityLevel.RESAMPLE in (first, then) else -0.5
    )
    assert decibels(float(np.sqrt(power.max() / np.median(power)))) < 0.5
    if hertz < 3_000:  # of a higher tone the measure's filter lets some through
        assert click_level(out) < -85.0


@pytest.mark.parametrize("rung", [QualityLevel.SINGLE_BAND, QualityLevel.NO_ROOM])
def test_with_a_single_band_the_pitch_and_the_tempo_stay(rung: QualityLevel) -> None:
    deck = Deck(track(sine(440.0, 4.0), 0.05))
    deck.quality = rung
    played(deck, 1.0, 0.9, 2.0)
    assert tone_snr(played(deck, 1.0, 0.9, 2.0)[:, 0], [440.0 * 2 ** (2 / 12)]) > 90.0


def test_the_plain_track_is_read_at_the_tempo_and_its_pitch_goes_with_it() -> None:
    deck = Deck(track(sine(440.0, 4.0), 1.0))
    deck.quality = QualityLevel.RESAMPLE
    played(deck, 1.0, 1.1, 5.0)
    before = deck.bars
    out = played(deck, 2.0, 1.1, 5.0)
    assert frequency(out[:, 0].astype(np.float64)) == pytest.approx(440.0 * 1.1, rel=1e-4)
    assert deck.bars - before == pytest.approx(len(out) / RATE * 1.1, abs=0.01)


def test_from_the_plain_track_to_the_stretcher_at_its_own_speed_nothing_changes() -> None:
    samples = stereo(np.random.default_rng(0).standard_normal(4 * RATE) * 0.1)
    plain, climbing = Deck(track(samples)), Deck(track(samples))
    plain.quality = climbing.quality = QualityLevel.RESAMPLE
    a, b = played(plain, 1.0), played(climbing, 1.0)
    climbing.quality = QualityLevel.NO_ROOM
    a, b = np.concatenate([a, played(plain, 1.0)]), np.concatenate([b, played(climbing, 1.0)])
    np.testing.assert_allclose(a, b, atol=1e-4)


def test_every_rung_keeps_the_place_in_the_track() -> None:
    deck = Deck(track(sine(440.0, 4.0), 1.0))
    count = 0
    for k in range(40):
        deck.quality = QualityLevel(k % 4)
        count += len(played(deck, 0.25, 1.1))
    # Each fall to the plain track and climb back costs two hops at its own speed, 4 ms here.
    assert deck.bars == pytest.approx(1.1 * count / RATE, abs=0.06)


def test_the_engine_fades_the_room_and_the_wah_away_on_the_lower_rungs() -> None:
    engine = MorphEngine(Deck(track(sine(440.0, 4.0), 0.05)))
    wanted = MusicTarget(wet=0.3, wah=0.8)
    engine.set(wanted)
    engine.render(RATE)
    assert (engine.in_force.wet, engine.in_force.wah) == (0.3, 0.8)
    out = []
    for rung in (*QualityLevel, QualityLevel.FULL, QualityLevel.RESAMPLE, QualityLevel.SINGLE_BAND, QualityLevel.FULL):
        engine.set_quality(rung)
        out.append(engine.render(RATE))
        away = rung >= QualityLevel.NO_ROOM
        assert (engine.in_force.wet, engine.in_force.wah) == ((0.0, 0.0) if away else (0.3, 0.8))
    assert click_level(np.concatenate(out)[:, 0]) < -85.0


def clicks(bar_s: float, count: int) -> Stereo:
    """A short click in the middle of each bar."""
    samples = np.zeros((round(bar_s * RATE) * count, 2), dtype=np.float32)
    for k in range(count):
        at = round((k + 0.5) * bar_s * RATE)
        samples[at - 4 : at + 5] = 0.5 * np.hanning(9)[:, np.newaxis]
    return samples


@pytest.mark.parametrize(("tempo", "semitones"), [(1.0, 0.0), (0.8, 0.0), (1.2, 0.0), (1.0, 4.0), (1.0, -5.0)])
@pytest.mark.parametrize("first_bar", [0, 5_000])
def test_the_bars_are_those_that_are_heard(tempo: float, semitones: float, first_bar: int) -> None:
    """To 0.7 ms; the click lies a little behind its onset, which is what comes when it is due."""
    deck = Deck(replace(track(np.roll(clicks(1.0, 8), first_bar, axis=0)), first_bar=first_bar))
    blocks, bars = [], []
    while deck.bars < 4.6:  # a little beyond the last click
        blocks.append(deck.render(BLOCK, tempo, semitones)[:, 0].astype(np.float64))
        bars.append(deck.bars)
    out = np.concatenate(blocks)
    for bar in (2, 3, 4):
        at = float(np.interp(bar + 0.5, bars, BLOCK * np.arange(1, len(bars) + 1)))
        around = np.arange(round(at) - 1_500, round(at) + 1_500)
        energy = np.square(out[around])
        assert float((around * energy).sum() / energy.sum()) == pytest.approx(at, abs=0.0007 * RATE)


def test_a_new_key_waits_for_the_first_bar_line_behind_a_pick_up() -> None:
    deck = Deck(replace(track(sine(440.0, 4.0), 2.0), first_bar=RATE // 2))
    assert deck.bars == pytest.approx(-0.25)
    out = played(deck, 2.0, 1.0, 4.0)[:, 0]
    assert tone_snr(out[RATE // 8 : RATE * 4 // 10], [440.0]) > 60.0
    assert tone_snr(out[RATE * 8 // 10 :], [440.0 * 2 ** (4 / 12)]) > 60.0


def test_a_new_key_waits_for_the_tracks_own_bar_lines() -> None:
    lines = np.array([0, RATE // 2, RATE * 2])
    deck = Deck(replace(track(sine(440.0, 4.0), 0.3), bar_lines=lines))
    before = played(deck, 0.6, 1.0)
    assert deck.bars == pytest.approx(1.0 + 0.1 / 1.5, abs=0.01)
    out = np.concatenate([before, played(deck, 2.4, 1.0, 4.0)])[:, 0]
    assert tone_snr(out[RATE // 8 : RATE * 19 // 10], [440.0]) > 60.0
    assert tone_snr(out[RATE * 23 // 10 :], [440.0 * 2 ** (4 / 12)]) > 60.0


@pytest.mark.parametrize("rung", [QualityLevel.FULL, QualityLevel.SINGLE_BAND, QualityLevel.RESAMPLE])
def test_int16_samples_sound_as_the_same_in_float32(rung: QualityLevel) -> None:
    kept = np.round(np.random.default_rng(0).standard_normal((2 * RATE, 2)) * 3_000).astype(np.int16)
    short = Track(kept, 120.0, onsets=np.zeros(0, dtype=np.int64))
    whole = replace(short, samples=short.sound)
    out = []
    for music in (short, whole):
        deck = Deck(music)
        deck.quality = rung
        out.append(played(deck, 1.0, 1.1, 2.0))
    assert np.std(out[0] - out[1]) < 0.1 / FULL_SCALE
    assert np.std(out[0]) > 1_000 / FULL_SCALE


def test_where_the_bands_meet_a_tone_is_as_loud_as_it_was() -> None:
    """From the first hop on at another tempo, and after the single band."""
    for hertz in (1_400.0, 1_600.0, 1_800.0):
        deck = Deck(track(sine(hertz, 4.0)))
        before = played(deck, 1.0, 1.1)[RATE // 2 :]
        deck.quality = QualityLevel.SINGLE_BAND
        played(deck, 0.5, 1.1)
        deck.quality = QualityLevel.FULL
        after = played(deck, 1.0, 1.1)[RATE // 2 :]
        for out in (before, after):
            assert decibels(float(np.std(out) / np.std(deck.track.sound))) == pytest.approx(0.0, abs=0.3)
