"""Fusion: pools the readings of all senses into the room's mood, with trust, decay, hysteresis and dwell.

Each sense has a running mean of its readings, which moves slowly, but begins again at once where strong readings that
agree say that something has changed. Pooling is log-linear (Genest & Zidek 1986): each sense's mean is a factor, raised
to the power of its trust; the remaining trust goes to a prior that favours neutral. So without a sense, or with a
fading one, the mood returns to neutral, and certainty never grows without evidence.

Active speakers decide how much a voice counts: more where somebody in view speaks, and less where faces are in view and
none of them speaks, for then the voice may come from a radio.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
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
from soundit_edge.perception.mood_settings import MoodSettings
from soundit_edge.perception.running_mean import RunningMean

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


class Fusion:
    """Pools readings into a mood. Pure: the same readings and moments give the same moods."""

    def __init__(self, settings: MoodSettings | None = None) -> None:
        self._settings = settings or MoodSettings()
        self._sensed: dict[str, RunningMean] = {}
        self._held = Emotion.NEUTRAL
        self._held_since = -math.inf
        self._spoke_at = -math.inf
        self._changed_at = -math.inf

    def add(self, reading: Reading) -> None:
        """Add a reading. A reading older than its sense's last is ignored: a late thread must not turn back time."""
        before = self._sensed.get(reading.sense)
        if before is not None and reading.t < before.reading.t:
            return
        if reading.sense in SEE_SPEAKERS and reading.speaking:
            self._spoke_at = reading.t
        if before is None:
            self._sensed[reading.sense] = RunningMean(reading, self._settings)
        elif before.add(reading):
            self._changed_at = reading.t

    def forget(self, sense: str) -> None:
        """Leave a sense out of the mood until its next reading: it was switched off."""
        self._sensed.pop(sense, None)
        if sense in SEE_SPEAKERS:
            self._spoke_at = -math.inf

    def at(self, t: float) -> Mood:
        """Return the mood at `t` (seconds), from the readings so far. Hysteresis needs calls in order of time."""
        fades = {name: self._settings.fade(t - sensed.reading.t) for name, sensed in self._sensed.items()}
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
        return 1 + (factor - 1) * self._settings.fade(voice_t - watched_at)

    def _hold(self, probabilities: tuple[float, ...], t: float) -> Emotion:
        best = most_likely(probabilities)
        still = probabilities[EMOTIONS.index(self._held)]
        lead = probabilities[EMOTIONS.index(best)] - still
        returning = best is Emotion.NEUTRAL and still > CHANCE
        needed = self._settings.return_advantage if returning else self._settings.advantage
        # What a sense shows after a change is evidence for a mood, but not yet for the lack of one.
        confirm = self._settings.dwell if best is Emotion.NEUTRAL else self._settings.confirm
        if lead > needed and t - self._held_since >= self._settings.dwell and t - self._changed_at >= confirm:
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
