"""The room's mood: the readings of all senses pooled, with trust, decay, hysteresis and dwell.

Pooling is log-linear (Genest & Zidek 1986): each sense's smoothed probabilities count as a factor, raised to the power
of its trust; what trust is left over goes to a prior that says neutral. So a missing or fading sense hands the room
back to neutral, and certainty never grows without evidence.

Lips tell whose voice is heard: it counts for more where somebody in view speaks, and for less where faces are in view
and none of them speaks, for then it may well be the radio's.
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
"""What is believed of a room where nothing is sensed."""
FLOOR: Final = 0.01
"""No sense may rule an emotion out altogether."""
CHANCE: Final = 1 / len(EMOTIONS)
"""A mood that is less probable is not held on to."""
SPEAKER_SEEN: Final = 1.25
"""What voice's trust is multiplied by (up to 1) where somebody in view speaks..."""
NOBODY_SPEAKS: Final = 0.4
"""...and where there are faces in view and none of them does."""
VOICE_S: Final = 2.5
"""A voice's reading is of so long a time: whoever in view spoke within it may be whom it heard."""


@dataclass(frozen=True, slots=True)
class MoodSettings:
    """The constants of the fusion, in seconds unless said otherwise.

    Attributes:
        smoothing: time constant of the mean of one sense's readings.
        memory: a sense's last word counts fully for this long after it fell silent...
        fading: ...and then loses a factor e of its trust in each of these.
        advantage: another emotion takes over when it is this much more probable (a difference, 0 to 1)...
        return_advantage: ...and neutral, which is less a mood than the lack of one, when it is this much more so...
        dwell: ...and the one that is held has been held for this long.
    """

    smoothing: float = 2.0
    memory: float = 1.0
    fading: float = 2.0
    advantage: float = 0.15
    return_advantage: float = 0.35
    dwell: float = 1.5


@dataclass(slots=True)
class _Sensed:
    """What one sense said lately."""

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
        """Take in a reading. One older than its sense's last is ignored: a late thread must not turn back time."""
        before = self._sensed.get(reading.sense)
        if before is not None and reading.t < before.reading.t:
            return
        if reading.sense in SEE_SPEAKERS and reading.speaking:
            self._spoke_at = reading.t
        if before is None:
            self._sensed[reading.sense] = _Sensed(reading, reading.probabilities, reading.trust)
            return
        elapsed = reading.t - before.reading.t
        # Trust already faded counts less in the mean, so a new face is read at once after an empty room.
        old = math.exp(-elapsed / self._settings.smoothing) * max(before.trust * self._fade(elapsed), 1e-6)
        new = (1 - math.exp(-max(elapsed, 0.02) / self._settings.smoothing)) * max(reading.trust, 1e-6)
        share = new / (new + old)
        pairs = zip(before.probabilities, reading.probabilities, strict=True)
        before.probabilities = distribution([(1 - share) * b + share * r for b, r in pairs])
        before.trust += share * (reading.trust - before.trust)
        before.reading = reading

    def at(self, t: float) -> Mood:
        """The mood at `t`, from the readings taken in so far."""
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

    def _whose_voice(self, heard: float) -> float:
        """Return the factor of a voice's trust by who was seen to speak when it was heard; 1 where nobody can tell."""
        watched = [self._sensed[name].reading for name in SEE_SPEAKERS & self._sensed.keys()]
        seen_at = max((reading.t for reading in watched if reading.speaking is not None), default=None)
        if seen_at is None:
            return 1.0
        # By what was known when the voice was heard: as time passes a doubted voice must not grow surer again.
        factor = SPEAKER_SEEN if heard - self._spoke_at <= VOICE_S else NOBODY_SPEAKS
        return 1 + (factor - 1) * self._fade(heard - seen_at)

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
    """Probabilities of several senses, each with its trust (0 to 1), as one distribution, with `PRIOR` as the rest.

    The order of the senses does not matter, and senses without trust change nothing.
    """
    # In a fixed order, because floating-point sums and products depend on it.
    ordered = [sensed[name] for name in sorted(sensed)]
    doubt = math.prod(1 - trust for _, trust in ordered)
    logarithms = [doubt * math.log(p) for p in PRIOR]
    for probabilities, trust in ordered:
        for i, p in enumerate(probabilities):
            logarithms[i] += trust * math.log(max(p, FLOOR))
    highest = max(logarithms)
    return distribution([math.exp(x - highest) for x in logarithms])
