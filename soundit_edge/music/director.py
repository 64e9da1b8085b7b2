"""From the mood of the room to what the music should do: the mapping, and how fast it may move.

Where the music should go is the sum of two parts. The *blend formula* turns valence and arousal into parameters; an
unsure reading lies near the middle of that plane and so asks for little. The *table* says what an emotion sounds like
that is certain. What it says beyond the formula (anger and fear are neighbours in the plane, but not in music) is
added in proportion to the square of the confidence, and as far as that falls short, what it says of neutral is, in
proportion to how near the middle the mood lies. So a certain mood gets its row of the table exactly, a doubtful but
strong one the formula, and where nothing is known the track plays as it is.

Directions from Husain, Thompson & Schellenberg (2002), Eerola, Friberg & Bresin (2013), Mo, Wu & Horner (2015); tempo
moves too slowly to be noticed as a step (Friberg & Sundberg 1992).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood
from soundit_edge.music.reason import differs, reason_for
from soundit_edge.music.target import NEUTRAL, MusicTarget

OPEN_HZ: Final = 18_000.0

TABLE: Final[Mapping[Emotion, MusicTarget]] = MappingProxyType(
    {
        Emotion.NEUTRAL: NEUTRAL,
        Emotion.CALM: MusicTarget(0.92, 0, 7_000.0, 2.6, 0.28, -3.0),
        Emotion.HAPPY: MusicTarget(1.10, 2, OPEN_HZ, 1.2, 0.12, 1.0),
        Emotion.SAD: MusicTarget(0.86, -2, 4_000.0, 2.6, 0.30, -3.0),
        Emotion.ANGRY: MusicTarget(1.15, -1, 12_000.0, 0.6, 0.06, 2.0),
        Emotion.FEARFUL: MusicTarget(1.06, 0, 6_000.0, 2.2, 0.25, -2.0),
        Emotion.DISGUSTED: MusicTarget(0.95, -1, 5_000.0, 0.8, 0.10, -1.0),
        Emotion.SURPRISED: MusicTarget(1.10, 2, OPEN_HZ, 1.2, 0.15, 1.0),
    }
)
"""What each emotion sounds like when it is certain."""

TEMPO_SLEW: Final = 0.02  # of the track's tempo, a second
LOUDNESS_SLEW: Final = 3.0  # dB a second
SMOOTHING_S: Final = 2.0  # time constant of every parameter but the key
KEY_DWELL_BARS: Final = 2.0
KEY_STEP: Final = 0.6  # semitones that the wish must be away from the key before the key moves: no flicker at .5
KEY_SETTLED: Final = 0.2  # semitones that the wish may be away from its mean of lately: one change, not two half ones
KEY_SETTLING_S: Final = 0.8  # time constant of that mean
TURN_S: Final = 3.0  # so long after the mood turned, what the music does is still its answer to that
DRIFT_S: Final = 1.5  # so long another goal has to last to be worth a word without such a turn
SURPRISE_BARS: Final = 2.0  # a surprise lasts so long, and as long again to fade


def formula(affect: Affect) -> MusicTarget:
    """The blend formula: what a place in the plane of valence and arousal asks for; semitones are not yet rounded."""
    v, a = affect.valence, affect.arousal
    return MusicTarget(
        tempo=min(1.20, max(0.82, 1 + 0.04 * v + 0.14 * a)),
        semitones=2 * v,
        cutoff_hz=7_000.0 * 2.0 ** (0.8 * a + 0.35 * v),
        reverb_s=min(2.8, max(0.6, 1.5 - 0.9 * a)),
        wet=0.16 - 0.10 * a,
        loudness_db=2.5 * a,
    )


def destination(emotion: Emotion, affect: Affect, confidence: float) -> MusicTarget:
    """Where the music should go for a mood that stays: formula and table together; semitones are not yet rounded."""
    wish = formula(affect)
    sure = confidence**2
    strength = min(1.0, math.hypot(affect.valence, affect.arousal))
    for colour, share in ((emotion, sure), (Emotion.NEUTRAL, (1.0 - sure) * (1.0 - strength))):
        plain, row = formula(AFFECT[colour]), TABLE[colour]
        wish = MusicTarget(
            tempo=min(1.20, max(0.82, wish.tempo + share * (row.tempo - plain.tempo))),
            semitones=wish.semitones + share * (row.semitones - plain.semitones),
            cutoff_hz=min(OPEN_HZ, wish.cutoff_hz * (row.cutoff_hz / plain.cutoff_hz) ** share),
            reverb_s=min(2.8, max(0.6, wish.reverb_s * (row.reverb_s / plain.reverb_s) ** share)),
            wet=max(0.0, wish.wet + share * (row.wet - plain.wet)),
            loudness_db=wish.loudness_db + share * (row.loudness_db - plain.loudness_db),
        )
    return wish


@dataclass(frozen=True, slots=True)
class Direction:
    """What the director wants of the music at one moment.

    Attributes:
        t: the moment, in seconds of the mood's clock.
        target: what the engine should do now; `semitones` is whole.
        destination: where `target` will have arrived if the mood stays.
        reason: in words, why the music last changed course; "" before it first did.
        reason_t: when that was; 0 before it first did.
    """

    t: float
    target: MusicTarget
    destination: MusicTarget
    reason: str
    reason_t: float


class Director:
    """Turns the moods of a room, in order of time, into targets for the engine."""

    def __init__(self, bar_s: float = 2.5) -> None:
        """Begin at `NEUTRAL`. `bar_s`: length of a bar of the track at its own tempo, in seconds."""
        self._bar_s = bar_s
        self._t: float | None = None
        self._bars = 0.0  # played so far, at the tempo asked for
        self._target = NEUTRAL
        self._key_bars = -math.inf  # when the key last moved
        self._key_wish = NEUTRAL.semitones  # its mean of lately
        self._emotion = Emotion.NEUTRAL
        self._turn_bars = 0.0  # when the mood turned to it
        self._turn_t = -math.inf
        self._turned_from = NEUTRAL  # what the music did then
        self._announced = NEUTRAL
        self._agreed_t = -math.inf  # when the goal was last the announced one
        self._reason = ""
        self._reason_t = 0.0

    def step(self, mood: Mood) -> Direction:
        """What the music should do at `mood.t`. A mood older than the last one moves nothing."""
        dt = 0.0 if self._t is None else max(0.0, mood.t - self._t)
        self._t = mood.t if self._t is None else max(mood.t, self._t)
        self._bars += dt * self._target.tempo / self._bar_s
        if mood.emotion is not self._emotion:
            self._emotion = mood.emotion
            self._turn_bars, self._turn_t, self._turned_from = self._bars, self._t, self._target
        wish = self._fade_surprise(destination(mood.emotion, mood.affect, mood.confidence))
        before = self._target
        self._target = self._approach(wish, dt)
        goal = replace(wish, semitones=self._key_for(wish))
        if not differs(self._announced, goal):
            self._agreed_t = self._t
        elif self._t - self._turn_t < TURN_S:
            # While the mood is still turning, the same sentence is only mended.
            self._announce(reason_for(mood.emotion, True, self._turned_from, goal), self._turn_t, goal)
        elif self._t - self._agreed_t >= DRIFT_S:
            self._announce(reason_for(mood.emotion, False, before, goal), self._t, goal)
        return Direction(self._t, self._target, goal, self._reason, self._reason_t)

    def _announce(self, words: str, t: float, goal: MusicTarget) -> None:
        if words:
            self._reason, self._reason_t, self._announced = words, t, goal

    def _fade_surprise(self, wish: MusicTarget) -> MusicTarget:
        """Nobody is surprised for long: after two bars the wish returns to neutral over two more."""
        if self._emotion is not Emotion.SURPRISED:
            return wish
        gone = min(1.0, max(0.0, (self._bars - self._turn_bars) / SURPRISE_BARS - 1.0))
        return _between(wish, NEUTRAL, gone)

    def _approach(self, wish: MusicTarget, dt: float) -> MusicTarget:
        share = 1.0 - math.exp(-dt / SMOOTHING_S)
        now = self._target
        eased = _between(now, wish, share)
        self._key_wish += (wish.semitones - self._key_wish) * (1.0 - math.exp(-dt / KEY_SETTLING_S))
        settled = abs(wish.semitones - self._key_wish) < KEY_SETTLED
        key = self._key_for(wish) if settled and self._bars - self._key_bars >= KEY_DWELL_BARS else now.semitones
        if key != now.semitones:
            self._key_bars = self._bars
        return MusicTarget(
            tempo=now.tempo + _limited(eased.tempo - now.tempo, TEMPO_SLEW * dt),
            semitones=key,
            cutoff_hz=eased.cutoff_hz,
            reverb_s=eased.reverb_s,
            wet=eased.wet,
            loudness_db=now.loudness_db + _limited(eased.loudness_db - now.loudness_db, LOUDNESS_SLEW * dt),
        )

    def _key_for(self, wish: MusicTarget) -> float:
        """The whole number of semitones that `wish` leads to from where we are."""
        now = self._target.semitones
        return float(round(wish.semitones)) if abs(wish.semitones - now) > KEY_STEP else now


def _limited(step: float, most: float) -> float:
    return min(most, max(-most, step))


def _between(a: MusicTarget, b: MusicTarget, share: float) -> MusicTarget:
    """From `a` (share 0) to `b` (share 1), frequencies and times in proportion, as they are heard."""
    return MusicTarget(
        tempo=a.tempo + share * (b.tempo - a.tempo),
        semitones=a.semitones + share * (b.semitones - a.semitones),
        cutoff_hz=a.cutoff_hz * (b.cutoff_hz / a.cutoff_hz) ** share,
        reverb_s=a.reverb_s * (b.reverb_s / a.reverb_s) ** share,
        wet=a.wet + share * (b.wet - a.wet),
        loudness_db=a.loudness_db + share * (b.loudness_db - a.loudness_db),
    )
