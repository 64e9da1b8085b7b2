"""How the music moves to where the mood of the room leads it: how fast, when, and why, in words.

Where that is, `mapping` and `policy` say. Tempo moves too slowly to be noticed as a step (Friberg & Sundberg 1992), and
a key is held for some bars.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion, Mood
from soundit_edge.music.mapping import MUSICAL, Preset, between
from soundit_edge.music.policy import Policy, goal_of, led, start
from soundit_edge.music.reason import differs, reason_for
from soundit_edge.music.target import NEUTRAL, MusicTarget

LOUDNESS_SLEW: Final = 3.0  # dB a second
SMOOTHING_S: Final = 2.0  # time constant of every parameter but the key
KEY_DWELL_BARS: Final = 2.0
KEY_STEP: Final = 0.6  # semitones that the wish must be away from the key before the key moves: no flicker at .5
KEY_SETTLED: Final = 0.2  # semitones that the wish may be away from its mean of lately: one change, not two half ones
KEY_SETTLING_S: Final = 0.8  # time constant of that mean
TURN_S: Final = 3.0  # so long after the mood turned, what the music does is still its answer to that
DRIFT_S: Final = 1.5  # so long another goal has to last to be worth a word without such a turn
SURPRISE_BARS: Final = 2.0  # a surprise lasts so long, and as long again to fade


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

    def __init__(
        self,
        bar_s: float = 2.5,
        policy: Policy = Policy.FOLLOW,
        preset: Preset = MUSICAL,
        locks: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """Begin at `NEUTRAL`.

        Args:
            bar_s: length of a bar of the track at its own tempo, in seconds.
            policy: whether the room is mirrored or led.
            preset: what moods sound like.
            locks: parameters of the target that stay as given here, by name.

        Raises:
            TargetError: a lock is out of its range.
        """
        self._bar_s = bar_s
        self._policy = policy
        self._preset = preset
        self._locks = dict(locks)
        self._t: float | None = None
        self._bars = 0.0  # played so far, at the tempo asked for
        self._target = self._locked(NEUTRAL)
        self._key_bars = -math.inf  # when the key last moved
        self._key_wish = NEUTRAL.semitones  # its mean of lately
        self._emotion = Emotion.NEUTRAL
        self._turn_bars = 0.0  # when the mood turned to it
        self._turn_t = -math.inf
        self._turned_from = self._target  # what the music did then
        self._announced = self._target
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
        here = self._fade_surprise(start(self._policy, mood, self._preset))
        wish = self._locked(led(self._policy, mood, here, self._bars - self._turn_bars, self._preset))
        before = self._target
        self._target = self._approach(wish, dt)
        goal = self._locked(replace(wish, semitones=self._key_for(wish)))
        leads_to = goal_of(self._policy, mood.emotion)
        if not differs(self._announced, goal):
            self._agreed_t = self._t
        elif self._t - self._turn_t < TURN_S:
            # While the mood is still turning, the same sentence is only mended.
            self._announce(reason_for(mood.emotion, True, self._turned_from, goal), self._turn_t, goal)
        elif self._t - self._agreed_t >= DRIFT_S:
            # The music keeps up with where it is led: what has changed is the goal.
            since = before if leads_to is None else self._announced
            self._announce(reason_for(mood.emotion, False, since, goal, leads_to), self._t, goal)
        return Direction(self._t, self._target, goal, self._reason, self._reason_t)

    def _announce(self, words: str, t: float, goal: MusicTarget) -> None:
        if words:
            self._reason, self._reason_t, self._announced = words, t, goal

    def _fade_surprise(self, wish: MusicTarget) -> MusicTarget:
        """Nobody is surprised for long: after two bars the wish returns to neutral over two more."""
        if self._emotion is not Emotion.SURPRISED:
            return wish
        gone = min(1.0, max(0.0, (self._bars - self._turn_bars) / SURPRISE_BARS - 1.0))
        return between(wish, NEUTRAL, gone)

    def _approach(self, wish: MusicTarget, dt: float) -> MusicTarget:
        share = 1.0 - math.exp(-dt / SMOOTHING_S)
        now = self._target
        eased = between(now, wish, share)
        self._key_wish += (wish.semitones - self._key_wish) * (1.0 - math.exp(-dt / KEY_SETTLING_S))
        settled = abs(wish.semitones - self._key_wish) < KEY_SETTLED
        key = self._key_for(wish) if settled and self._bars - self._key_bars >= KEY_DWELL_BARS else now.semitones
        if key != now.semitones:
            self._key_bars = self._bars
        moved = replace(
            eased,
            tempo=now.tempo + _limited(eased.tempo - now.tempo, self._preset.tempo_slew * dt),
            semitones=key,
            loudness_db=now.loudness_db + _limited(eased.loudness_db - now.loudness_db, LOUDNESS_SLEW * dt),
        )
        return self._locked(moved)

    def _locked(self, target: MusicTarget) -> MusicTarget:
        return replace(target, **self._locks) if self._locks else target

    def _key_for(self, wish: MusicTarget) -> float:
        """The whole number of semitones that `wish` leads to from where we are."""
        now = self._target.semitones
        return float(round(wish.semitones)) if abs(wish.semitones - now) > KEY_STEP else now


def _limited(step: float, most: float) -> float:
    return min(most, max(-most, step))
