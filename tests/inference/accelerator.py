"""A simulated accelerator whose calls misbehave for some time: they hang, drag, answer wrongly, or find it gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tests.inference.simulator import Failed

FIRST_CALL_S: Final = 0.02
"""What the first call takes longer, and the first one after the accelerator was lost (appliance.md B1)."""
SWITCH_S: Final = 0.01
"""What a call takes longer that needs another model than the one before it."""
SLOWNESS: Final = 10.0
GONE_S: Final = 0.0005
"""So soon a call fails where there is nothing to call."""


@dataclass(frozen=True)
class Fault:
    """What is wrong from one moment to another, in seconds of the simulation."""

    kind: Literal["hang", "slow", "wrong shape", "lost"]
    begin: float
    end: float


class Accelerator:
    """Gives the cost of each call; see `Simulator`."""

    def __init__(self, usual: Mapping[str, float], faults: Sequence[Fault]) -> None:
        """Begin without a model loaded.

        Args:
            usual: seconds of a call of each model.
            faults: where two are at the same time, the first of the list counts.
        """
        self._usual = usual
        self._faults = faults
        self._loaded = ""

    def __call__(self, model: str, now: float) -> float:
        """Return what a call takes that begins now: `Failed` where it raises."""
        kind, end = next(((f.kind, f.end) for f in self._faults if f.begin <= now < f.end), ("", now))
        if kind == "lost":
            self._loaded = ""
            return Failed(GONE_S)
        seconds = self._usual[model] + (0 if self._loaded == model else SWITCH_S if self._loaded else FIRST_CALL_S)
        self._loaded = model
        if kind == "hang":
            return end - now + seconds
        if kind == "slow":
            return SLOWNESS * seconds
        return Failed(seconds) if kind == "wrong shape" else seconds
