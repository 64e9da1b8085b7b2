"""What the keeper of updates needs of the rest: who makes trials, and who swaps sets."""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.updates.trial.outcome import TrialOutcome, TrialProgress
from soundit_edge.update.messages import UpdateProgress, UpdateRequest, UpdateResult
from soundit_edge.update.sets.active import ActiveSet

AskMirrors = Callable[[UpdateRequest, Callable[[UpdateProgress], None]], Awaitable[UpdateResult]]
"""Asks the mirrors, and perhaps fetches; in the device, `update.process.run_update`."""


class MakesTrials(Protocol):
    """Makes the trial of a set that was fetched."""

    @property
    def progress(self) -> TrialProgress | None:
        """Return how far the trial is; None: none is being made."""

    async def run(self) -> TrialOutcome | None:
        """Make the trial that is due, to its end; None: there is none to make."""


class SwapsSets(Protocol):
    """Puts another set in use while the device runs."""

    @property
    def active(self) -> ActiveSet:
        """Return the set that is in use now."""

    async def use(self, folder: Path, set_id: str | None) -> None:
        """Put a set in use; raises SounditError where a model of it cannot be loaded."""

    async def roll_back(self, why: str) -> str | None:
        """Go back, on the disk and live; return to which set. Raises SounditError where that is not possible."""


@dataclass(frozen=True, slots=True)
class UpdateClocks:
    """What the keeper knows of time, and its dice.

    Attributes:
        monotonic: seconds, never going back, whatever somebody sets the clock to.
        wall: seconds since 1970.
        local: the time of day in a time zone, "" for this computer's own.
        dice: a number from 0 to 1 at random, so that a thousand devices do not ask in the same second.
    """

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    local: Callable[[str], datetime.datetime] = local_time
    dice: Callable[[], float] = random.random
