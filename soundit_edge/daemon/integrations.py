"""Keeps the integrations as the settings have them: started, stopped and started again while the device runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence

from soundit_edge.control.control import Control
from soundit_edge.control.status import IntegrationStatus
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.integrations.integration import Integration
from soundit_edge.integrations.registry import REGISTRY, section_of
from soundit_edge.integrations.supervisor import Supervisor

log = logging.getLogger(__name__)


class IntegrationKeeper:
    """Runs the integrations that are switched on, each with its present section of the settings."""

    def __init__(
        self, store: SettingsStore, now: Callable[[], float], registry: Sequence[type[Integration]] = REGISTRY
    ) -> None:
        """Watch the settings. Nothing runs yet.

        Args:
            store: has the settings.
            now: gives seconds since the daemon started.
            registry: the integrations that there are.
        """
        self._kept = [_Kept(kind, store, now) for kind in registry]

    def statuses(self) -> tuple[IntegrationStatus, ...]:
        """Return how each integration is, those that are switched off, too."""
        return tuple(one.status() for one in self._kept)

    async def run(self, device: Control) -> None:
        """Keep them running until cancelled.

        Raises:
            ExceptionGroup: what any of them failed with, where that is no absence of its peer: a defect is to be seen.
        """
        async with asyncio.TaskGroup() as tasks:
            for one in self._kept:
                tasks.create_task(one.run(device))


class _Kept:
    """One integration, and whether it runs."""

    def __init__(self, kind: type[Integration], store: SettingsStore, now: Callable[[], float]) -> None:
        self._kind = kind
        self._store = store
        self._now = now
        self._supervisor: Supervisor | None = None
        self._off_since_s = now()
        self._changed = asyncio.Event()
        store.subscribe(lambda settings: section_of(settings, kind), lambda _, __: self._changed.set())

    def status(self) -> IntegrationStatus:
        if self._supervisor:
            return self._supervisor.status()
        return IntegrationStatus(name=self._kind.name, title=self._kind.title, state="off", since_s=self._off_since_s)

    async def run(self, device: Control) -> None:
        while True:
            self._changed.clear()
            section = section_of(self._store.current, self._kind)
            if section.enabled:
                self._supervisor = Supervisor(self._kind(section), self._now)
                await self._until_changed(self._supervisor.run(device))
                continue
            if self._supervisor:
                log.info("%s is switched off", self._kind.name)
                self._supervisor, self._off_since_s = None, self._now()
            await self._changed.wait()

    async def _until_changed(self, supervised: Coroutine[None, None, None]) -> None:
        """Run until the section of the settings is another one."""
        running = asyncio.create_task(supervised)
        changed = asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait({running, changed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            running.cancel()
            changed.cancel()
            await asyncio.wait({running, changed})
        if not running.cancelled():
            running.result()
