"""From one format of settings.toml to the next: a chain of pure functions, each from one version to the one after it.

Whoever moves or renames a setting adds a function at the end of `MIGRATIONS`; the version is counted from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import tomli_w

from soundit_edge.formats import toml_edit
from soundit_edge.settings.refusals import SettingsError

Table = dict[str, Any]
Migration = Callable[[Table], Table]
"""Takes the content of a file in one format, and returns it in the next one; it changes nothing in place."""

FIRST_VERSION: Final = 1
"""Of a file that names none."""
MIGRATIONS: Final[tuple[Migration, ...]] = ()
"""The first leads from version 1 to 2, and so on."""
VERSION: Final = FIRST_VERSION + len(MIGRATIONS)
"""The format that this program reads and writes."""


def version_of(content: Table, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Return the version of a file's content.

    Raises:
        SettingsError: this program does not know it.
    """
    version, known = content.get("version", FIRST_VERSION), FIRST_VERSION + len(migrations)
    if type(version) is int and FIRST_VERSION <= version <= known:
        return version
    newer = " (a newer soundit wrote it: update this one)" if type(version) is int and version > known else ""
    raise SettingsError(f"written for format {version}, this program knows format {known}{newer}")


def migrated(content: Table, migrations: Sequence[Migration] = MIGRATIONS) -> Table:
    """Return a file's content in the newest format.

    Raises:
        SettingsError: its version is not known.
    """
    version = version_of(content, migrations)
    for step in migrations[version - FIRST_VERSION :]:
        version += 1
        content = {**step(content), "version": version}
    return content


def rewritten(text: str, before: Table, after: Table) -> str:
    """Return a file's text with another content. Comments and layout stay, unless that is impossible.

    Args:
        text: of the file.
        before: what it says.
        after: what it shall say.
    """
    try:
        return toml_edit.edited(text, dict(_differences(before, after)))
    except ValueError:
        return tomli_w.dumps(after)


def _differences(before: Table, after: Table, above: toml_edit.KeyPath = ()) -> Iterator[tuple[toml_edit.KeyPath, Any]]:
    """Yield the path and the new value of what differs; None for what is gone."""
    for name in {**before, **after}:
        old, new, path = before.get(name), after.get(name), (*above, name)
        if isinstance(new, dict) and (old is None or isinstance(old, dict)):
            yield from _differences(old or {}, new, path)
        elif old != new or type(old) is not type(new):
            yield path, new
