"""The senses as they are switched on and off while the device runs; one that was off at the start is loaded then."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Final

from soundit_edge.capture.capture import Frame
from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.errors import SounditError
from soundit_edge.modalities import MODALITIES
from soundit_edge.perception.live import LivePerception
from soundit_edge.senses.registry import VISUAL, AuditorySense, SenseBuilder
from soundit_edge.senses.sense import Sense
from soundit_edge.settings import SensesSettings

log = logging.getLogger(__name__)

DEVICE: Final = Actor(Kind.SCHEDULE, Role.ADMIN, "the device")
"""Who takes back what cannot be done."""


class SenseSwitches:
    """Loads senses, and has the room see and hear with those that are switched on. To be used in one event loop."""

    def __init__(self, builder: SenseBuilder, room: LivePerception, store: SettingsStore) -> None:
        """Begin with what the room has.

        Args:
            builder: loads senses.
            room: senses with them.
            store: says which are switched on.
        """
        self._builder = builder
        self._room = room
        self._store = store
        self._asked = asyncio.Event()
        self.loading = asyncio.Lock()
        """Held while senses are loaded: whoever holds it knows which there are."""
        self.broken: dict[str, str] = {}
        """Why a sense could not be loaded when it was last tried, by its name."""
        store.subscribe(lambda settings: settings.senses, self._follow)

    def missing(self) -> dict[str, str]:
        """Return the senses that are not loaded, each with why it could not be, or ""."""
        loaded = self._room.names
        return {name: self.broken.get(name, "") for name in MODALITIES if name not in loaded}

    def use(self, builder: SenseBuilder) -> None:
        """Load from another model set from now on. Only for the holder of `loading`."""
        self._builder = builder
        self.broken.clear()

    async def prepare(self, switches: Mapping[str, bool]) -> None:
        """Load what is to be switched on, so that it can be.

        Args:
            switches: the senses to be switched, by name.

        Raises:
            NotNow: a sense cannot be loaded, because a model of it is missing or damaged.
        """
        try:
            await self._load(name for name, on in switches.items() if on)
        except SounditError as error:
            raise NotNow(f"This sense cannot be switched on: {error}") from error

    async def run(self) -> None:
        """Load what was switched on without `prepare`, until cancelled; what cannot be loaded is switched off again."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            for name in self._store.current.senses.switched_on():
                try:
                    await self._load([name])
                except SounditError as error:
                    log.warning("%s stays off: %s", name, error)
                    self._store.change({"senses": {name: False}}, DEVICE)
            self._apply()

    def _follow(self, senses: SensesSettings, by: Actor) -> None:
        self._apply()
        self._asked.set()

    def _apply(self) -> None:
        on = self._store.current.senses.switched_on()
        for name in MODALITIES:
            self._room.switch(name, name in on)

    async def _load(self, names: Iterable[str]) -> None:
        async with self.loading:
            for name in names:
                if name not in self.missing():
                    continue
                try:
                    sense = await asyncio.to_thread(self._build, name)
                except SounditError as error:
                    self.broken[name] = str(error)
                    raise
                self.broken.pop(name, None)
                self._room.add(sense)
                self._apply()

    def _build(self, name: str) -> Sense[Frame] | AuditorySense:
        return self._builder.visual(name) if name in VISUAL else self._builder.auditory(name)
