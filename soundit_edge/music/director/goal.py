"""Where the music should go: the policy and the preset, applied to the mood of one moment.

Nothing here remembers anything. How fast the music goes there is `glide`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from soundit_edge.emotion import Emotion, Mood
from soundit_edge.music.director.brief import CompositionBrief, brief_of
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.mapping import destination, interpolate
from soundit_edge.music.director.policy import brief_for, destination_emotion, lead_towards, starting_point
from soundit_edge.music.director.target import NEUTRAL, MusicTarget

SURPRISE_BARS: Final = 2.0
"""Bars for which a surprise lasts. It fades over as many again."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Where the music should go at one moment.

    Attributes:
        target: the parameters, without the user's locks; `semitones` is not rounded yet.
        brief: the same for a composer.
        leads_to: the emotion that the room is led to; None: the room is mirrored.
    """

    target: MusicTarget
    brief: CompositionBrief
    leads_to: Emotion | None


def goal_for(mood: Mood, controls: MusicControls, mood_bars: float, leading_bars: float) -> Goal:
    """Return where the music should go.

    Args:
        mood: what the room feels.
        controls: what the user has chosen; the locks are left to `Glide`.
        mood_bars: bars played since the room began to feel so, 0 or more.
        leading_bars: bars played since the music began to lead the room away from there, 0 or more.
    """
    policy, preset = controls.policy, controls.preset
    if controls.asked:
        felt = controls.asked.mood_at(mood)
        return Goal(destination(felt.emotion, felt.affect, felt.confidence, preset), brief_of(felt), None)
    here = starting_point(policy, mood, preset)
    if mood.emotion is Emotion.SURPRISED:
        here = interpolate(here, NEUTRAL, _surprise_gone(mood_bars))
    return Goal(
        target=lead_towards(policy, mood, here, leading_bars, preset),
        brief=brief_for(policy, mood, leading_bars),
        leads_to=destination_emotion(policy, mood.emotion),
    )


def _surprise_gone(bars: float) -> float:
    """Return how much of a surprise has faded after some bars, 0 to 1: nobody is surprised for long."""
    return min(1.0, max(0.0, bars / SURPRISE_BARS - 1.0))
