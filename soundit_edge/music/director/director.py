"""How the music moves to where the mood of the room leads it: how fast, when, and why, in words.

Where that is, `mapping` and `policy` say. Tempo moves too slowly to be noticed as a step (Friberg & Sundberg 1992), and
a key is held for some bars.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion, Mood
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.controls import MusicControls, changed_locks
from soundit_edge.music.director.explain import choice_words, differs, reason_for, reason_for_choice
from soundit_edge.music.director.mapping import MUSICAL, Preset, interpolate
from soundit_edge.music.director.policy import Policy, brief_for, goal_of, led, start
from soundit_edge.music.director.target import NEUTRAL, RANGES, MusicTarget

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
        brief: what a composer should write now; what `destination` is for a track.
    """

    t: float
    target: MusicTarget
    destination: MusicTarget
    reason: str
    reason_t: float
    brief: CompositionBrief


@dataclass(frozen=True, slots=True)
class _Told:
    """A choice of the user as a reason.

    Attributes:
        words: what was chosen.
        t: when it was first told.
        before: what the music did then.
    """

    words: str
    t: float
    before: MusicTarget


class Director:
    """Turns the moods of a room, in order of time, into targets for the engine."""

    def __init__(
        self,
        bar_s: float = 2.5,
        policy: Policy = Policy.FOLLOW,
        preset: Preset = MUSICAL,
        locks: Mapping[str, float] = MappingProxyType({}),
        fixed: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """Begin at `NEUTRAL`.

        Args:
            bar_s: length of a bar of the track at its own tempo, in seconds.
            policy: whether the room is mirrored or led.
            preset: what moods sound like.
            locks: parameters of the target that stay as given here, by name.
            fixed: parameters that no mood moves because the music has them in its own hands, as composed music has its
                tempo and its key; a lock counts for more.

        Raises:
            TargetError: a lock is out of its range.
        """
        self.bar_s = bar_s
        """As in the arguments; to be set anew where another track is heard."""
        self.unheard: Collection[str] = ()
        """Parameters that the engine leaves out for now: what they do is no reason, for nobody hears it."""
        self._fixed = fixed
        self._who = "you"  # made the latest choice
        self._choice = self._told_choice = MusicControls(policy, preset, locks)
        self._t: float | None = None
        self._bars = 0.0  # played so far, at the tempo asked for
        self._target = self._locked(NEUTRAL)
        self._chosen_from = self._target  # what the music did when the user chose what is not yet told
        self._told = _Told("", -math.inf, self._target)
        self._key_bars = -math.inf  # when the key last moved
        self._key_wish = NEUTRAL.semitones  # its mean of lately
        self._emotion = Emotion.NEUTRAL
        self._turn_bars = 0.0  # when the mood turned to it
        self._turn_t = -math.inf
        self._lead_bars = 0.0  # when the music began to lead away from it
        self._turned_from = self._target  # what the music did then
        self._announced = self._target
        self._agreed_t = -math.inf  # when the goal was last the announced one
        self._reason = ""
        self._reason_t = 0.0

    def step(self, mood: Mood) -> Direction:
        """What the music should do at `mood.t`. A mood older than the last one moves nothing."""
        dt = 0.0 if self._t is None else max(0.0, mood.t - self._t)
        self._t = mood.t if self._t is None else max(mood.t, self._t)
        self._bars += dt * self._target.tempo / self.bar_s
        if mood.emotion is not self._emotion:
            self._emotion = mood.emotion
            self._turn_bars, self._turn_t, self._turned_from = self._bars, self._t, self._target
            self._lead_bars = self._bars
        policy, preset = self._choice.policy, self._choice.preset
        here = self._fade_surprise(start(policy, mood, preset))
        wish = self._locked(led(policy, mood, here, self._bars - self._lead_bars, preset))
        before = self._target
        self._target = self._approach(wish, dt)
        goal = self._locked(replace(wish, semitones=self._key_for(wish)))
        leads_to = goal_of(policy, mood.emotion)
        if self._choice != self._told_choice:
            self._tell_choice(self._t, goal)
        elif not differs(self._announced, goal, self.unheard):
            self._agreed_t = self._t
        elif self._t - self._turn_t < TURN_S:
            # While the mood is still turning, the same sentence is only mended.
            words = reason_for(mood.emotion, True, self._turned_from, goal, unheard=self.unheard)
            self._announce(words, self._turn_t, goal)
        elif self._t - self._agreed_t >= DRIFT_S:
            # The music keeps up with where it is led: what has changed is the goal.
            since = before if leads_to is None else self._announced
            words = reason_for(mood.emotion, False, since, goal, leads_to, self.unheard)
            self._announce(words, self._t, goal)
        brief = brief_for(policy, mood, self._bars - self._lead_bars)
        return Direction(self._t, self._target, goal, self._reason, self._reason_t, brief)

    def choose(self, choice: MusicControls, who: str = "you") -> None:
        """Do from the next step on what is now wanted, from where the music is: only what is locked jumps.

        How far the room has been led, the pace and the age of the key stay as they are. A policy that begins to lead
        begins where the room is.

        Args:
            choice: all that is wanted.
            who: chose it, as the subject of a sentence.

        Raises:
            TargetError: a lock is out of its range; then everything stays as it was.
        """
        locked = replace(self._target, **{**self._fixed, **choice.locks})
        if self._choice == self._told_choice:
            self._chosen_from = self._target
        if goal_of(self._choice.policy, self._emotion) is None:
            self._lead_bars = self._bars
        self._choice, self._target, self._who = choice, locked, who

    def _tell_choice(self, t: float, goal: MusicTarget) -> None:
        """Say what was chosen since this was last said, and what will be heard of it."""
        words = choice_words(self._told_choice, self._choice, self._who)
        # A slider on its way is one choice.
        if words != self._told.words or self._told.t != self._reason_t or t - self._told.t > TURN_S:
            self._told = _Told(words, t, self._chosen_from)
        before, about = self._told.before, set(RANGES)
        if (self._choice.policy, self._choice.preset) == (self._told_choice.policy, self._told_choice.preset):
            about = set(changed_locks(self._told_choice, self._choice))
        there = replace(before, **{name: getattr(goal, name) for name in about})
        self._announce(reason_for_choice(words, before, there, self.unheard), self._told.t, goal)
        self._told_choice = self._choice
        self._turn_t = -math.inf  # what comes now is no longer the answer to the room's last turn

    def _announce(self, words: str, t: float, goal: MusicTarget) -> None:
        if words:
            self._reason, self._reason_t, self._announced = words, t, goal

    def _fade_surprise(self, wish: MusicTarget) -> MusicTarget:
        """Nobody is surprised for long: after two bars the wish returns to neutral over two more."""
        if self._emotion is not Emotion.SURPRISED:
            return wish
        gone = min(1.0, max(0.0, (self._bars - self._turn_bars) / SURPRISE_BARS - 1.0))
        return interpolate(wish, NEUTRAL, gone)

    def _approach(self, wish: MusicTarget, dt: float) -> MusicTarget:
        share = 1.0 - math.exp(-dt / SMOOTHING_S)
        now = self._target
        eased = interpolate(now, wish, share)
        self._key_wish += (wish.semitones - self._key_wish) * (1.0 - math.exp(-dt / KEY_SETTLING_S))
        settled = abs(wish.semitones - self._key_wish) < KEY_SETTLED
        key = self._key_for(wish) if settled and self._bars - self._key_bars >= KEY_DWELL_BARS else now.semitones
        if key != now.semitones:
            self._key_bars = self._bars
        moved = replace(
            eased,
            tempo=now.tempo + _limited(eased.tempo - now.tempo, self._choice.preset.tempo_slew * dt),
            semitones=key,
            loudness_db=now.loudness_db + _limited(eased.loudness_db - now.loudness_db, LOUDNESS_SLEW * dt),
        )
        return self._locked(moved)

    def _locked(self, target: MusicTarget) -> MusicTarget:
        held = {**self._fixed, **self._choice.locks}
        return replace(target, **held) if held else target

    def _key_for(self, wish: MusicTarget) -> float:
        """The whole number of semitones that `wish` leads to from where we are."""
        now = self._target.semitones
        # A key between two is one that was locked, and is left as soon as it is not.
        held = abs(wish.semitones - now) <= KEY_STEP and now.is_integer()
        return now if held else float(round(wish.semitones))


def _limited(step: float, most: float) -> float:
    return min(most, max(-most, step))
