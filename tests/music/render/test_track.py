from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.music.director.mapping import MUSICAL
from soundit_edge.music.render.automation import Automation, Breakpoint, mood_of
from soundit_edge.music.render.track import RenderedBlock, Shift, render_journey, render_mood, render_shift
from soundit_edge.music.track import Track
from tests.music.signals import click_level, frequency, made_theme, sine, stereo, tone_snr, track, true_peak_db


def joined(pieces: Iterable[RenderedBlock]) -> Stereo:
    return np.concatenate([piece.samples for piece in pieces])


def constant(samples: Stereo, tempo: float, semitones: float) -> Stereo:
    return joined(render_shift(track(samples), lambda t: Shift(tempo, semitones)))


@settings(max_examples=25)
@given(st.floats(0.5, 2.0), st.floats(-12.0, 12.0), st.integers(1, RATE))
def test_it_is_as_long_as_the_tempo_says_to_the_sample(tempo: float, semitones: float, count: int) -> None:
    out = constant(np.zeros((count, 2), dtype=np.float32), tempo, semitones)
    assert abs(len(out) - count / tempo) <= 2
    assert not out.any()


@pytest.mark.parametrize(("tempo", "semitones"), [(0.7, 0.0), (1.3, 0.0), (1.0, 4.0), (1.0, -5.0), (1.2, 12.0)])
def test_a_tone_is_exactly_as_high_as_asked_for(tempo: float, semitones: float) -> None:
    out = constant(sine(440.0, 3.0), tempo, semitones)
    middle = out[RATE // 2 : -RATE // 2, 0]
    assert abs(1200 * np.log2(frequency(middle) / 440.0) - 100 * semitones) < 0.1
    assert tone_snr(middle[: RATE // 5], [440.0 * 2 ** (semitones / 12)]) > 90.0


@pytest.mark.parametrize(("tempo", "semitones"), [(1.0, 0.0), (0.8, 0.0), (1.5, 0.0), (1.0, 7.0), (0.9, -3.0)])
def test_what_the_track_has_at_a_moment_comes_at_that_moment(tempo: float, semitones: float) -> None:
    samples = np.zeros(5 * RATE)
    beats = np.arange(0.2, 4.8, 0.5)
    burst = np.random.default_rng(0).standard_normal(600) * np.exp(-np.arange(600) / 100.0)
    for beat in beats:
        samples[round(beat * RATE) : round(beat * RATE) + 600] += 0.1 * burst
    out = constant(stereo(samples), tempo, semitones)[:, 0]
    for beat in beats:
        due = round(beat * RATE / tempo)
        near = out[due - RATE // 20 : due + RATE // 20]
        rising = np.argmax(np.abs(near) > 0.25 * np.abs(near).max()) - RATE // 20
        assert abs(rising) < 0.004 * RATE


def test_at_its_own_tempo_and_key_the_track_is_what_it_is() -> None:
    samples = made_theme(1).sound[: 4 * RATE]
    out = constant(samples, 1.0, 0.0)
    assert len(out) == len(samples)
    # Where the bands meet they do not add up quite, and the resampler is late by a part of a sample.
    assert np.std(out - samples) / np.std(samples) < 0.08


def test_nothing_but_the_limiter_stands_above_the_ceiling() -> None:
    loud = stereo(np.sign(np.sin(2 * np.pi * 110.0 * np.arange(RATE) / RATE)))
    assert true_peak_db(constant(loud, 0.9, 2.0)) < -1.0


def test_a_change_sets_out_at_its_moment_and_does_not_click() -> None:
    journey = Automation(
        [Breakpoint(0.0, None, 1.0, 0.0), Breakpoint(1.0, None, 1.3, None), Breakpoint(2.0, None, 1.3, 4.0)]
    )
    out = joined(render_journey(track(sine(440.0, 4.0)), journey))
    before, after = out[: round(1.95 * RATE), 0], out[round(2.25 * RATE) : 3 * RATE, 0]
    assert frequency(before[RATE // 4 :]) == pytest.approx(440.0, abs=0.01)
    assert frequency(after[: RATE // 4]) == pytest.approx(440.0 * 2 ** (4 / 12), abs=0.01)
    assert click_level(out[: -RATE // 10, 0]) < -85.0  # the tone itself ends all of a sudden
    # A second at its own tempo, three at 1.3, and a few hundredths on the way.
    assert len(out) / RATE == pytest.approx(1.0 + 3.0 / 1.3, abs=0.06)


def test_what_a_journey_wants_at_first_is_there_from_the_first_sample() -> None:
    samples = sine(440.0, 2.0)
    moments = [Breakpoint(0.0, None, 0.8, 3.0)]
    np.testing.assert_array_equal(
        joined(render_journey(track(samples), Automation(moments))), constant(samples, 0.8, 3.0)
    )


@pytest.mark.parametrize("emotion", Emotion)
def test_a_mood_is_in_force_from_the_first_sample_to_the_last(emotion: Emotion) -> None:
    music = Track(sine(440.0, 3.0), bpm=120.0)
    out = joined(render_mood(music, emotion, None, None))
    row = MUSICAL.table[emotion]
    assert len(out) / RATE == pytest.approx(3.0 / row.tempo, abs=0.02)
    for at in (0.3, len(out) / RATE - 1.0):
        heard = out[round(at * RATE) : round((at + 0.5) * RATE), 0]
        assert frequency(heard) == pytest.approx(440.0 * 2 ** (row.semitones / 12), rel=1e-3)


@pytest.mark.parametrize("lines", [[0, 45_000, 100_000], [35_000, 75_000], [143_999]])
def test_where_bar_lines_are_uneven_a_mood_is_in_force_from_the_first_sample_too(lines: list[int]) -> None:
    music = Track(sine(440.0, 3.0), 120.0, first_bar=lines[0], bar_lines=np.array(lines))
    out = joined(render_mood(music, Emotion.SAD, None, None))
    row = MUSICAL.table[Emotion.SAD]
    assert len(out) / RATE == pytest.approx(3.0 / row.tempo, abs=0.02)
    heard = out[round(0.3 * RATE) : round(0.8 * RATE), 0]
    assert frequency(heard) == pytest.approx(440.0 * 2 ** (row.semitones / 12), rel=1e-3)


def test_a_tempo_and_a_key_of_ones_own_go_before_the_moods() -> None:
    out = joined(render_mood(Track(sine(440.0, 4.0), bpm=120.0), Emotion.SAD, 1.0, 1.0))
    assert len(out) / RATE == pytest.approx(4.0, abs=0.02)
    assert frequency(out[RATE:-RATE, 0]) == pytest.approx(440.0 * 2 ** (1 / 12), rel=1e-4)


def test_a_journey_of_moods_is_led_by_the_director() -> None:
    music = Track(sine(440.0, 20.0), bpm=120.0)
    happy = replace(mood_of(4.0, Emotion.HAPPY, None), affect=AFFECT[Emotion.HAPPY])
    out = joined(render_journey(music, Automation([Breakpoint(4.0, happy)])))
    assert frequency(out[2 * RATE : 4 * RATE, 0]) == pytest.approx(440.0, rel=1e-4)
    assert frequency(out[-2 * RATE :, 0]) == pytest.approx(440.0 * 2 ** (2 / 12), rel=1e-4)
    # Slowly, two per cent a second at most, up to 1.1.
    assert 20.0 / 1.1 + 0.4 < len(out) / RATE < 19.5


def test_the_end_of_a_track_under_a_mood_does_not_click() -> None:
    out = joined(render_mood(Track(sine(440.0, 2.0), bpm=120.0), Emotion.CALM, None, None))
    assert np.abs(out[-8:]).max() < 0.02


def test_a_render_tells_how_far_it_is() -> None:
    done = [piece.done for piece in render_shift(track(sine(440.0, 1.0)), lambda t: Shift())]
    assert done == sorted(done)
    assert (done[0] < 0.1, done[-1]) == (True, 1.0)
    assert len(done) < RATE / BLOCK + 40


@pytest.mark.parametrize("count", [1, 480])
def test_the_shortest_track_under_a_mood(count: int) -> None:
    out = joined(render_mood(Track(sine(440.0, 1.0)[:count], bpm=120.0), Emotion.HAPPY, None, None))
    assert len(out) <= count / MUSICAL.table[Emotion.HAPPY].tempo + BLOCK
