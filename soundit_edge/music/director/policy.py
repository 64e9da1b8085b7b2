"""What the music wants of the room: to mirror it, or to lead it somewhere.

Leading follows the iso principle: match the mood first, then lead it away (Starcke, Mayr & von Georgi 2021).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood
from soundit_edge.music.director.brief import CompositionBrief, brief_of
from soundit_edge.music.director.mapping import Preset, destination, interpolate
from soundit_edge.music.director.target import MusicTarget

LEAD_PER_BAR: Final = 0.07
"""Of the way that is left."""
STIRRED: Final = frozenset({Emotion.ANGRY, Emotion.FEARFUL})
"""Moods that a leading policy never makes stronger."""


class Policy(StrEnum):
    """What the music does with the room's mood."""

    FOLLOW = "follow"
    LIFT = "lift"
    CALM = "calm"


_GOALS: Final[Mapping[Policy, Emotion]] = MappingProxyType({Policy.LIFT: Emotion.HAPPY, Policy.CALM: Emotion.CALM})


def destination_emotion(policy: Policy, emotion: Emotion) -> Emotion | None:
    """Return the emotion that a room is led to; None: it is mirrored. Anger and fear are calmed first."""
    if policy is Policy.FOLLOW:
        return None
    return Emotion.CALM if emotion in STIRRED else _GOALS[policy]


def starting_point(policy: Policy, mood: Mood, preset: Preset) -> MusicTarget:
    """Return where the room is, in music: what `Policy.FOLLOW` would play, but without the stir of anger and fear."""
    if policy is Policy.FOLLOW or mood.emotion not in STIRRED:
        return destination(mood.emotion, mood.affect, mood.confidence, preset)
    return destination(Emotion.NEUTRAL, _without_stir(mood.affect), 0.0, preset)


def _without_stir(affect: Affect) -> Affect:
    """Return where anger and fear are met: no more pleasant than they are, and never stirred."""
    return Affect(min(0.0, affect.valence), min(0.0, affect.arousal))


def brief_for(policy: Policy, mood: Mood, bars: float) -> CompositionBrief:
    """Return what to compose, `bars` after the mood turned.

    It goes the same way as `lead_towards` does, but in the plane of valence and arousal instead of in music.
    """
    goal = destination_emotion(policy, mood.emotion)
    if goal is None:
        return brief_of(mood)
    stirred = mood.emotion in STIRRED
    here, there = _without_stir(mood.affect) if stirred else mood.affect, AFFECT[goal]
    share = 1.0 - (1.0 - LEAD_PER_BAR) ** bars
    affect = Affect(
        here.valence + share * (there.valence - here.valence), here.arousal + share * (there.arousal - here.arousal)
    )
    # Half-way the music takes the name of where it leads to; around there no name is sure.
    if share > 0.5:
        return CompositionBrief(goal, affect, 2.0 * share - 1.0)
    name, sure = (Emotion.NEUTRAL, 0.0) if stirred else (mood.emotion, mood.confidence)
    return CompositionBrief(name, affect, sure * (1.0 - 2.0 * share))


def lead_towards(policy: Policy, mood: Mood, here: MusicTarget, bars: float, preset: Preset) -> MusicTarget:
    """Return where the music should be, `bars` after the mood turned; `here` is where the room is, in music."""
    goal = destination_emotion(policy, mood.emotion)
    if goal is None:
        return here
    there = destination(goal, AFFECT[goal], 1.0, preset)
    return interpolate(here, there, 1.0 - (1.0 - LEAD_PER_BAR) ** bars)
