"""An engine that takes the place of another one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.director.target import NEUTRAL
from soundit_edge.music.morph.deck import Deck, open_track
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.player.process.resume import resume_engine
from tests.music.signals import frequency, made_theme, sine, track


@pytest.mark.parametrize("bars", [0.0, 0.4, 1.0, 3.7, 17.3, 250.9])
@pytest.mark.parametrize("semitones", [0.0, 2.0])
def test_it_goes_on_at_the_same_place_in_the_same_key(bars: float, semitones: float) -> None:
    target = replace(NEUTRAL, tempo=1.1, semitones=semitones)
    engine = resume_engine(open_track(track(sine(440.0, 4.0), bar_s=0.5)), bars, target)
    assert engine.bars == pytest.approx(bars, abs=0.04)
    assert engine.in_force.tempo == pytest.approx(1.1)
    engine.set_volume(1.0)
    if bars >= 1.0:
        heard = engine.render(RATE // 2)[RATE // 10 :, 0]
        assert frequency(heard) == pytest.approx(440.0 * 2 ** (semitones / 12), rel=1e-3)


def test_it_plays_what_the_other_one_would_have_played() -> None:
    music = made_theme(1)
    engine = resume_engine(open_track(music), 5.5, NEUTRAL)
    other = MorphEngine(Deck(music))
    while other.bars < 5.5:
        other.render(BLOCK)
    engine.set_volume(1.0)
    engine.render(RATE // 4)
    other.render(RATE // 4)
    ours, theirs = (e.render(RATE)[:, 0].astype(np.float64) for e in (engine, other))
    size = 1 << 18
    alike = np.fft.irfft(np.fft.rfft(ours, size) * np.fft.rfft(theirs, size).conj())
    late = int(np.argmax(alike))
    assert min(late, size - late) < 2 * BLOCK
    assert alike.max() / np.sqrt(np.sum(ours**2) * np.sum(theirs**2)) > 0.9


def test_it_begins_in_silence_and_swells() -> None:
    engine = resume_engine(open_track(track(sine(440.0, 4.0), bar_s=0.5)), 2.2, NEUTRAL)
    assert np.abs(engine.render(BLOCK)).max() < 1e-4
    engine.set_volume(1.0)
    heard = engine.render(RATE // 2)
    assert np.abs(heard[:BLOCK]).max() < 0.05
    assert np.abs(heard[-BLOCK:]).max() > 0.2
