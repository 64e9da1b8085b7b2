"""What mood music is wished for: the room's, or the one that it is led to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood
from soundit_edge.modalities import MODALITIES
from soundit_edge.music.director.policy import Policy, destination_emotion

ASKED: Final = tuple(row.name for row in MODALITIES.values() if row.requests_music)
"""The senses that each choose for themselves; the room's mood chooses where none of them has anything to say."""
LEAD_PER_SONG: Final = 0.85
"""Of the way that is left. The bars of a song lead on from where it begins; see `policy.LEAD_PER_BAR`."""


@dataclass(frozen=True, slots=True)
class MoodRequest:
    """A mood that music is wished for.

    Attributes:
        emotion, affect: what the music should be like.
        confidence: how sure that is, 0 to 1.
        felt: what whoever it is for feels now.
        felt_affect: the same as a place in the plane.
        who: "face", "voice", or "mood" for the room as a whole.
        policy: what made `emotion` of `felt`.
        weight: how much it counts beside other requests, above 0.
    """

    emotion: Emotion
    affect: Affect
    confidence: float
    felt: Emotion
    felt_affect: Affect
    who: str = "mood"
    policy: Policy = Policy.FOLLOW
    weight: float = 1.0

    @property
    def leads(self) -> bool:
        """Return whether it is for another mood than the present one."""
        return self.emotion is not self.felt


def request_for(
    felt: Emotion,
    affect: Affect | None = None,
    confidence: float = 1.0,
    *,
    policy: Policy = Policy.FOLLOW,
    who: str = "mood",
    weight: float = 1.0,
) -> MoodRequest:
    """Return what should be played to somebody who feels so; the emotion's own place in the plane where no other is
    given.

    A policy that leads goes most of the way at once, and is as sure of it as of what is felt.

    Raises:
        ValueError: the weight is not above 0, or the confidence not between 0 and 1.
    """
    if not weight > 0 or not 0 <= confidence <= 1:
        raise ValueError(f"a request weighs more than 0 and is sure by 0 to 1, not {weight} and {confidence}")
    here = AFFECT[felt] if affect is None else affect
    goal = destination_emotion(policy, felt)
    if goal is None:
        return MoodRequest(felt, here, confidence, felt, here, who, policy, weight)
    there = AFFECT[goal]
    place = Affect(
        here.valence + LEAD_PER_SONG * (there.valence - here.valence),
        here.arousal + LEAD_PER_SONG * (there.arousal - here.arousal),
    )
    return MoodRequest(goal, place, confidence, felt, here, who, policy, weight)


def requests_of(mood: Mood, policy: Policy = Policy.FOLLOW) -> list[MoodRequest]:
    """Return what each sense that requests music asks for, weighted by its trust; the room's where none is read."""
    readings = [mood.senses[name] for name in ASKED if name in mood.senses and mood.senses[name].trust > 0]
    if not readings:
        return [request_for(mood.emotion, mood.affect, mood.confidence, policy=policy)]
    return [
        request_for(
            reading.emotion,
            reading.affect,
            max(reading.probabilities),
            policy=policy,
            who=reading.sense,
            weight=reading.trust,
        )
        for reading in readings
    ]
