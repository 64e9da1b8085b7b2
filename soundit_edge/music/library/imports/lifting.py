"""Which songs do somebody good who is in a mood: the rule of those who asked listeners first.

Of the listeners who came in that mood, more than half liked the song, and more than half felt what answers the mood.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.music.library.recommend.lift import AGREED, ANSWERS
from soundit_edge.music.library.song import Song

MOODS: Final = (1, 5)
"""Of listeners before they listen: from very bad to very good."""
_BETWEEN: Final = 0.3  # of valence: an emotion from -0.3 to 0.3 is that of a listener in the middle


@dataclass(frozen=True, slots=True)
class Group:
    """What the listeners of one song who came in one mood said.

    Attributes:
        mood: 1 to 5.
        listeners: how many they are, 1 or more.
        liking: share of them who liked the song.
        feelings: share of them who had each feeling.
    """

    mood: int
    listeners: int
    liking: float
    feelings: Mapping[str, float]


def moods_of(emotion: Emotion) -> tuple[int, ...]:
    """Return the moods, 1 to 5, in which a listener with this emotion is: the bad ones, the middle one, or the good
    ones."""
    valence = AFFECT[emotion].valence
    return (1, 2) if valence < -_BETWEEN else (3,) if valence <= _BETWEEN else (4, 5)


def lifted(groups: Iterable[Group]) -> frozenset[Emotion]:
    """Return the emotions of listeners whom a song with these listeners does good."""
    groups = list(groups)
    return frozenset(emotion for emotion in Emotion if _lifts(groups, emotion))


def lifting(song: Song, emotion: Emotion) -> bool:
    """Return whether a song does those good who feel so; never of a song that nobody has rated."""
    return emotion in song.lifts


def _lifts(groups: Iterable[Group], emotion: Emotion) -> bool:
    asked = [group for group in groups if group.mood in moods_of(emotion)]
    listeners = sum(group.listeners for group in asked)
    if not listeners:
        return False
    liking = math.fsum(group.listeners * group.liking for group in asked) / listeners
    felt = math.fsum(group.listeners * group.feelings[ANSWERS[emotion]] for group in asked) / listeners
    return liking > AGREED and felt > AGREED
