"""The device's accelerator, if it has one: its part in the daemon, in the scheduler and on the page."""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Any, Final

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
    """Whatever runs models beside the CPU."""

    def __init__(self, settings: InferenceSettings, shipped: ModelSet) -> None:
        """Look for the accelerator that the settings ask for.

        Args:
            settings: what is asked for.
            shipped: the shipped models.
        """
        self._shipped = shipped
        self._accelerator: Accelerator | None = None
        self._missing: AcceleratorState | None = None
        try:
            self._accelerator = find_accelerator(settings, shipped)
        except DelegateError as error:
            log.warning("accelerator: %s: %s", error, INSTEAD)
            self._missing = AcceleratorState(settings.accelerator, "unused", f"{error}: {INSTEAD}")

    @property
    def models(self) -> ModelSet:
        """Return the shipped models, which run on it where they can."""
        return self._accelerator.models if self._accelerator is not None else self._shipped

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

    def parts(self, scheduler: Scheduler, workers: int) -> Sequence[Coroutine[Any, Any, None]]:
        """Return what has to run for it beside the senses.

        Args:
            scheduler: grants `CALLS` at a time while it is used, and as many as there are workers while it is not.
            workers: how many there are.
        """
        accelerator = self._accelerator
        if accelerator is None:
            return []

        def on_use(used: bool) -> None:
            scheduler.set_resource(accelerator.resource, CALLS if used else workers)

        return [run_in_thread("accelerator", lambda: accelerator.work(on_use), accelerator.stop)]
