from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.music.morph.deck import Deck, open_track
from soundit_edge.music.morph.decks import FADE_S, Decks
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.morph.transition import Transition
from tests.music.signals import click_level, decibels, sine, track

LOW, HIGH = 440.0, 1_000.0


def two_decks() -> tuple[Deck, Deck]:
    return Deck(track(sine(LOW, 4.0), 1.0)), Deck(track(sine(HIGH, 4.0), 1.0))


def played(decks: Decks, seconds: float) -> Stereo:
    return np.concatenate([decks.block(1.0, 0.0) for _ in range(round(seconds * RATE / BLOCK))])


def level(samples: Stereo, hertz: float, at_s: float) -> float:
    """Amplitude of a tone about a moment."""
    size = RATE // 10
    begin = round(at_s * RATE) - size // 2
    window = np.hanning(size)
    turning = np.exp(-2j * np.pi * hertz * np.arange(size) / RATE)
    return float(2 * np.abs((samples[begin : begin + size, 0] * turning * window).sum()) / window.sum() / 0.3)


def test_the_other_track_comes_at_the_bar_line_with_equal_power() -> None:
    first, second = two_decks()
    decks = Decks(first)
    played(decks, 0.5)
    decks.play(second)
    out = played(decks, 6.0)
    begin = 0.5  # the bar line
    assert level(out, HIGH, begin - 0.1) < 0.001
    for share in (0.25, 0.5, 0.75):
        at = begin + share * FADE_S
        assert level(out, LOW, at) == pytest.approx(np.cos(np.pi / 2 * share), abs=0.02)
        assert level(out, HIGH, at) == pytest.approx(np.sin(np.pi / 2 * share), abs=0.02)
    assert level(out, LOW, begin + FADE_S + 0.2) < 0.001
    assert level(out, HIGH, begin + FADE_S + 0.2) == pytest.approx(1.0, abs=0.01)
    assert decks.deck is second


def test_the_other_track_begins_with_its_first_bar_on_the_bar_line() -> None:
    first, _ = two_decks()
    decks = Decks(first)
    played(decks, 0.5)
    decks.play(Deck(track(sine(HIGH, 4.0), 1.0)))
    played(decks, 6.0)
    # Both tracks have bars of a second, and both began at a bar line.
    other = Decks(Deck(first.track))
    played(other, 6.5)
    assert decks.deck.bars % 1.0 == pytest.approx(other.deck.bars % 1.0, abs=0.004)


def test_the_other_track_comes_in_at_its_first_bar_line_and_not_at_its_pick_up() -> None:
    first, second = two_decks()
    samples = sine(HIGH, 4.0)
    samples[: RATE // 2] = sine(2_000.0, 0.5)
    decks = Decks(first)
    played(decks, 0.5)
    with_pick_up = replace(second.track, samples=samples, first_bar=RATE // 2)
    decks.play(open_track(with_pick_up)(0.0))
    out = played(decks, 3.0)
    assert level(out, HIGH, 0.5 + FADE_S / 2) == pytest.approx(np.sin(np.pi / 4), abs=0.02)
    assert level(out, 2_000.0, 0.75) < 0.005


def test_half_way_it_turns_round() -> None:
    first, second = two_decks()
    decks = Decks(first)
    decks.play(second)
    out = [played(decks, 1.0 + 0.4 * FADE_S)]
    decks.play(first)
    out.append(played(decks, 0.4 * FADE_S + 0.5))
    samples = np.concatenate(out)
    top = 1.0 + 0.4 * FADE_S
    for apart in (0.2, 0.8):
        assert level(samples, HIGH, top - apart) == pytest.approx(level(samples, HIGH, top + apart), abs=0.02)
    assert level(samples, HIGH, top + 0.4 * FADE_S + 0.3) < 0.001
    assert decks.deck is first
    # And once more, all the way: from its first bar.
    again = Deck(second.track)
    decks.play(again)
    played(decks, 1.0 + FADE_S + 0.5)
    assert decks.deck is again


def test_a_third_track_waits_until_the_fade_is_over() -> None:
    first, second = two_decks()
    third = Deck(track(sine(2_000.0, 4.0), 1.0))
    decks = Decks(first)
    decks.play(second)
    played(decks, 2.0)
    decks.play(third)
    assert level(played(decks, 2.5), 2_000.0, 1.0) < 0.001
    played(decks, 2.0 + FADE_S + 1.0)
    assert decks.deck is third


def test_what_plays_already_stays_and_takes_back_what_waits() -> None:
    first, second = two_decks()
    decks = Decks(first)
    played(decks, 0.2)
    decks.play(second)
    decks.play(first)
    out = played(decks, 3.0)
    assert level(out, HIGH, 2.0) < 0.001
    assert level(out, LOW, 2.0) == pytest.approx(1.0, abs=0.01)


def test_unlike_music_stays_as_loud() -> None:
    noise = [np.random.default_rng(k).standard_normal((4 * RATE, 2)).astype(np.float32) * 0.1 for k in range(2)]
    decks = Decks(Deck(track(noise[0], 1.0)))
    decks.play(Deck(track(noise[1], 1.0)))
    out = played(decks, 7.0)[RATE // 2 :]
    levels = [decibels(float(np.std(out[k : k + RATE // 4]) / 0.1)) for k in range(0, len(out) - RATE // 4, RATE // 4)]
    assert max(np.abs(levels)) < 0.5


def test_the_engine_goes_over_without_a_click_and_tells_the_place_in_the_new_track() -> None:
    first, second = two_decks()
    engine = MorphEngine(first)
    engine.render(RATE // 2)
    engine.play(second)
    out = [engine.render(2 * RATE)]
    engine.play(first)
    out.append(engine.render(RATE))
    engine.play(second)
    out.append(engine.render(5 * RATE))
    assert click_level(np.concatenate(out)[:, 0]) < -85.0
    # The line that it began at was half a second after the call.
    assert engine.bars == pytest.approx(7.5, abs=0.1)


def test_a_track_that_meets_another_keeps_its_pace_until_it_is_alone_and_then_glides() -> None:
    first, second = two_decks()
    decks = Decks(first)
    decks.play(second, Transition(1.1, 2.0))
    played(decks, 1.0 + FADE_S / 2)
    coming = decks.deck if decks.deck is second else decks._coming
    assert coming is not None
    assert (coming.tempo, coming.semitones) == (1.1, 2.0)
    played(decks, FADE_S / 2 + 1.5)
    assert decks.deck is second
    assert 1.06 < decks.deck.tempo < 1.1
    assert decks.deck.semitones == 0.0
    played(decks, 6.0)
    assert decks.deck.tempo == 1.0
    assert not decks.fading


def test_a_track_that_turns_round_is_left_as_it_was() -> None:
    first, second = two_decks()
    decks = Decks(first)
    decks.play(second, Transition(1.1, 2.0))
    played(decks, 2.0)
    decks.play(first)
    played(decks, 6.0)
    assert decks.deck is first
    assert (decks.deck.tempo, decks.deck.semitones) == (1.0, 0.0)
