"""The device's accelerator, if it has one: its part in the daemon, in the scheduler and on the page.

Each model set has builds of its own for it, so each has an `Acceleration`; that of the set in use runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from soundit_edge.control.status import SourceStatus
from soundit_edge.daemon.status import accelerator_status
from soundit_edge.inference.delegates.accelerator import INSTEAD, Accelerator, AcceleratorState, find_accelerator
from soundit_edge.inference.delegates.failure import DelegateError
from soundit_edge.inference.models import ModelSet
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.settings import InferenceSettings
from soundit_edge.threads import run_in_thread

log = logging.getLogger(__name__)

CALLS: Final = 1
"""The number of calls that run on an accelerator at a time."""


class Acceleration:
    """Whatever runs the models of one set beside the CPU."""

    def __init__(self, settings: InferenceSettings, models: ModelSet) -> None:
        """Look for the accelerator that the settings ask for.

        Args:
            settings: what is asked for.
            models: the set.
        """
        self._models = models
        self._accelerator: Accelerator | None = None
        self._missing: AcceleratorState | None = None
        try:
            self._accelerator = find_accelerator(settings, models)
        except DelegateError as error:
            log.warning("accelerator: %s: %s", error, INSTEAD)
            self._missing = AcceleratorState(settings.accelerator, "unused", f"{error}: {INSTEAD}")

    @property
    def models(self) -> ModelSet:
        """Return the set, whose models run on it where they can."""
        return self._accelerator.models if self._accelerator is not None else self._models

    def needs(self, models: Iterable[str]) -> Mapping[str, int]:
        """Return what a call of these models holds beside a CPU."""
        return self._accelerator.needs(models) if self._accelerator is not None else {}

    def resources(self, workers: int) -> Mapping[str, int]:
        """Return what the scheduler has of it at the start: while the CPU is used, it keeps none of the workers."""
        return {self._accelerator.resource: workers} if self._accelerator is not None else {}

    def status(self) -> Sequence[SourceStatus]:
        """Return what the page shows of it."""
        state = self._accelerator.state() if self._accelerator is not None else self._missing
        return [accelerator_status(state)] if state is not None else []

    async def run(self, scheduler: Scheduler, workers: int) -> None:
        """Use it until cancelled; returns at once where there is none.

        Args:
            scheduler: grants `CALLS` at a time while it is used, and as many as there are workers while it is not.
            workers: how many there are.
        """
        accelerator = self._accelerator
        if accelerator is None:
            return

        def on_use(used: bool) -> None:
            scheduler.set_resource(accelerator.resource, CALLS if used else workers)

        await run_in_thread("accelerator", lambda: accelerator.work(on_use), accelerator.stop)


class AccelerationInTurn:
    """Runs the acceleration of the set in use, one after the other: a device can be opened only once.

    To be used in one event loop.
    """

    def __init__(self, first: Acceleration, scheduler: Scheduler, workers: int) -> None:
        """Begin with the first; the scheduler knows its resources.

        Args:
            first: of the set that the device starts with.
            scheduler: grants calls on it.
            workers: how many calls it runs at a time.
        """
        self.current = first
        """That of the set in use."""
        self._scheduler = scheduler
        self._workers = workers
        self._known = set(first.resources(workers))
        self._changed = asyncio.Event()

    def use(self, acceleration: Acceleration) -> None:
        """Use another one from now on; the scheduler knows its resources when this returns."""
        for name, count in acceleration.resources(self._workers).items():
            if name not in self._known:
                self._scheduler.set_resource(name, count)
                self._known.add(name)
        self.current = acceleration
        self._changed.set()

    async def run(self) -> None:
        """Run the one in use, until cancelled."""
        while True:
            self._changed.clear()
            running = asyncio.create_task(self.current.run(self._scheduler, self._workers), name="accelerator")
            changed = asyncio.create_task(self._changed.wait())
            try:
                await asyncio.wait({running, changed}, return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    running.result()
                    await changed
            finally:
                running.cancel()
                changed.cancel()
                await asyncio.wait({running, changed})
