"""Where each part stands in the mix, and what a mood makes of it.

The places are complementary: what is left has its answer on the right, and the lead and what is low stay in the middle.
A part is moved by levels alone and never by a delay between the channels, so that the sum of both keeps its tone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.score import Part


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a part stands.

    Attributes:
        level_db: beside the others; an instrument of any part is as loud as any other, for each synthesiser brings its
            own to the same loudness.
        pan: -1 is left, 1 is right.
        width: what its own left minus right is multiplied with.
        room: how much of it the early reflections get, 1 is as much as the dry sound.
    """

    level_db: float
    pan: float
    width: float
    room: float


PLACES: Final[Mapping[Part, Placement]] = MappingProxyType(
    {
        Part.LEAD: Placement(0.0, 0.12, 1.0, 0.45),
        Part.PAD: Placement(-7.0, 0.3, 1.6, 1.0),
        Part.PLUCK: Placement(-5.0, -0.55, 1.2, 0.7),
        Part.BASS: Placement(-1.5, 0.0, 0.5, 0.1),
        Part.DRUMS: Placement(-1.0, 0.0, 1.5, 0.3),
        Part.STINGER: Placement(-2.0, 0.0, 1.3, 0.8),
        Part.SHAKER: Placement(-6.0, -0.3, 1.0, 0.4),
    }
)


@dataclass(frozen=True, slots=True)
class Balance:
    """What a mood makes of the mix.

    Attributes:
        levels_db: bring the music of each ensemble, in their order, to the middle of the leveller; how loud a mood is
            to be beside the others is the director's.
        trim_db: brings what leaves the bus to -18 LUFS, the loudness of a library's tracks.
        room: what the reflections are multiplied with.
        low: what is added of the lows, as a share: below 0 is thinner.
        air: what is added of the highs, as a share.
    """

    levels_db: tuple[float, float, float]
    trim_db: float
    room: float
    low: float
    air: float


BALANCES: Final[Mapping[Emotion, Balance]] = MappingProxyType(
    {
        Emotion.NEUTRAL: Balance((2.0, 0.9, 1.9), trim_db=1.3, room=0.9, low=0.0, air=-0.25),
        Emotion.CALM: Balance((6.8, 9.5, 10.7), trim_db=-1.0, room=0.8, low=0.0, air=1.5),
        Emotion.HAPPY: Balance((-0.6, -0.6, -0.6), trim_db=1.7, room=1.2, low=-0.2, air=-0.4),
        Emotion.SAD: Balance((6.5, 12.5, 13.7), trim_db=-1.7, room=0.75, low=0.0, air=4.0),
        Emotion.ANGRY: Balance((-4.5, -4.5, -4.4), trim_db=0.5, room=1.9, low=-0.5, air=-0.5),
        Emotion.FEARFUL: Balance((2.7, 1.0, 2.1), trim_db=1.6, room=0.9, low=0.0, air=0.3),
        Emotion.DISGUSTED: Balance((1.4, 3.0, 1.7), trim_db=1.5, room=1.25, low=-0.2, air=0.0),
        Emotion.SURPRISED: Balance((2.3, -0.7, 2.0), trim_db=2.2, room=1.1, low=-0.4, air=-0.35),
    }
)
"""Levels: by `python -m tools.music.balance 45`. Trim, room and tone: by what `make bench-ears` measures of the mix."""

COMPUTED_AIR: Final = 0.2
"""Share of the air that a synthesiser without recordings is given, or spared: its sounds have highs of their own."""
COMPUTED_TRIMS_DB: Final[Mapping[Emotion, float]] = MappingProxyType(
    {
        Emotion.NEUTRAL: 1.0,
        Emotion.CALM: 0.5,
        Emotion.HAPPY: 0.3,
        Emotion.SAD: 2.0,
        Emotion.ANGRY: 2.3,
        Emotion.SURPRISED: -0.5,
    }
)
"""What its moods need beside the others' trims, to be as loud as those of a SoundFont."""


def level_db(emotion: Emotion, ensemble: Ensemble) -> float:
    """Return the level of an ensemble's music in a mood."""
    return BALANCES[emotion].levels_db[list(Ensemble).index(ensemble)]
