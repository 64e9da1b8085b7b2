"""The settings in force: changed as a whole or not at all, watched by whoever cares, and written where they lie."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from soundit_edge import settings
from soundit_edge.control.actor import Actor
from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.formats.toml_edit import KeyPath, Value
from soundit_edge.settings import Settings, SettingsError
from soundit_edge.settings.camera_logins import bound_at_start, changed_logins, rebound
from soundit_edge.settings.describe import value_at
from soundit_edge.settings.exchange import imported
from soundit_edge.settings.file import keep_copy, write

log = logging.getLogger(__name__)

SAVE_S: Final = 1.0
"""Changes are written so long after the first of them: a slider on its way is one change."""
RETRY_S: Final = 60.0
"""What could not be written is tried again so often: seldom, for each attempt may wear a card that has little room."""
VOLUME: Final = ("music", "volume")
BEFORE_IMPORT: Final = ".before-import.bak"
"""What the name of the file that was there before an import has more."""

Section = TypeVar("Section")


class SettingsStore:
    """Holds the settings. All but `run` is to be called in one event loop."""

    def __init__(self, current: Settings, path: Path | None) -> None:
        """Hold what was loaded.

        Args:
            current: the settings.
            path: of their file; only what is changed here is written to it. None: there is no place for one.
        """
        self.current = _under_ceiling(bound_at_start(current))
        """The settings in force."""
        self.at_start = self.current
        """The settings that the device started with; some changes wait for the next start."""
        self.note = ""
        """What the user should know of the file, such as that it cannot be written, or ""."""
        self.path = path
        """Where they are kept; None: nowhere."""
        self._subscribers: list[Callable[[Settings, Settings, Actor], None]] = []
        self._unsaved: dict[KeyPath, Value | None] = {}
        for key in changed_logins(current, self.current):
            self._unsaved[key] = _as_written(value_at(self.current.model_dump(by_alias=True), key))
        self._changed = asyncio.Event()
        if self._unsaved:
            self._changed.set()
        self._writing = asyncio.Lock()
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
        model = type(self.current)
        try:
            after = model.model_validate(_merged(self.current.model_dump(by_alias=True), changes, model))
        except ValidationError as error:
            raise InvalidChange(settings.explain(error, model)) from error
        before = self.current
        whose = rebound(before, after, _with_password(changes))
        self.current = _under_ceiling(whose)
        content = self.current.model_dump(by_alias=True)
        also = {*changed_logins(before, whose), *(() if self.current is whose else (VOLUME,))}
        for path in {*_paths(changes, model), *also}:
            self._unsaved[path] = _as_written(value_at(content, path))
        self._changed.set()
        self._notify(before, by)

    async def keep(self) -> None:
        """Write now what was changed; where that fails, `note` says so."""
        await self._save()

    async def replace(self, content: bytes, by: Actor) -> None:
        """Put a whole file in the place of the present one, which is kept beside it; all is in force at once.

        Args:
            content: of the file.
            by: who asks.

        Raises:
            InvalidChange: it is not valid. Then nothing is done.
            NotNow: it cannot be written. Then nothing is done.
        """
        try:
            text, after = await asyncio.to_thread(imported, content, self.current)
        except SettingsError as error:
            raise InvalidChange(f"The file was not taken: {error}") from error
        await self._save()  # so that what is kept of the present file is complete
        async with self._writing:
            try:
                await asyncio.to_thread(self._put_in_place, text.encode())
            except SettingsError as error:
                raise NotNow(f"Nothing was changed: {error}") from error
            # The file is the last word, also over what was chosen while it was written.
            self._unsaved = {}
            self.note = ""
        before, self.current = self.current, _under_ceiling(after)
        self._notify(before, by)

    async def run(self) -> None:
        """Write what was changed once it has come to rest, and at the end. What cannot be written is tried again."""
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(RETRY_S if self._unsaved else None):
                        await self._changed.wait()
                await asyncio.sleep(SAVE_S)
                self._changed.clear()
                await self._save()
        finally:
            await self._save()

    async def _save(self) -> None:
        async with self._writing:
            unsaved = dict(self._unsaved)
            if not unsaved:
                return
            try:
                await asyncio.to_thread(self._write, unsaved)
            except SettingsError as error:
                # A read-only disk is no reason to fall silent.
                before = self.note
                self.note = f"what you chose cannot be kept: {error}"
                if self.note != before:
                    log.warning("%s", self.note)
                return
            self.note = ""
            for path, value in unsaved.items():
                if self._unsaved[path] == value:  # and was not changed meanwhile
                    del self._unsaved[path]

    def _notify(self, before: Settings, by: Actor) -> None:
        for notify in self._subscribers:
            notify(before, self.current, by)

    def _put_in_place(self, content: bytes) -> None:
        if self.path is None:
            raise SettingsError("this user has no home folder, and SOUNDIT_SETTINGS names no file")
        with self._saving:
            if self.path.exists():
                keep_copy(self.path, BEFORE_IMPORT)
            write(self.path, content)

    def _write(self, unsaved: Mapping[KeyPath, Value | None]) -> None:
        # One that was given up in the middle goes on in its thread, and the last one waits for it.
        with self._saving:
            settings.update(self.path, unsaved)


def _with_password(changes: Mapping[str, Any]) -> set[str]:
    """Return for which cameras a change gives a password."""
    return {name for name, table in changes.get("cameras", {}).items() if "password" in table}


def _under_ceiling(current: Settings) -> Settings:
    """Return the settings with a volume that is not above its ceiling."""
    music = current.music
    if music.volume <= music.max_volume:
        return current
    return current.model_copy(update={"music": music.model_copy(update={"volume": music.max_volume})})


def _merged(content: dict[str, Any], changes: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """Return content with changes in it, table by table; a list or a mapping of the user's own is one value."""
    merged = dict(content)
    for name, value in changes.items():
        table = _table(model, name)
        merged[name] = _merged(merged[name], value, table) if table and isinstance(value, Mapping) else value
    return merged


def _paths(changes: Mapping[str, Any], model: type[BaseModel]) -> Iterator[KeyPath]:
    """Give the paths of all values in nested changes, which are valid."""
    for name, value in changes.items():
        if table := _table(model, name):
            yield from ((name, *path) for path in _paths(value, table))
        else:
            yield (name,)


def _table(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """Return the model of the table of that name; None where there is no such table."""
    annotation = field.annotation if (field := model.model_fields.get(name)) else None
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _as_written(value: Any) -> Any:
    """Return a value as the file has it: secrets in the clear, and without what is left out."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return {name: _as_written(inner) for name, inner in value.items() if inner is not None}
    return [_as_written(one) for one in value] if isinstance(value, (list, tuple)) else value
