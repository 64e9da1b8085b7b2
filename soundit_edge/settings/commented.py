"""settings.toml with a comment on every setting: what a device writes at its first start, and what it exports."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from soundit_edge.formats.toml_edit import key_text, value_text
from soundit_edge.settings.describe import SettingField, tables, value_at
from soundit_edge.settings.file import write
from soundit_edge.settings.migrations import VERSION
from soundit_edge.settings.model import Settings

SENTINEL: Final = "(kept secret)"
"""Stands in an exported file where a secret is set; a file that is imported keeps the secret that is there."""
WIDTH: Final = 100

_HEAD: Final = f"""\
# Settings of soundit edge. A line that begins with "# name = " shows a default: take the "# " away to set your own.
# "soundit settings --show" says what is in force.

version = {VERSION}
"""


def commented(settings: Settings) -> str:
    """Return the text of a settings.toml: what differs from the defaults is set, all else is commented out.

    Args:
        settings: what it says; secrets in it are replaced by `SENTINEL`.
    """
    model = type(settings)
    content, defaults = as_file_values(settings), as_file_values(model())
    parts = [_HEAD]
    for table in tables(model):
        head = [f"[{key_text(table.path)}]", *_comment(table.description)]
        lines = (_lines(one, value_at(content, one.path), value_at(defaults, one.path)) for one in table.fields)
        parts.append("\n".join([*head, *("\n".join(["", *some]) for some in lines), ""]))
    return "\n".join(parts)


def write_commented(path: Path | None, settings: Settings) -> bool:
    """Write the commented file where there is none; returns whether it was written.

    Args:
        path: of the file; None: there is no place for one.
        settings: what it says.

    Raises:
        SettingsError: it cannot be written.
    """
    if path is None or path.exists() or path.is_symlink():
        return False
    write(path, commented(settings).encode())
    return True


def as_file_values(settings: Settings) -> dict[str, Any]:
    """Return settings as a file has them, by the names of tables and keys; secrets that are set as `SENTINEL`."""
    content: dict[str, Any] = settings.model_dump(mode="json", by_alias=True)
    masked: dict[str, Any] = _masked(content, settings.model_dump(by_alias=True))
    return masked


def _masked(content: Any, plain: Any) -> Any:
    if isinstance(content, dict):
        return {name: _masked(value, plain[name]) for name, value in content.items()}
    if hasattr(plain, "get_secret_value"):
        return SENTINEL if plain.get_secret_value() else ""
    return content


def _lines(field: SettingField, value: Any, default: Any) -> Iterator[str]:
    schema = field.schema
    yield from _comment(f"{schema['title']}: {schema['description']}")
    yield from _comment(" ".join(f"{part}." for part in (limits(schema), _since(field)) if part))
    key = key_text(field.path[-1:])
    if value != default:
        yield f"{key} = {value_text(without_none(value))}"
        return
    shown = default if default not in (None, []) else schema.get("examples", [default])[0]
    if shown is None:
        yield f"# {key} ="
        return
    if shown != default:
        yield "# Not set; for example:"
    yield from (f"# {line}" for line in f"{key} = {value_text(without_none(shown))}".split("\n"))


def limits(schema: dict[str, Any]) -> str:
    """Return in words what a setting can be, such as "0 to 1 s", by its JSON schema; "" where nothing is to be said."""
    unit = f" {schema['unit']}" if "unit" in schema else ""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{low:g} to {high:g}{unit}"
    if low is not None:
        return f"{low:g}{unit} or more"
    if "enum" in schema:
        return "One of " + ", ".join(f'"{one}"' for one in schema["enum"])
    return "True or false" if schema.get("type") == "boolean" else f"In{unit}" if unit else ""


def _since(field: SettingField) -> str:
    return "" if field.applies == "at once" else "A change counts from the next start on"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in textwrap.wrap(text, WIDTH))


def without_none(value: Any) -> Any:
    """Return values without those that are None, which TOML does not know."""
    if isinstance(value, dict):
        return {name: without_none(inner) for name, inner in value.items() if inner is not None}
    return [without_none(one) for one in value] if isinstance(value, list) else value
