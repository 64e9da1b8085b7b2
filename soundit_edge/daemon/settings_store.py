"""The settings in force: changed as a whole or not at all, watched by whoever cares, and written where they lie."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from soundit_edge import settings
from soundit_edge.control.actor import Actor
from soundit_edge.control.refusals import InvalidChange
from soundit_edge.formats.toml_edit import KeyPath, Value
from soundit_edge.settings import Settings, SettingsError

log = logging.getLogger(__name__)

SAVE_S: Final = 1.0
"""Changes are written so long after the first of them: a slider on its way is one change."""

Section = TypeVar("Section")


class SettingsStore:
    """Holds the settings. All but `run` is to be called in one event loop."""

    def __init__(self, current: Settings, path: Path | None) -> None:
        """Hold what was loaded.

        Args:
            current: the settings.
            path: of their file; only what is changed here is written to it. None: there is no place for one.
        """
        self.current = current
        """The settings in force."""
        self.note = ""
        """What the user should know of the file, such as that it cannot be written, or ""."""
        self.path = path
        """Where they are kept; None: nowhere."""
        self._subscribers: list[Callable[[Settings, Settings, Actor], None]] = []
        self._unsaved: dict[KeyPath, Value | None] = {}
        self._changed = asyncio.Event()
        self._saving = threading.Lock()

    def subscribe(self, section: Callable[[Settings], Section], callback: Callable[[Section, Actor], None]) -> None:
        """Call `callback` with a section, and with who changed it, each time that it is another one.

        Args:
            section: takes the section out of the settings.
            callback: must not wait.
        """

        def compare(before: Settings, after: Settings, by: Actor) -> None:
            if section(before) != section(after):
                callback(section(after), by)

        self._subscribers.append(compare)

    def change(self, changes: Mapping[str, Any], by: Actor) -> None:
        """Change some settings from now on, and have them written soon.

        Args:
            changes: new values by section and name, such as {"music": {"volume": 0.5}}; None takes a lock away.
            by: who asks.

        Raises:
            InvalidChange: the settings would not be valid. Then nothing of it is done.
        """
        before, model = self.current, type(self.current)
        try:
            self.current = model.model_validate(_merged(before.model_dump(), changes))
        except ValidationError as error:
            raise InvalidChange(settings.explain(error, model)) from error
        content = self.current.model_dump()
        for path in _paths(changes):
            self._unsaved[path] = _at(content, path)
        self._changed.set()
        for notify in self._subscribers:
            notify(before, self.current, by)

    async def run(self) -> None:
        """Write what was changed once it has come to rest, and at the end. What cannot be written waits for the next
        change, or for the end."""
        try:
            while True:
                await self._changed.wait()
                await asyncio.sleep(SAVE_S)
                self._changed.clear()
                await self._save()
        finally:
            await self._save()

    async def _save(self) -> None:
        unsaved = dict(self._unsaved)
        if not unsaved:
            return
        try:
            await asyncio.to_thread(self._write, unsaved)
        except SettingsError as error:
            # A read-only disk is no reason to fall silent.
            self.note = f"what you chose cannot be kept: {error}"
            log.warning("%s", self.note)
            return
        self.note = ""
        for path, value in unsaved.items():
            if self._unsaved[path] == value:  # and was not changed meanwhile
                del self._unsaved[path]

    def _write(self, unsaved: Mapping[KeyPath, Value | None]) -> None:
        # One that was given up in the middle goes on in its thread, and the last one waits for it.
        with self._saving:
            settings.update(self.path, unsaved)


def _merged(content: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return content with changes in it, table by table."""
    merged = dict(content)
    for name, value in changes.items():
        inner = merged.get(name)
        merged[name] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, Mapping) else value
    return merged


def _paths(changes: Mapping[str, Any]) -> Iterator[KeyPath]:
    """Give the paths of all values in nested changes."""
    for name, value in changes.items():
        if isinstance(value, Mapping):
            yield from ((name, *path) for path in _paths(value))
        else:
            yield (name,)


def _at(content: Any, path: KeyPath) -> Any:
    for name in path:
        content = content[name]
    return content
