"""The shared vocabulary: eight emotions, affect, what a sense reads and what a room's mood is.

Everything above speaks in these words. A probability vector is always a tuple of eight floats in the order of
`EMOTIONS`, summing to one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.text import known_names


class Emotion(StrEnum):
    """The eight emotions that the device knows, in the order of every probability vector."""

    NEUTRAL = "neutral"
    CALM = "calm"
    HAPPY = "happy"
    SAD = "sad"
    ANGRY = "angry"
    FEARFUL = "fearful"
    DISGUSTED = "disgusted"
    SURPRISED = "surprised"


EMOTIONS: Final = tuple(Emotion)


class UnknownEmotion(SounditError):
    """A word is the name of no emotion."""


def emotion_named(name: str, where: str = "") -> Emotion:
    """Return the emotion that goes by a name, in capitals or not.

    Args:
        name: of the emotion, as somebody has typed it.
        where: what the message begins with, such as "--mood: ".

    Raises:
        UnknownEmotion: there is none; the message suggests one.
    """
    try:
        return Emotion(name.casefold())
    except ValueError:
        raise UnknownEmotion(f"{where}{name!r} is no mood{known_names(name, EMOTIONS)}") from None


@dataclass(frozen=True, slots=True)
class Affect:
    """A point in Russell's (1980) plane: valence (-1 unpleasant to 1 pleasant), arousal (-1 still to 1 stirred)."""

    valence: float
    arousal: float


# Where each emotion lies in the plane; the same figures stand in the first column of the mapping table of the director.
AFFECT: Final[Mapping[Emotion, Affect]] = MappingProxyType(
    {
        Emotion.NEUTRAL: Affect(0.0, 0.0),
        Emotion.CALM: Affect(0.6, -0.5),
        Emotion.HAPPY: Affect(0.8, 0.5),
        Emotion.SAD: Affect(-0.7, -0.5),
        Emotion.ANGRY: Affect(-0.7, 0.8),
        Emotion.FEARFUL: Affect(-0.6, 0.6),
        Emotion.DISGUSTED: Affect(-0.6, 0.2),
        Emotion.SURPRISED: Affect(0.2, 0.8),
    }
)


def distribution(weights: Mapping[Emotion, float] | Sequence[float]) -> tuple[float, ...]:
    """Non-negative weights, by emotion or in the order of `EMOTIONS`, as probabilities.

    Raises:
        ValueError: a weight is negative or not finite, their sum is zero, or a sequence has not eight of them.
    """
    values = [weights.get(e, 0.0) for e in EMOTIONS] if isinstance(weights, Mapping) else [float(w) for w in weights]
    total = math.fsum(values)
    if len(values) != len(EMOTIONS) or not math.isfinite(total) or total <= 0 or min(values) < 0:
        raise ValueError(f"not a distribution over {len(EMOTIONS)} emotions: {values}")
    return tuple(v / total for v in values)


def expected_affect(probabilities: Sequence[float]) -> Affect:
    """The mean of the emotions' places in the plane, weighted by their probabilities."""
    pairs = list(zip(probabilities, EMOTIONS, strict=True))
    return Affect(
        valence=math.fsum(p * AFFECT[e].valence for p, e in pairs),
        arousal=math.fsum(p * AFFECT[e].arousal for p, e in pairs),
    )


def most_likely(probabilities: Sequence[float]) -> Emotion:
    """The emotion with the highest probability; of equals, the first in the order of `EMOTIONS`."""
    return max(zip(EMOTIONS, probabilities, strict=True), key=lambda pair: pair[1])[0]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one sense made of one moment.

    Attributes:
        sense: name of the sense, such as "face".
        t: the moment that was read, in seconds of the source's clock (not when the model finished).
        probabilities: eight floats in the order of `EMOTIONS`, summing to one.
        trust: how much this reading deserves to count, 0 (nothing) to 1 (as good as this sense gets).
        detail: what else the page may show, such as {"faces": 2}; numbers, text and booleans only.
        speaking: whether somebody in view speaks; None where the sense cannot say, or nobody is in view.
    """

    sense: str
    t: float
    probabilities: tuple[float, ...]
    trust: float
    detail: Mapping[str, float | int | str | bool] = field(default_factory=dict)
    speaking: bool | None = None

    @property
    def emotion(self) -> Emotion:
        return most_likely(self.probabilities)

    @property
    def affect(self) -> Affect:
        return expected_affect(self.probabilities)


@dataclass(frozen=True, slots=True)
class Mood:
    """The mood of the room at one moment, pooled from what the senses read lately.

    Attributes:
        t: the moment, in seconds of the source's clock.
        emotion: the held emotion (with hysteresis, so not always the likeliest).
        probabilities: eight floats in the order of `EMOTIONS`.
        affect: the mean place in the plane of valence and arousal.
        confidence: probability of `emotion`, 0 to 1.
        senses: the latest reading of each sense that is still fresh, by the sense's name.
    """

    t: float
    emotion: Emotion
    probabilities: tuple[float, ...]
    affect: Affect
    confidence: float
    senses: Mapping[str, Reading] = field(default_factory=dict)


def one_hot(emotion: Emotion, strength: float = 1.0) -> tuple[float, ...]:
    """A distribution with `strength` (0 to 1) on one emotion and the rest spread evenly over all eight."""
    even = (1.0 - strength) / len(EMOTIONS)
    return tuple(even + (strength if e is emotion else 0.0) for e in EMOTIONS)


def mean_distribution(weighted: Iterable[tuple[Sequence[float], float]]) -> tuple[float, ...] | None:
    """The weighted mean of distributions, or None where no weight is above zero."""
    sums = [0.0] * len(EMOTIONS)
    for probabilities, weight in weighted:
        for i, p in enumerate(probabilities):
            sums[i] += weight * p
    return distribution(sums) if math.fsum(sums) > 0 else None
