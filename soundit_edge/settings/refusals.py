"""Why settings are refused, in words."""

from __future__ import annotations

import reprlib
import typing
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from soundit_edge.errors import SounditError
from soundit_edge.text import known_names, presentable

_SHORT: Final = reprlib.Repr()
"""Formats a user's value for a message, shortened where it is long."""
_SHORT.maxstring = 60


class SettingsError(SounditError):
    """The settings file is broken, holds something unknown, or cannot be written."""


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first problem of `model` in one line, with the nearest known name for a misspelt one."""
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    name = presentable(".".join(place))
    if first["type"] != "extra_forbidden":
        value = "" if _may_be_secret(place) else f", but it is {_SHORT.repr(first['input'])}"
        return f"{name or 'a name'}: {first['msg'].lower()}{value}"
    known = _names_in(model, place[:-1])
    return f"unknown setting {_SHORT.repr(name)}{known_names(place[-1], known)}"


def _may_be_secret(place: list[str]) -> bool:
    """Return whether a value may hold a password, be it in the address of a camera: what is said goes to the log."""
    return place[:1] in (["integrations"], ["cameras"]) or place[-1:] == ["camera"]


def table_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model in a field's type, be it in a list or beside None; None where there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(table_of, typing.get_args(annotation))), None)


def _names_in(model: type[BaseModel], place: list[str]) -> list[str]:
    for part in place:
        if part.isdecimal():  # of a list: its field has led to the model already
            continue
        field = model.model_fields.get(part)
        inner = table_of(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]
