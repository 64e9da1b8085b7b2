"""Tracks bent to a film: bar lines on the changes, keys with the bars, one song after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.emotion import Emotion, one_hot
from soundit_edge.film.scoring.morphed import MorphedTrack, MorphedTracks
from soundit_edge.film.spotting.cue_sheet import CueSheet, fitted
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.music.analysis.key import Key
from soundit_edge.music.director.mapping import destination
from soundit_edge.music.track import Track

NEAR_MS = 10.0
STORY = [(Emotion.HAPPY, 4.3), (Emotion.SAD, 5.7), (Emotion.ANGRY, 4.1), (Emotion.CALM, 4.4)]


def beats(bpm: float, hertz: float = 2000.0, bars: int = 8) -> Track:
    """A click on every beat; those on the bar lines are louder and higher."""
    samples = np.zeros((round(RATE * 60 / bpm * 4 * bars), 2), np.float32)
    t = np.arange(400) / RATE
    for beat in range(4 * bars):
        first = beat % 4 == 0
        wave = (0.8 if first else 0.1) * np.sin(2 * np.pi * (hertz if first else hertz / 2) * t) * np.exp(-400 * t)
        samples[round(beat * RATE * 60 / bpm) :][:400] += wave.astype(np.float32)[:, np.newaxis]
    return Track(samples, bpm)


def story(parts: Sequence[tuple[Emotion, float]], bar_s: float) -> CueSheet:
    scenes, begin = [], 0.0
    for emotion, seconds in parts:
        scenes.append(SceneSection(begin, begin + seconds, one_hot(emotion, 0.85)))
        begin += seconds
    return fitted(scenes, lambda s: bar_s / destination(s.emotion, s.affect, s.confidence).tempo)


def rendered(source: MorphedTracks, at_a_time: int = 4800) -> Stereo:
    count = round(source.cue_sheet.seconds * RATE)
    pieces = [source.render(min(at_a_time, count - k)) for k in range(0, count, at_a_time)]
    return np.concatenate(pieces)


def late_ms(sound: Stereo, moment: float) -> float:
    """How much later than a moment the loud click near it sets in."""
    first = max(0, round((moment - 0.09) * RATE))
    level = np.abs(sound[first : round((moment + 0.09) * RATE), 0])
    return float((np.argmax(level > 0.3 * level.max()) + first) / RATE - moment) * 1000


def lines(plan: CueSheet) -> npt.NDArray[np.float64]:
    return np.array([s.section.start + k * s.bar_s for s in plan.cues for k in range(s.bars)])


@pytest.fixture(scope="module")
def scored() -> tuple[MorphedTracks, Stereo]:
    """The story, with beats for music."""
    loaded = MorphedTrack(track := beats(100.0), Key(0, minor=False), "beats")
    source = MorphedTracks(story(STORY, track.bar_s), lambda section: loaded)
    return source, rendered(source)


def test_every_bar_line_is_where_the_plan_has_it(scored: tuple[MorphedTracks, Stereo]) -> None:
    source, sound = scored
    assert sound.shape == (round(18.5 * RATE), 2)
    assert np.abs([late_ms(sound, line) for line in lines(source.cue_sheet)]).max() < NEAR_MS


def test_what_was_played_is_told(scored: tuple[MorphedTracks, Stereo]) -> None:
    played = scored[0].played()
    assert [(p.start, round(p.end, 3)) for p in played] == [(0, 4.3), (4.3, 10.0), (10.0, 14.1), (14.1, 18.5)]
    assert [(p.key, p.mode, p.source) for p in played] == [
        ("D", "major", "beats"),
        ("Bb", "major", "beats"),
        ("B", "major", "beats"),
        ("C", "major", "beats"),
    ]
    fast, slow = (one.tempo_bpm for one in played[:2])
    assert fast is not None
    assert slow is not None
    assert fast > 100 > slow


def test_it_does_not_matter_how_much_is_asked_for() -> None:
    loaded = MorphedTrack(track := beats(100.0), Key(), "beats")
    plan = story([(Emotion.HAPPY, 3.3), (Emotion.SAD, 3.7)], track.bar_s)
    a, b = (rendered(MorphedTracks(plan, lambda section: loaded), size) for size in (4800, 1237))
    np.testing.assert_array_equal(a, b)


def test_another_song_comes_in_at_the_cut() -> None:
    low, high = MorphedTrack(beats(100.0, 500.0), Key(), "low"), MorphedTrack(beats(120.0, 3000.0), Key(), "high")
    plan = story([(Emotion.NEUTRAL, 4.0), (Emotion.NEUTRAL, 8.0)], 2.2)
    source = MorphedTracks(plan, lambda section: high if section.section.start else low)
    sound = rendered(source)
    assert [p.source for p in source.played()] == ["low", "high"]
    spectra = [np.abs(np.fft.rfft(sound[round(a * RATE) :][: 3 * RATE, 0])) for a in (0.0, 8.5)]
    hertz = np.fft.rfftfreq(3 * RATE, 1 / RATE)
    loudest = [float(hertz[spectrum.argmax()]) for spectrum in spectra]
    assert loudest[0] < 1000 < loudest[1]
    late = np.abs([late_ms(sound, line) for line in lines(plan) if not 4.0 < line < 8.5])
    assert late.max() < NEAR_MS, "before the fade, at the cut, and after the fade"


@pytest.mark.parametrize("seconds", [0.3, 1.0])
def test_a_film_may_be_shorter_than_a_bar(seconds: float) -> None:
    loaded = MorphedTrack(track := beats(100.0), Key(), "beats")
    source = MorphedTracks(story([(Emotion.SAD, seconds)], track.bar_s), lambda section: loaded)
    assert rendered(source).shape == (round(seconds * RATE), 2)
    assert len(source.played()) == 1
