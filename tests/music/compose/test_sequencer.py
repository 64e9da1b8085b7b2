from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.request import RING_S, BarRequest
from soundit_edge.music.compose.sequencer import AHEAD, Sequencer
from soundit_edge.music.director.brief import sure_brief
from soundit_edge.music.mix.bus import MixBus
from soundit_edge.music.synth.synth import Synth
from soundit_edge.music.synth.wavetable import Wavetable
from tests.fakes.synth import FakeSynth

MOODS = (Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY, Emotion.FEARFUL)


def ask(t: float) -> BarRequest:
    return BarRequest(sure_brief(MOODS[int(t // 3) % len(MOODS)]))


def performance(synth: Synth | None = None, seed: int = 1) -> Sequencer:
    return Sequencer(Composer(seed), synth or FakeSynth(), ask)


def test_bars_are_asked_for_two_ahead_with_the_second_at_which_they_begin() -> None:
    asked: list[float] = []

    def wish(t: float) -> BarRequest:
        asked.append(t)
        return ask(t)

    playing = Sequencer(Composer(1), FakeSynth(), wish)
    assert len(asked) == AHEAD + 1
    begins = [0.0]
    for number in range(6):
        bar = playing.bar
        assert bar.number == number
        assert len(asked) == number + AHEAD + 1
        begins.append(begins[-1] + bar.bar_s)
        left = round(begins[-1] * RATE) - round(begins[-2] * RATE)
        while playing.bar is bar:
            playing.render(min(BLOCK, left) or 1)
            left -= min(BLOCK, left)
    assert asked[: len(begins)] == pytest.approx(begins, abs=1e-3)


def test_the_place_in_the_bar_goes_on_evenly() -> None:
    playing = performance()
    assert playing.bars == 0.0
    playing.render(round(playing.bar.bar_s * RATE / 2))
    assert playing.bars == pytest.approx(0.5, abs=1e-4)
    places = []
    for _ in range(2_000):
        playing.render(100)
        places.append(playing.bars)
    assert np.diff(places).min() > 0
    assert int(places[-1]) == playing.bar.number


def test_every_note_is_struck_once_in_time_where_its_bar_is() -> None:
    synth = FakeSynth()
    playing = performance(synth)
    playing.render(30 * RATE)
    assert not synth.late
    again, begin, expected, moved = Composer(1), 0, [], []
    while begin < 28 * RATE:
        bar = again.next_bar(ask(begin / RATE))
        beat = bar.beat_s * RATE
        expected += [(begin + round(n.start * beat), n.pitch, bar.instruments[n.voice]) for n in bar.notes]
        moved += [(begin + round(c.start * beat), c.voice, c.controller, c.value) for c in bar.controls]
        begin += round(bar.bar_s * RATE)
    struck = [(s.start, s.key, s.instrument) for s in synth.strikes]
    assert struck[: len(expected)] == expected
    found = [(c.start, c.part, c.controller, c.value) for c in synth.controls]
    assert found[: len(moved)] == moved


@settings(max_examples=10)
@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=30))
def test_the_samples_do_not_depend_on_how_many_are_asked_for_at_a_time(counts: list[int]) -> None:
    whole = performance(MixBus(Wavetable())).render(sum(counts))
    playing = performance(MixBus(Wavetable()))
    np.testing.assert_array_equal(np.concatenate([playing.render(count) for count in counts]), whole)


def test_another_seed_is_another_piece() -> None:
    first, second = (performance(MixBus(Wavetable()), seed).render(4 * RATE) for seed in (1, 2))
    assert not np.array_equal(first, second)


def test_finishing_comes_home_rings_out_and_is_over() -> None:
    playing = performance(MixBus(Wavetable()))
    playing.render(5 * RATE)
    before = playing.bar.number
    playing.finish()
    assert not playing.over
    pieces: list[Stereo] = []
    while not playing.over:
        pieces.append(playing.render(BLOCK))
        assert len(pieces) < 60 * RATE / BLOCK
    assert playing.bar.last
    assert playing.bar.number == before + AHEAD + 2
    sound = np.concatenate(pieces)
    levels = [float(np.abs(part).max()) for part in np.array_split(sound[-round(RING_S * RATE) :], 6)]
    assert levels[0] > 0.01
    assert all(a >= b for a, b in itertools.pairwise(levels))
    assert np.abs(sound[-BLOCK:]).max() < 1e-4
    assert not playing.render(RATE).any()


def test_a_piece_that_ends_is_the_same_in_any_blocks() -> None:
    def whole(count: int) -> Stereo:
        def closing(t: float) -> BarRequest:
            return BarRequest(sure_brief(Emotion.HAPPY), close=t > 4)

        playing = Sequencer(Composer(2), MixBus(Wavetable()), closing)
        return np.concatenate([playing.render(count) for _ in range(-(-20 * RATE // count))])[: 20 * RATE]

    np.testing.assert_array_equal(whole(20 * RATE), whole(777))
