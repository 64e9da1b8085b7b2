"""How fast the music goes to its goal.

Every parameter approaches the goal smoothly. The tempo moves too slowly to be noticed as a step (Friberg & Sundberg
1992). A key changes in whole semitones, and is held for some bars. What the user has locked is there at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from soundit_edge.music.director.mapping import interpolate
from soundit_edge.music.director.target import NEUTRAL, MusicTarget
from soundit_edge.tables.parameter import slew

LOUDNESS_SLEW: Final = 3.0
"""Decibels per second that the loudness moves at most."""
SMOOTHING_S: Final = 2.0
"""Time constant of every parameter but the key."""
KEY_DWELL_BARS: Final = 2.0
"""Bars for which a key is held at least."""
KEY_STEP: Final = 0.6
"""Semitones that the goal must be away from the key before the key moves: no flicker at .5."""
KEY_SETTLED: Final = 0.2
"""Semitones that the goal may be away from its own mean while the key moves: one change, not two half ones."""
KEY_SETTLING_S: Final = 0.8
"""Time constant of that mean."""


class Glide:
    """Moves a target towards a goal, step by step."""

    def __init__(self, held: Mapping[str, float] = MappingProxyType({})) -> None:
        """Begin at `NEUTRAL`.

        Args:
            held: parameters that stay at these values, by name, whatever the goal.

        Raises:
            TargetError: a value is out of its range.
        """
        self._held = held
        self.target = self._with_held(NEUTRAL)
        """What the engine should do now; `semitones` is whole unless it is held at another value."""
        self._key_bars = -math.inf  # when the key last moved
        self._key_mean = NEUTRAL.semitones  # of the goals

    def hold(self, held: Mapping[str, float]) -> None:
        """Hold these parameters from now on, in place of those before: they jump, the others stay where they are.

        Raises:
            TargetError: a value is out of its range; then everything stays as it was.
        """
        self.target, self._held = replace(self.target, **held), held

    def step(self, goal: MusicTarget, dt: float, bars: float, tempo_slew: float) -> MusicTarget:
        """Return `target` after `dt` seconds on the way to a goal.

        Args:
            goal: where to go; its `semitones` need not be whole.
            dt: seconds since the last step, 0 or more.
            bars: bars played so far, never falling.
            tempo_slew: ratio that the tempo may move in a second.
        """
        goal, now = self._with_held(goal), self.target
        eased = interpolate(now, goal, 1.0 - math.exp(-dt / SMOOTHING_S))
        slews = {"tempo": tempo_slew, "loudness_db": LOUDNESS_SLEW}
        moved: dict[str, float] = {}
        for name, per_s in slews.items():
            before = getattr(now, name)
            moved[name] = before + slew(0.0, getattr(eased, name) - before, per_s * dt)
        self.target = self._with_held(replace(eased, semitones=self._next_key(goal.semitones, dt, bars), **moved))
        return self.target

    def destination(self, goal: MusicTarget) -> MusicTarget:
        """Return where `target` will have arrived if the goal stays."""
        goal = self._with_held(goal)
        return self._with_held(replace(goal, semitones=self._key_for(goal.semitones)))

    def _next_key(self, wanted: float, dt: float, bars: float) -> float:
        """Return the key of this step, and remember when it moved."""
        now = self.target.semitones
        self._key_mean += (wanted - self._key_mean) * (1.0 - math.exp(-dt / KEY_SETTLING_S))
        settled = abs(wanted - self._key_mean) < KEY_SETTLED
        key = self._key_for(wanted) if settled and bars - self._key_bars >= KEY_DWELL_BARS else now
        if key != now:
            self._key_bars = bars
        return key

    def _key_for(self, wanted: float) -> float:
        """Return the whole number of semitones that leads from the present key to the wanted one."""
        now = self.target.semitones
        # A key between two was locked there, and is left as soon as it is unlocked.
        stays = abs(wanted - now) <= KEY_STEP and now.is_integer()
        return now if stays else float(round(wanted))

    def _with_held(self, target: MusicTarget) -> MusicTarget:
        return replace(target, **self._held) if self._held else target
