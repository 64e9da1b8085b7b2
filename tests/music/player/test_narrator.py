"""Reasons for composed music: every word that is said of it is true of the bars that were heard."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cache

import pytest

from soundit_edge.audio.format import RATE
from soundit_edge.emotion import EMOTIONS, Emotion, Mood, expected_affect, one_hot
from soundit_edge.music.compose.composition import Composition
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.policy import Policy, destination_emotion
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.player.narrator import STEADY_S, ComposerNarrator, HeardBar, heard_bar
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.score import Bar, Part
from tests.fakes.synth import FakeSynth

STEP_S = 0.25  # many times in a bar
FIXED = {"tempo": 1.0, "semitones": 0.0}
PLAIN = HeardBar(0, "major", 96.0, Emotion.NEUTRAL, Instrument.CLARINET, Instrument.NYLON_GUITAR)
HAPPY = HeardBar(2, "lydian", 120.0, Emotion.HAPPY, Instrument.FLUTE, Instrument.STEEL_GUITAR)


def mood(t: float, emotion: Emotion, strength: float = 1.0) -> Mood:
    probabilities = one_hot(emotion, strength)
    return Mood(t, emotion, probabilities, expected_affect(probabilities), max(probabilities))


def heard(bar: Bar) -> HeardBar:
    """A bar as the audio process describes it."""
    found = heard_bar(
        PlayerStatistics.from_row(
            PlayerStatistics(
                bpm=bar.bpm,
                tonic=bar.tonic,
                mode=list(MODES).index(bar.mode),
                style=EMOTIONS.index(bar.character),
                lead=list(Instrument).index(bar.instruments[Part.LEAD]),
                pluck=list(Instrument).index(bar.instruments[Part.PLUCK]),
                asked_tempo=bar.tempo,
                asked_semitones=bar.semitones,
            ).to_row()
        )
    )
    assert found is not None
    return found


@dataclass(frozen=True)
class Said:
    """Words, and the bars that had been heard when they were said, the last one just then."""

    words: str
    bars: list[Bar]
    directed: bool


def evening(
    seed: int, policy: Policy, moods: list[tuple[Emotion, float, float]], choice: MusicControls | None = None
) -> list[Said]:
    """What is said while a real composer plays for a real director, through moods that last some seconds each."""
    said: list[Said] = []
    piece = Composition(seed, FakeSynth())
    director = Director(policy=policy, fixed=FIXED)
    narrator = ComposerNarrator()
    bars = [piece.bar]
    t = 0.0
    for emotion, strength, seconds in moods:
        for _ in range(round(seconds / STEP_S)):
            t += STEP_S
            if choice is not None and t > 20.0:
                director.choose(choice)
            director.bar_s = piece.bar.bar_s
            direction = director.step(mood(t, emotion, strength))
            piece.brief = direction.brief
            piece.tempo, piece.semitones = direction.target.tempo, direction.target.semitones
            piece.render(round(STEP_S * RATE))
            if piece.bar.number != bars[-1].number:
                bars.append(piece.bar)
            for words, directed in (
                (direction.reason, True),
                (narrator.step(t, heard(piece.bar), emotion, destination_emotion(policy, emotion)), False),
            ):
                if words and words not in [s.words for s in said if s.directed is directed]:
                    said.append(Said(words, list(bars), directed))
    return said


EVENING = [
    (Emotion.NEUTRAL, 1.0, 20.0),
    (Emotion.HAPPY, 0.9, 60.0),
    (Emotion.HAPPY, 0.4, 40.0),
    (Emotion.SAD, 1.0, 4.0),
    (Emotion.ANGRY, 1.0, 60.0),
    (Emotion.CALM, 0.8, 120.0),
]


@cache
def followed(seed: int, policy: Policy) -> list[Said]:
    """What is said through that evening; the same for all who ask."""
    return evening(seed, policy, EVENING)


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_reason_is_a_change_that_was_heard(seed: int, policy: Policy) -> None:
    """The director told "tempo up 6 %, key up 2 semitones" of music whose composer did neither."""
    said = followed(seed, policy)
    assert len([s for s in said if not s.directed]) >= 3
    for one in said:
        if one.directed:
            assert not re.search(r"tempo|key", one.words), one.words
            continue
        now, before = one.bars[-1], one.bars[:-1]
        if found := re.search(r"from (\S+ [a-z ]+?) to (\S+ [a-z ]+?)(,|$)", one.words):
            assert (found[1], found[2]) == (heard(before[-1]).key, heard(now).key), one.words
        if found := re.search(r"tempo (up|down) (\d+) %", one.words):
            ratios = [now.bpm / bar.bpm - 1 for bar in before]
            claimed = int(found[2]) / 100 * (1 if found[1] == "up" else -1)
            assert min(abs(claimed - ratio) for ratio in ratios) < 0.006, one.words
        if found := re.search(r"(?:: |, )([\w ]+) and ([\w ]+) play", one.words):
            assert found[1] == now.instruments[Part.LEAD]
            assert found[2] == now.instruments[Part.PLUCK]
        if found := re.search(r"^the music is (?:now|still) (\w+)", one.words):
            assert found[1] == now.character


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_new_key_is_explained(seed: int) -> None:
    said = followed(seed, Policy.FOLLOW)
    bars = max((s.bars for s in said), key=len)
    keys = [
        f"from {heard(a).key} to {heard(b).key}" for a, b in itertools.pairwise(bars) if heard(a).key != heard(b).key
    ]
    assert len(keys) > 3
    told = [s.words for s in said if not s.directed]
    assert [key for key in keys if not any(key in words for words in told)] == []


def test_a_lock_of_tempo_and_key_is_told_by_the_director_alone() -> None:
    locked = evening(
        1, Policy.FOLLOW, [(Emotion.NEUTRAL, 1.0, 60.0)], MusicControls(locks={"tempo": 1.3, "semitones": 3.0})
    )
    [choice] = [s for s in locked if "locked" in s.words]
    assert choice.words == "you locked the tempo, the key: tempo up 30 %, key up 3 semitones"
    assert choice.directed
    bars = locked[-1].bars
    assert not [s.words for s in locked if not s.directed and "tempo" in s.words]
    assert all("new round" in s.words for s in locked if not s.directed), bars


def test_words_for_a_mood_that_the_room_has_too() -> None:
    narrator = ComposerNarrator()
    assert narrator.step(0.0, PLAIN, Emotion.NEUTRAL, None) == ""
    words = narrator.step(1.0, HAPPY, Emotion.HAPPY, None)
    assert words == (
        "the music is now happy, like the room: from C major to D lydian, tempo up 25 %, flute and steel guitar play"
    )
    assert narrator.step(2.0, HAPPY, Emotion.HAPPY, None) == ""


def test_words_for_a_mood_that_the_room_is_led_to() -> None:
    narrator = ComposerNarrator()
    narrator.step(0.0, PLAIN, Emotion.SAD, Emotion.HAPPY)
    words = narrator.step(1.0, HAPPY, Emotion.SAD, Emotion.HAPPY)
    assert words.startswith("leading the room from sad to happy: from C major to D lydian")


def test_a_room_that_has_moved_on_is_not_spoken_of() -> None:
    narrator = ComposerNarrator()
    narrator.step(0.0, PLAIN, Emotion.NEUTRAL, None)
    assert narrator.step(1.0, HAPPY, Emotion.SAD, None).startswith("the music is now happy: from ")


def test_a_tempo_that_moves_is_told_once_it_has_arrived() -> None:
    narrator = ComposerNarrator()
    said = [(t, narrator.step(t, replace(PLAIN, bpm=96.0 + 2 * min(t, 5)), Emotion.NEUTRAL, None)) for t in range(30)]
    assert [one for one in said if one[1]] == [
        (5 + STEADY_S, "the music is still neutral, like the room: tempo up 10 %")
    ]


def test_who_leads_within_a_mood_needs_no_words() -> None:
    narrator = ComposerNarrator()
    narrator.step(0.0, PLAIN, Emotion.NEUTRAL, None)
    assert narrator.step(1.0, replace(PLAIN, lead=Instrument.VIBRAPHONE), Emotion.NEUTRAL, None) == ""


def test_a_track_has_no_bars_that_were_composed() -> None:
    assert heard_bar(PlayerStatistics(bars=3.5)) is None
