"""The settings as a whole: read with all that people need to know of them, changed, taken away and brought back."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from soundit_edge.control.actor import Actor, Role
from soundit_edge.control.refusals import NotNow
from soundit_edge.formats.toml_edit import KeyPath
from soundit_edge.page.route import By, Route
from soundit_edge.settings import Settings
from soundit_edge.settings.commented import as_file_values, commented
from soundit_edge.settings.describe import Applies, SettingField, fields, tables, value_at
from soundit_edge.text import presentable

MAX_CHANGE: Final = 1 << 16
MAX_FILE: Final = 1 << 17
"""Largest bodies, in bytes."""
TOML: Final = "application/toml"


class KeptSettings(Protocol):
    """The settings in force and their file; see `daemon.settings_store`."""

    current: Settings
    at_start: Settings
    note: str
    path: Path | None

    def change(self, changes: Mapping[str, Any], by: Actor) -> None:
        """Change some of them, all of it or nothing."""

    async def keep(self) -> None:
        """Write now what was changed; where that fails, `note` says so."""

    async def replace(self, content: bytes, by: Actor) -> None:
        """Put a whole file in the place of the present one."""


class SettingPicture(BaseModel):
    """One setting.

    Attributes:
        path: of its key in settings.toml.
        about: its JSON schema: title, description, limits, unit, default, and what can be chosen.
        value: the one in force; null for a secret, and where nothing is set.
        is_set: whether it differs from its default.
        applies: when a change is in force.
        waits: whether it was changed and waits for the next start.
        secret: whether its value is shown to nobody.
    """

    path: tuple[str, ...]
    about: dict[str, Any]
    value: Any
    is_set: bool
    applies: Applies
    waits: bool
    secret: bool


class TablePicture(BaseModel):
    """One table of settings.toml."""

    path: tuple[str, ...]
    title: str
    description: str
    settings: list[SettingPicture]


class SettingsPicture(BaseModel):
    """All settings.

    Attributes:
        tables: in their order.
        file: where they lie; null: nowhere.
        note: what the user should know of the file, such as that it cannot be written, or "".
        time: the device's time of day, on which the schedule goes.
    """

    tables: list[TablePicture]
    file: str | None
    note: str
    time: datetime.datetime


class SettingsChange(BaseModel):
    """Settings to change: both are trees such as {"music": {"volume": 0.5}}."""

    model_config = ConfigDict(extra="forbid")

    changes: dict[str, Any] = Field(description="New values; what is left out stays as it is.")
    was: dict[str, Any] = Field(
        default={}, description="The values that were seen before: where one is another by now, nothing is changed."
    )


def routes(kept: KeptSettings, clock: Callable[[str], datetime.datetime]) -> list[Route]:
    """Return the routes of the settings.

    Args:
        kept: the settings of the device.
        clock: gives the time of day in a time zone, "" for this computer's own.
    """

    def answer() -> SettingsPicture:
        return picture(kept, clock(kept.current.schedule.time_zone))

    async def read() -> SettingsPicture:
        """Describe all settings, with their values."""
        return answer()

    async def change(body: SettingsChange, by: By) -> SettingsPicture:
        """Change settings, all of the change or nothing; 409 where somebody else has changed the same one meanwhile."""
        refuse_conflict(kept.current, body)
        kept.change(body.changes, by)
        await kept.keep()
        return answer()

    async def take_away() -> Response:
        """Export the settings as a commented settings.toml without secrets."""
        headers = {"content-disposition": 'attachment; filename="settings.toml"'}
        return Response(commented(kept.current), media_type=TOML, headers=headers)

    async def bring_back(request: Request, by: By) -> SettingsPicture:
        """Import a settings.toml, checked as a whole before anything is changed; the present file is kept beside it."""
        await kept.replace(await request.body(), by)
        return answer()

    path = "/api/settings"
    return [
        Route("GET", path, Role.ADMIN, read),
        Route("PATCH", path, Role.ADMIN, change, MAX_CHANGE),
        Route("GET", f"{path}/export", Role.ADMIN, take_away),
        Route("POST", f"{path}/import", Role.ADMIN, bring_back, MAX_FILE, (TOML,)),
    ]


def picture(kept: KeptSettings, now: datetime.datetime) -> SettingsPicture:
    """Return the settings as people see them, at the time of day `now`."""
    model = type(kept.current)
    values, defaults = as_file_values(kept.current), as_file_values(model())
    in_force, started = (one.model_dump(by_alias=True) for one in (kept.current, kept.at_start))

    def shown(field: SettingField) -> SettingPicture:
        path = field.path
        return SettingPicture(
            path=path,
            about=field.schema,
            value=None if field.secret else value_at(values, path),
            is_set=value_at(values, path) != value_at(defaults, path),
            applies=field.applies,
            waits=field.applies != "at once" and value_at(in_force, path) != value_at(started, path),
            secret=field.secret,
        )

    described = [
        TablePicture(
            path=table.path,
            title=table.title,
            description=table.description,
            settings=[shown(field) for field in table.fields],
        )
        for table in tables(model)
    ]
    file = None if kept.path is None else presentable(kept.path)
    return SettingsPicture(tables=described, file=file, note=kept.note, time=now)


def refuse_conflict(current: Settings, asked: SettingsChange) -> None:
    """Refuse a change of a value that was changed by somebody else since it was seen.

    Raises:
        NotNow: there is one; the sentence says which, and what it is now.
    """
    known, values = fields(type(current)), as_file_values(current)
    for path, field in known.items():
        seen, wanted = _found(asked.was, path), _found(asked.changes, path)
        value = value_at(values, path)
        if field.secret or not seen or not wanted or value in (seen[0], wanted[0]):
            continue
        raise NotNow(
            f"Somebody else has changed {field.schema['title']} meanwhile, to {presentable(str(value))}. "
            "Nothing of yours was done: look at it, and choose again."
        )


def _found(tree: Any, path: KeyPath) -> list[Any]:
    """Return the value at a path of a tree that may lack it, in a list; an empty list where there is none."""
    for name in path:
        if not isinstance(tree, Mapping) or name not in tree:
            return []
        tree = tree[name]
    return [tree]
