"""Changes single values in a TOML document, and leaves the rest as its author wrote it: comments, order and layout.

There is no parser here. `tomllib` says what each statement means, and whether an edit changes what it should and
nothing else; any other edit is discarded.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import tomli_w

KeyPath = tuple[str, ...]
Value = str | int | float | bool | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """One statement of a document: a key with its value, or the header of a table.

    Attributes:
        first: its first line.
        end: the line after its last one.
        path: path of the key or the table, from the root of the document.
        own: the part of `path` that the statement itself spells out.
        value: value of the key; None where the statement is a header.
    """

    first: int
    end: int
    path: KeyPath
    own: KeyPath
    value: Any = None

    @property
    def table(self) -> KeyPath:
        """Return the path of the table that a key belongs to."""
        return self.path[: len(self.path) - len(self.own)]


def edited(text: str, changes: Mapping[KeyPath, Value | None]) -> str:
    """Return a document with some of its values changed.

    Args:
        text: a TOML document.
        changes: new values by the path of their key, for example ("music", "volume"); None removes a key.

    Raises:
        ValueError: the text is no TOML, or a key cannot be set (what should be its table is no table).
    """
    for path, value in changes.items():
        wanted = _without_empty(_changed(tomllib.loads(text), path, value))
        edit = next((edit for edit in _edits(text, path, value) if _without_empty(_parsed(edit)) == wanted), None)
        if edit is None:
            raise ValueError(f"{'.'.join(path)} cannot be set")
        text = edit
    return text


def _changed(content: dict[str, Any], path: KeyPath, value: Any) -> dict[str, Any]:
    """Return a document's content with one value changed."""
    name, rest = path[0], path[1:]
    if not rest:
        others = {key: there for key, there in content.items() if key != name}
        return others if value is None else {**content, name: value}
    inner = content.get(name, {})
    if not isinstance(inner, dict):
        raise ValueError(f"{name} is no table")
    if value is None and name not in content:
        return content
    return {**content, name: _changed(inner, rest, value)}


def _without_empty(content: Any) -> Any:
    """Return content without empty tables: removing the last key of a table may remove the table."""
    if not isinstance(content, dict):
        return content
    inner = {name: _without_empty(value) for name, value in content.items()}
    return {name: value for name, value in inner.items() if value != {}}


def _edits(text: str, path: KeyPath, value: Any) -> Iterator[str]:
    """Yield documents with one value changed, the smallest edit first; not all of them have the wanted content."""
    yield text
    lines = text.split("\n")
    statements = list(_statements(lines))
    yield from _edits_in_place(lines, statements, path, value)
    if value is not None:
        yield from _insertions(lines, statements, path, value_text(value))
    yield from _edits_without(lines, statements, path, value)


def _edits_in_place(lines: list[str], statements: list[_Statement], path: KeyPath, value: Any) -> Iterator[str]:
    """Yield the document with a changed statement: that of the key, or that of the inline table around it."""
    for statement in statements:
        inside = path[len(statement.path) :]
        if statement.value is None or statement.path != path[: len(statement.path)]:
            continue
        if inside and isinstance(statement.value, dict):
            yield _replaced(lines, statement, value_text(_changed(statement.value, inside, value)))
        elif not inside and value is None:
            yield "\n".join(lines[: statement.first] + lines[statement.end :])
        elif not inside:
            yield _replaced(lines, statement, value_text(value))


def _edits_without(lines: list[str], statements: list[_Statement], path: KeyPath, value: Any) -> Iterator[str]:
    """Yield the document without all statements of what was there, such as an array of tables, and with the value."""
    there = [range(one.first, one.end) for one in statements if one.path[: len(path)] == path]
    if not there:
        return
    kept = [line for number, line in enumerate(lines) if not any(number in span for span in there)]
    if value is None:
        yield "\n".join(kept)
    else:
        yield from _insertions(kept, list(_statements(kept)), path, value_text(value))


