"""The volume knob: a step is a small change, and a quick turn a larger one."""

from __future__ import annotations

from typing import Final

STEP: Final = 0.02
"""What one slow step changes, as a share of full volume."""
SLOW_S: Final = 0.1
"""Steps that are further apart are slow..."""
MAX_FACTOR: Final = 4.0
"""...and quick ones count for as much more as they are quicker, up to this."""


class Knob:
    """Turns steps into volumes. Time is an argument."""

    def __init__(self) -> None:
        """Begin without having been turned."""
        self._turned_at: float | None = None
        self._right = True

    def turn(self, steps: int, volume: float, t: float) -> float | None:
        """Return the volume after a turn; None where it stays, as at both ends.

        Args:
            steps: to the right, since the last turn; below 0, to the left.
            volume: before, 0 to 1.
            t: the moment, in seconds of a clock that never goes back.
        """
        if not steps:
            return None
        right = steps > 0
        each_s = SLOW_S if self._turned_at is None else (t - self._turned_at) / abs(steps)
        # Who turns back wants the way back to be fine.
        factor = min(MAX_FACTOR, max(1.0, SLOW_S / max(each_s, 1e-3))) if right == self._right else 1.0
        self._turned_at, self._right = t, right
        turned = round(min(1.0, max(0.0, volume + steps * STEP * factor)), 4)
        return None if turned == round(volume, 4) else turned
