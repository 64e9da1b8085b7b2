"""Music that is composed on a deck, beside tracks, and in the audio process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.music.compose.composition import Composition
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.target import NEUTRAL
from soundit_edge.music.mix.bus import MixBus
from soundit_edge.music.morph.composed_deck import ComposedDeck
from soundit_edge.music.morph.deck import Deck
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.player.player import Player
from soundit_edge.music.player.track_pool import COMPOSED
from soundit_edge.music.source import ComposedSource
from soundit_edge.music.synth.wavetable import Wavetable
from soundit_edge.music.track import Track
from tests.fakes.synth import FakeSynth
from tests.music.signals import sine
from tests.waiting import wait_until

ANGRY = CompositionBrief(Emotion.ANGRY, AFFECT[Emotion.ANGRY], 1.0)
SAD = CompositionBrief(Emotion.SAD, AFFECT[Emotion.SAD], 1.0)


def composition(seed: int = 1) -> Composition:
    return Composition(seed, MixBus(Wavetable()))


def test_the_engine_plays_what_is_composed_and_counts_its_bars() -> None:
    engine = MorphEngine(ComposedDeck(composition()))
    sound = engine.render(6 * RATE)
    assert np.abs(sound).max() > 0.01
    assert 1.5 < engine.bars < 4.0
    assert (engine.in_force.tempo, engine.in_force.semitones) == (NEUTRAL.tempo, NEUTRAL.semitones)


def test_the_same_seed_and_moods_give_the_same_samples() -> None:
    def played() -> Stereo:
        piece = composition(3)
        engine = MorphEngine(ComposedDeck(piece))
        first = engine.render(3 * RATE)
        piece.brief = ANGRY
        return np.concatenate([first, engine.render(3 * RATE)])

    np.testing.assert_array_equal(played(), played())


def test_what_is_asked_for_is_heard_two_bars_later() -> None:
    piece = Composition(1, FakeSynth())
    piece.brief = SAD
    before = piece.bar.bpm
    while piece.bar.number < 2:
        assert piece.bar.bpm == pytest.approx(before, rel=0.05)
        piece.render(BLOCK)
    while piece.bar.number < 8:
        piece.render(BLOCK)
    assert piece.bar.bpm < 0.85 * before
    assert piece.bar.mode in ("aeolian", "dorian")


def test_a_locked_tempo_and_key_come_on_top_of_the_composers_own() -> None:
    plain, locked = (Composition(1, FakeSynth()) for _ in range(2))
    engine = MorphEngine(ComposedDeck(locked))
    engine.set(NEUTRAL.__class__(tempo=1.2, semitones=3.0))
    while locked.bar.number < 12:
        engine.render(BLOCK)
    while plain.bar.number < 12:
        plain.render(BLOCK)
    assert locked.bar.bpm == pytest.approx(1.2 * plain.bar.bpm, rel=0.01)
    assert (locked.bar.tonic - plain.bar.tonic) % 12 == 3


def test_a_track_takes_over_at_a_bar_line_and_back() -> None:
    composed, track = ComposedDeck(composition()), Deck(Track(sine(440.0, 8.0), 120.0))
    engine = MorphEngine(composed)
    engine.render(RATE)
    engine.play(track)
    while engine.decks[0] is composed:
        engine.render(BLOCK)
    assert engine.fading
    engine.play(composed)
    engine.render(6 * RATE)
    assert engine.decks == (composed,)


def test_the_audio_process_composes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_SOUNDFONT", str(tmp_path / "none.sf2"))
    player = Player(f"file:{tmp_path / 'out.wav'}", seconds=4.0, source=ComposedSource(2))
    player.set(NEUTRAL, ANGRY)
    player.start()
    player.ready()
    wait_until(lambda: player.piece and player.piece.key())
    piece = player.piece
    assert piece is not None
    wait_until(lambda: not player.alive)
    player.stop()
    assert player.failure is None
    assert piece.title == COMPOSED
    assert piece.bpm is not None
    assert piece.bpm > 80
    samples = soundfile.read(tmp_path / "out.wav")[0]
    assert len(samples) == 4 * RATE
    assert np.abs(samples).max() > 0.01


def test_a_composing_process_that_dies_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_SOUNDFONT", str(tmp_path / "none.sf2"))  # to read one takes seconds, twice
    player = Player("off", source=ComposedSource(1))
    player.start()
    player.ready()
    wait_until(lambda: player.statistics().seconds > 0.5)
    player._process.kill()
    wait_until(lambda: not player.alive)
    assert player.restart()
    wait_until(lambda: player.statistics().seconds > 1.0)
    assert player.piece is not None
    player.stop()
