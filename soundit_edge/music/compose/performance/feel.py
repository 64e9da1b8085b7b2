"""How each mood is played: who comes early and who late, how much it swings, breathes and bends.

Sizes from studies of performances: deviations of some 10 to 30 ms that neighbours share (Juslin, Friberg & Bresin 2002,
who model them as noise with a memory and motor noise of the hand), tempo arches over phrases (Todd 1992), swing and
backbeats behind the beat (Friberg & Sundström 2002).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion
from soundit_edge.music.score import Part


@dataclass(frozen=True, slots=True)
class Feel:
    """How the music of one emotion is played.

    Attributes:
        swing: where the second quaver of a beat lies, 0.5 is in the middle; and how often so.
        push_ms: how much later than the beat a part comes; below zero earlier.
        hand_ms: standard deviation of what the hand of a player is off, note by note.
        drift_ms: standard deviation of what all players lean and hold back together, with a memory.
        strum_ms: time from one string of a chord to the next.
        tempo_arch: how much faster the middle of a phrase is than its ends, as a share.
        arch: how much softer the ends of a phrase are than its middle, 0 to 1.
        linger_ms: how late the last note of a phrase comes.
        vibrato: depth of the modulation on long notes, 0 to 1.
        swell: how much long notes swell, 0 to 1.
        pedal: whether the plucked part lets its strings ring on through a chord.
        scoop: semitones from below which the melody slides up to its notes, 0 to 2.
        drop: semitones by which it slides down at their ends, 0 to 2.
        bent: how many of the longer notes slide so, 0 to 1.
    """

    swing: Mapping[float, float]
    hand_ms: float
    drift_ms: float
    strum_ms: float
    tempo_arch: float
    arch: float
    linger_ms: float
    vibrato: float
    swell: float
    pedal: bool = False
    scoop: float = 0.0
    drop: float = 0.0
    bent: float = 0.0
    push_ms: Mapping[Part, float] = field(default_factory=dict)


FEELS: Final[Mapping[Emotion, Feel]] = MappingProxyType(
    {
        Emotion.NEUTRAL: Feel(
            {0.5: 0.5, 0.54: 0.5}, 5.0, 5.0, 8.0, 0.012, 0.10, 12.0, 0.3, 0.2, push_ms={Part.BASS: 3.0, Part.LEAD: 6.0}
        ),
        Emotion.CALM: Feel(
            {0.5: 1.0}, 5.0, 6.0, 10.0, 0.015, 0.14, 12.0, 0.35, 0.35, pedal=True, push_ms={Part.LEAD: 10.0}
        ),
        Emotion.HAPPY: Feel(
            {0.5: 0.4, 0.535: 0.4, 0.55: 0.2},
            5.0,
            3.0,
            7.0,
            0.004,
            0.06,
            0.0,
            0.15,
            0.1,
            push_ms={Part.LEAD: -4.0, Part.DRUMS: 0.0, Part.BASS: 2.0},
        ),
        Emotion.SAD: Feel({0.5: 1.0}, 6.0, 8.0, 12.0, 0.02, 0.2, 16.0, 0.6, 0.5, pedal=True, push_ms={Part.LEAD: 12.0}),
        Emotion.ANGRY: Feel(
            {0.5: 1.0},
            4.0,
            2.0,
            3.0,
            -0.006,
            0.0,
            0.0,
            0.5,
            0.0,
            scoop=1.0,
            drop=1.0,
            bent=0.3,
            push_ms={Part.PLUCK: -3.0, Part.DRUMS: -5.0, Part.LEAD: -8.0},
        ),
        Emotion.FEARFUL: Feel(
            {0.5: 1.0},
            9.0,
            6.0,
            4.0,
            -0.015,
            -0.1,
            0.0,
            0.9,
            0.7,
            scoop=0.6,
            drop=0.6,
            bent=0.35,
            push_ms={Part.LEAD: -10.0, Part.PLUCK: -4.0},
        ),
        Emotion.DISGUSTED: Feel(
            {0.5: 0.4, 0.66: 0.6},
            8.0,
            7.0,
            8.0,
            0.02,
            0.05,
            12.0,
            0.5,
            0.2,
            scoop=1.2,
            drop=1.8,
            bent=0.6,
            push_ms={Part.LEAD: 8.0, Part.BASS: 6.0},
        ),
        Emotion.SURPRISED: Feel(
            {0.5: 0.6, 0.54: 0.4}, 6.0, 3.0, 6.0, 0.008, 0.05, 0.0, 0.2, 0.1, push_ms={Part.LEAD: -6.0}
        ),
    }
)