def _insertions(lines: list[str], statements: list[_Statement], path: KeyPath, literal: str) -> Iterator[str]:
    """Yield the document with a line added: below one like it that is commented out, below the key with the most
    similar path, above everything where it belongs to no table, or in a new table."""
    line_end = "\r" if lines[0].endswith("\r") else ""
    commented = re.compile(rf"\s*#\s*{re.escape(key_text(path[-1:]))}\s*=")
    for number, line in enumerate(lines, 1):
        if commented.match(line):
            yield "\n".join([*lines[:number], f"{key_text(path[-1:])} = {literal}{line_end}", *lines[number:]])
    near = sorted(
        (statement for statement in statements if statement.path[0] == path[0]),
        key=lambda statement: (_common(statement.path, path), statement.value is not None, statement.first),
    )
    for statement in reversed(near):
        table = statement.path if statement.value is None else statement.table
        if table == path[: len(table)] != path:
            below = f"{key_text(path[len(table) :])} = {literal}{line_end}"
            yield "\n".join([*lines[: statement.end], below, *lines[statement.end :]])
    if len(path) == 1:
        top = statements[0].first if statements else 0
        yield "\n".join([*lines[:top], f"{key_text(path)} = {literal}{line_end}", *lines[top:]])
        return
    before = lines if lines[-1].strip() else lines[:-1]  # the last line may end without a break
    gap = [line_end] if before else []
    yield "\n".join(
        [*before, *gap, f"[{key_text(path[:-1])}]{line_end}", f"{key_text(path[-1:])} = {literal}{line_end}", ""]
    )


def _statements(lines: list[str]) -> Iterator[_Statement]:
    """Yield the statements of a document in their order, without comments and empty lines."""
    table: KeyPath = ()
    first = 0
    while first < len(lines):
        end = first + 1
        # A value may extend over several lines; as long as its end is missing, the text is no TOML.
        while (content := _parsed("\n".join(lines[first:end]))) is None:
            end += 1
        if content:
            text = "\n".join(lines[first:end])
            header = text.lstrip().startswith("[")
            own = _chain(content) if header else _chain(_parsed(_before_value(text) + "= 0") or {})
            path = own if header else (*table, *own)
            table = path if header else table
            yield _Statement(first, end, path, own, None if header else _at(content, own))
        first = end


def _replaced(lines: list[str], statement: _Statement, literal: str) -> str:
    """Return the document with another value in a statement; the comment of the statement stays."""
    text = "\n".join(lines[statement.first : statement.end])
    key = _before_value(text)
    value, comment = text[len(key) + 1 :], ""
    for place in (place for place, character in enumerate(value) if character == "#"):
        if (content := _parsed(f"{key}={value[:place]}")) is not None and content == _parsed(text):
            value, comment = value[:place], value[place:]
            break
    before, after = value[: len(value) - len(value.lstrip())], value[len(value.rstrip()) :]
    changed = f"{key}={before}{literal}{after}{comment}"
    return "\n".join([*lines[: statement.first], changed, *lines[statement.end :]])


def _before_value(text: str) -> str:
    """Return the text before the equals sign of a statement; a quoted key may contain an equals sign, too."""
    places = (place for place, character in enumerate(text) if character == "=")
    return next(text[:place] for place in places if _parsed(text[:place] + "= 0") is not None)


def _parsed(text: str) -> dict[str, Any] | None:
    """Return the content of a TOML text; None where it is no TOML."""
    try:
        return tomllib.loads(text + "\n")  # a line that ends with "\r" needs the "\n"
    except tomllib.TOMLDecodeError:
        return None


def _chain(content: Any) -> KeyPath:
    """Return the keys of nested tables that have one key each."""
    if isinstance(content, list):  # an array of tables
        content = content[0]
    if not isinstance(content, dict) or not content:
        return ()
    ((name, inner),) = content.items()
    return (name, *_chain(inner))


def _common(one: KeyPath, other: KeyPath) -> int:
    """Return how many leading keys two paths have in common."""
    return next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _at(content: Any, path: KeyPath) -> Any:
    for name in path:
        content = content[name]
    return content


def key_text(path: KeyPath) -> str:
    """Return the path of a key as TOML, with dots and, where they are needed, quotes."""
    return ".".join(tomli_w.dumps({name: 0}).removesuffix(" = 0\n") for name in path)


def value_text(value: Any) -> str:
    """Return a value as TOML, tables inline and those of a list one a line."""
    if isinstance(value, dict):
        inside = ", ".join(f"{key_text((name,))} = {value_text(inner)}" for name, inner in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        items = [value_text(one) for one in value]
        if any(isinstance(one, dict) for one in value):
            return "[\n" + "".join(f"    {item},\n" for item in items) + "]"
        return f"[{', '.join(items)}]"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").removesuffix("\n")
