"""Sees to it that the device does what the schedule holds, and afterwards gives back what was before."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from soundit_edge import paths
from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.control import Control
from soundit_edge.control.patch import SECTIONS, patch_of
from soundit_edge.control.refusals import InvalidChange
from soundit_edge.daemon.schedule.holds import HELD, Setting, holds_at
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.errors import SounditError
from soundit_edge.files import write_whole
from soundit_edge.settings import Settings
from soundit_edge.text import reason

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
"""How often the clock is looked at: one that is set, or jumps, is followed within this time."""
SCHEDULE: Final = Actor(Kind.SCHEDULE, Role.OPERATOR)
VOLUME: Final = "volume"


Value = bool | str | float
"""Of what the schedule holds, the volume's ceiling among it."""


class Held(BaseModel):
    """One setting that the schedule holds.

    Attributes:
        value: what is held; of the volume, its ceiling.
        before: what is given back at the end; None: what is there then, for the user has chosen it.
    """

    model_config = ConfigDict(frozen=True)

    value: Value
    before: Value | None


_MEMORY: Final = TypeAdapter(dict[str, Held])


class ScheduleKeeper:
    """Applies the schedule at the edges of its periods.

    Within a period the user may choose something else, which then stays. Only a ceiling of the volume always holds:
    what is louder is lowered to it at once.
    """

    def __init__(
        self, control: Control, store: SettingsStore, clock: Callable[[str], datetime.datetime], memory: Path | None
    ) -> None:
        """Take up what was held when the device was last switched off.

        Args:
            control: what is changed.
            store: has the settings, of the schedule and of what it holds.
            clock: gives the time of day in a time zone, "" for this computer's own.
            memory: file that keeps what is to be given back, in case that the device is switched off meanwhile; None:
                there is no place for one.
        """
        self._control = control
        self._store = store
        self._clock = clock
        self._memory = memory
        self._held = dict(self._still_held(_remembered(memory)))
        self._written = dict(self._held)
        self._unwritten = False  # whether the memory could not be written, which is tried again until it can
        self._seen = store.current
        self._look = asyncio.Event()
        store.subscribe(lambda settings: settings, self._see_choice)

    async def run(self) -> None:
        """Follow the clock until cancelled."""
        while True:
            await self.step()
            self._look.clear()
            # Not `wait_for`, which may swallow a cancellation that comes at the moment of a wake (until 3.12).
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._look.wait()

    async def step(self) -> None:
        """Do what the schedule holds now."""
        schedule = self._store.current.schedule
        now = holds_at(schedule, self._clock(schedule.time_zone))
        wanted: dict[str, Value] = {name: self._value(name, now.values.get(name)) for name in HELD}
        wanted[VOLUME] = self._volume(now.max_volume)
        for name, value in wanted.items():
            if value != _current(self._store.current, name):
                await self._change(name, value)
        await self._remember()

    def _value(self, name: str, held: Setting | None) -> Value:
        """Return what a setting has to be from now on, and note what is held."""
        there = self._held.get(name)
        current = _current(self._store.current, name)
        own = current if there is None or there.before is None else there.before
        if held is None:
            self._held.pop(name, None)
            return own
        if there is not None and there.value == held:
            return current  # as the user may have chosen meanwhile
        self._held[name] = Held(value=held, before=own)
        return held

    def _volume(self, ceiling: float | None) -> float:
        """Return what the volume has to be from now on, and note its ceiling."""
        there, current = self._held.get(VOLUME), self._store.current.music.volume
        own = current if there is None or there.before is None else float(there.before)
        if ceiling is None:
            self._held.pop(VOLUME, None)
            return own
        if there is None or there.value != ceiling:
            self._held[VOLUME] = Held(value=ceiling, before=own if own > ceiling else None)
            return min(own, ceiling)
        return min(current, ceiling)

    def _see_choice(self, settings: Settings, by: Actor) -> None:
        """Note that the user has chosen something else than what is held, or another schedule."""
        before, self._seen = self._seen, settings
        if by.kind is Kind.SCHEDULE:
            return
        for name, held in self._held.items():
            chosen = _current(settings, name)  # what is about to be held, and is not yet, is no choice
            if chosen != _current(before, name) and _is_other_than_held(name, chosen, held):
                self._held[name] = Held(value=held.value, before=None)
        self._look.set()

    async def _change(self, name: str, value: Value) -> None:
        try:
            await self._control.change(patch_of({name: value}), SCHEDULE)
        except SounditError as error:
            log.warning("the schedule cannot set %s to %s: %s", name, value, error)

    def _still_held(self, remembered: dict[str, Held]) -> Iterator[tuple[str, Held]]:
        """Give what was held when the device was switched off, as far as the settings say the same."""
        for name, held in remembered.items():
            if name not in (*HELD, VOLUME) or not _is_possible(name, held):
                continue
            current = _current(self._store.current, name)
            if current == held.before:  # it was switched off before it was done
                continue
            yield name, Held(value=held.value, before=None) if _is_other_than_held(name, current, held) else held

    async def _remember(self) -> None:
        """Write what is held where the file says something else; a disk that is full now may have space later."""
        if self._memory is None or self._held == self._written:
            return
        content = dict(self._held)
        try:
            await asyncio.to_thread(_write, self._memory, _MEMORY.dump_json(content))
        except OSError as error:
            if not self._unwritten:
                log.warning("%s: cannot be written (%s)", self._memory, reason(error))
            self._unwritten = True
        else:
            self._written, self._unwritten = content, False


def _current(settings: Settings, name: str) -> Value:
    """Return the setting that a field of the patch changes."""
    value: Value = getattr(getattr(settings, SECTIONS.get(name, "music")), name)
    return value


def _is_possible(name: str, held: Held) -> bool:
    try:
        for value in (held.value, held.before):
            patch_of({} if value is None else {name: value})
    except InvalidChange:  # somebody else has written the memory, or an older program
        return False
    return True


def _is_other_than_held(name: str, chosen: Any, held: Held) -> bool:
    return bool(chosen < held.value if name == VOLUME else chosen != held.value)


def schedule_memory() -> Path | None:
    """Return the file of what the schedule is to give back; None for a user without a place for one."""
    folder = paths.if_any(paths.state_folder)
    return folder and folder / "schedule.json"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


def _remembered(memory: Path | None) -> dict[str, Held]:
    if memory is None:
        return {}
    try:
        return _MEMORY.validate_json(memory.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        log.warning("%s: cannot be read (%s)", memory, type(error).__name__)
        return {}
