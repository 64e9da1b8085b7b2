"""The settings as people see them: table by table, each value with its texts, limits, unit and choices.

Both the page and the commented settings.toml are made from this. The texts, limits and units themselves stand in the
models, beside each field.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from soundit_edge.formats.toml_edit import KeyPath
from soundit_edge.settings.model import Settings

Applies = Literal["at once", "at the next start"]


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting.

    Attributes:
        path: of its key in settings.toml.
        schema: its JSON schema, with "title", "description", "default", limits, "enum" (what can be chosen), "unit" and
            "examples" where it has any, and without references.
        applies: when a change of it is in force.
        secret: whether its value is shown to nobody.
    """

    path: KeyPath
    schema: dict[str, Any]
    applies: Applies
    secret: bool


@dataclass(frozen=True, slots=True)
class SettingsTable:
    """One table of settings.toml.

    Attributes:
        path: of the table.
        title: for people.
        description: what it is about, one sentence.
        fields: its settings, in their order.
    """

    path: KeyPath
    title: str
    description: str
    fields: tuple[SettingField, ...]


@functools.lru_cache(maxsize=4)
def tables(model: type[Settings] = Settings) -> tuple[SettingsTable, ...]:
    """Return the tables of settings.toml that have settings, in their order."""
    return tuple(_tables(model, ()))


@functools.lru_cache(maxsize=4)
def fields(model: type[Settings] = Settings) -> Mapping[KeyPath, SettingField]:
    """Return all settings by the paths of their keys."""
    return {field.path: field for table in tables(model) for field in table.fields}


def value_at(content: Any, path: KeyPath) -> Any:
    """Return the value at the path of a key, in nested tables."""
    for name in path:
        content = content[name]
    return content


def _tables(model: type[BaseModel], above: KeyPath, title: str = "", description: str = "") -> Iterator[SettingsTable]:
    schema = model.model_json_schema(mode="validation")
    own, inner = [], []
    for name, field in model.model_fields.items():
        path = (*above, field.alias or name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            inner.append((field.annotation, path, field))
        elif above:  # what stands in no table is no setting: the version of the file
            own.append(_described(path, field, schema))
    if own:
        about = (description or inspect.getdoc(model) or "").partition("\n")[0]
        yield SettingsTable(above, title or _name_for_people(above), about, tuple(own))
    for below, path, field in inner:
        yield from _tables(below, path, field.title or "", field.description or "")


def _described(path: KeyPath, field: FieldInfo, schema: dict[str, Any]) -> SettingField:
    shown = _resolved(schema["properties"][path[-1]], schema.get("$defs", {}))
    secret = field.annotation is SecretStr
    if secret:
        shown.pop("default", None)
    if field.examples:
        shown["examples"] = field.examples  # whose keys a schema would sort
    # An integration is started again with its new settings.
    at_once = shown.pop("applies", None) == "at once" or path[0] == "integrations"
    return SettingField(path, shown, "at once" if at_once else "at the next start", secret)


def _resolved(schema: Any, kinds: dict[str, Any]) -> Any:
    """Return a schema with what it refers to in place of the references, and without the choice of being null."""
    if isinstance(schema, list):
        return [_resolved(one, kinds) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved({**kinds[schema["$ref"].rpartition("/")[2]], **_without(schema, "$ref")}, kinds)
    if "anyOf" in schema:
        (kind,) = (one for one in schema["anyOf"] if one != {"type": "null"})
        return _resolved({**kind, **_without(schema, "anyOf")}, kinds)
    return {name: _resolved(value, kinds) for name, value in schema.items()}


def _without(schema: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != name}


def _name_for_people(path: KeyPath) -> str:
    return path[-1].replace("_", " ").capitalize()
