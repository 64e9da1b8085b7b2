"""Fusion: pools the readings of all senses into the room's mood, with trust, decay, hysteresis and dwell.

Pooling is log-linear (Genest & Zidek 1986): each sense's smoothed probabilities are a factor, raised to the power of
its trust; the remaining trust goes to a prior that favours neutral. So without a sense, or with a fading one, the mood
returns to neutral, and certainty never grows without evidence.

Active speakers decide how much a voice counts: more where somebody in view speaks, and less where faces are in view and
none of them speaks, for then the voice may come from a radio.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from soundit_edge.emotion import (
    EMOTIONS,
    Emotion,
    Mood,
    Reading,
    distribution,
    expected_affect,
    most_likely,
    one_hot,
)
from soundit_edge.modalities import HEAR_SPEECH, SEE_SPEAKERS

PRIOR: Final = one_hot(Emotion.NEUTRAL, 0.4)
"""The probabilities of a room of which no sense has a reading."""
FLOOR: Final = 0.01
"""The lowest probability that counts: no sense may exclude an emotion."""
CHANCE: Final = 1 / len(EMOTIONS)
"""A held emotion that is less probable gives way to neutral by the smaller advantage."""
SPEAKER_SEEN: Final = 1.25
"""Factor of a voice's trust (up to 1) where somebody in view speaks..."""
NOBODY_SPEAKS: Final = 0.4
"""...and where there are faces in view and none of them does."""
VOICE_S: Final = 2.5
"""The length of a voice's window: a face in view that spoke within it may be the speaker."""


@dataclass(frozen=True, slots=True)
class MoodSettings:
    """The constants of the fusion, in seconds unless stated otherwise.

    Attributes:
        smoothing: time constant of the mean of one sense's readings.
        memory: how long the last reading of a sense keeps its whole trust...
        fading: ...and the time constant with which it then loses its trust.
        advantage: another emotion replaces the held one when it is more probable by this (a difference, 0 to 1)...
        return_advantage: ...or, for a return to neutral, by this (neutral is less a mood than the lack of one)...
        dwell: ...and the held one has been held for this long.
    """

    smoothing: float = 2.0
    memory: float = 1.0
    fading: float = 2.0
    advantage: float = 0.15
    return_advantage: float = 0.35
    dwell: float = 1.5


@dataclass(slots=True)
class _Sensed:
    """The smoothed readings of one sense."""

    reading: Reading
    probabilities: tuple[float, ...]
    trust: float


class Fusion:
    """Pools readings into a mood. Pure: the same readings and moments give the same moods."""

    def __init__(self, settings: MoodSettings | None = None) -> None:
        self._settings = settings or MoodSettings()
        self._sensed: dict[str, _Sensed] = {}
        self._held = Emotion.NEUTRAL
        self._held_since = -math.inf
        self._spoke_at = -math.inf

    def add(self, reading: Reading) -> None:
        """Add a reading. A reading older than its sense's last is ignored: a late thread must not turn back time."""
        before = self._sensed.get(reading.sense)
        if before is not None and reading.t < before.reading.t:
            return
        if reading.sense in SEE_SPEAKERS and reading.speaking:
            self._spoke_at = reading.t
        if before is None:
            self._sensed[reading.sense] = _Sensed(reading, reading.probabilities, reading.trust)
            return
        elapsed = reading.t - before.reading.t
        # Faded trust counts less in the mean, so that a new face counts at once after an empty room.
        old = math.exp(-elapsed / self._settings.smoothing) * max(before.trust * self._fade(elapsed), 1e-6)
        new = (1 - math.exp(-max(elapsed, 0.02) / self._settings.smoothing)) * max(reading.trust, 1e-6)
        share = new / (new + old)
        pairs = zip(before.probabilities, reading.probabilities, strict=True)
        before.probabilities = distribution([(1 - share) * b + share * r for b, r in pairs])
        before.trust += share * (reading.trust - before.trust)
        before.reading = reading

    def at(self, t: float) -> Mood:
        """Return the mood at `t` (seconds), from the readings so far. Hysteresis needs calls in order of time."""
        fades = {name: self._fade(t - sensed.reading.t) for name, sensed in self._sensed.items()}
        trusts = {name: sensed.trust * fades[name] for name, sensed in self._sensed.items()}
        for name in HEAR_SPEECH & trusts.keys():
            trusts[name] = min(1.0, trusts[name] * self._whose_voice(self._sensed[name].reading.t))
        probabilities = pool({name: (sensed.probabilities, trusts[name]) for name, sensed in self._sensed.items()})
        emotion = self._hold(probabilities, t)
        return Mood(
            t=t,
            emotion=emotion,
            probabilities=probabilities,
            affect=expected_affect(probabilities),
            confidence=probabilities[EMOTIONS.index(emotion)],
            senses={name: sensed.reading for name, sensed in self._sensed.items() if fades[name] > 0.5},
        )

    def _whose_voice(self, voice_t: float) -> float:
        """Return the factor of a voice's trust by the active speakers at its reading; 1 where no face was in view."""
        watched = [self._sensed[name].reading for name in SEE_SPEAKERS & self._sensed.keys()]
        watched_at = max((reading.t for reading in watched if reading.speaking is not None), default=None)
        if watched_at is None:
            return 1.0
        # The time of the voice's reading decides, not the present one: a doubted voice must not regain trust with time.
        factor = SPEAKER_SEEN if voice_t - self._spoke_at <= VOICE_S else NOBODY_SPEAKS
        return 1 + (factor - 1) * self._fade(voice_t - watched_at)

    def _fade(self, age: float) -> float:
        return math.exp(-max(0.0, age - self._settings.memory) / self._settings.fading)

    def _hold(self, probabilities: tuple[float, ...], t: float) -> Emotion:
        best = most_likely(probabilities)
        still = probabilities[EMOTIONS.index(self._held)]
        lead = probabilities[EMOTIONS.index(best)] - still
        returning = best is Emotion.NEUTRAL and still > CHANCE
        needed = self._settings.return_advantage if returning else self._settings.advantage
        if lead > needed and t - self._held_since >= self._settings.dwell:
            self._held, self._held_since = best, t
        return self._held


def pool(sensed: Mapping[str, tuple[tuple[float, ...], float]]) -> tuple[float, ...]:
    """Return the log-linear pool of the probabilities of several senses, each with its trust (0 to 1), and `PRIOR`.

    The order of the senses does not matter, and senses without trust change nothing. The pool is that of Genest & Zidek
    (1986).
    """
    # The order is fixed, because floating-point sums and products depend on it.
    ordered = [sensed[name] for name in sorted(sensed)]
    doubt = math.prod(1 - trust for _, trust in ordered)
    logarithms = [doubt * math.log(p) for p in PRIOR]
    for probabilities, trust in ordered:
        for i, p in enumerate(probabilities):
            logarithms[i] += trust * math.log(max(p, FLOOR))
    highest = max(logarithms)
    return distribution([math.exp(x - highest) for x in logarithms])
