"""The file settings.toml: read as a whole, changed value by value, and never half-written."""

from __future__ import annotations

import codecs
import os
import stat
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from soundit_edge import paths
from soundit_edge.files import replacing, write_whole
from soundit_edge.formats import toml_edit
from soundit_edge.settings.migrations import MIGRATIONS, VERSION, Migration, migrated, rewritten, version_of
from soundit_edge.settings.model import Settings
from soundit_edge.settings.refusals import SettingsError, explain
from soundit_edge.text import reason

MARK: Final = "\ufeff"
"""The byte-order mark, which editors on Windows write before a text in UTF-8."""
PRIVATE: Final = 0o600
"""Mode of a new file: passwords of integrations may come to stand in it."""


def default_path() -> Path | None:
    """Return the path of the settings file; None for a user without a home folder and without SOUNDIT_SETTINGS."""
    return paths.if_any(paths.settings_file)


def load(path: Path | None, model: type[Settings] = Settings, migrations: Sequence[Migration] = MIGRATIONS) -> Settings:
    """Read the settings in a file; return the defaults where the file does not exist, or `path` is None.

    A file in an older format is understood, and stays as it is until a setting is changed.

    Args:
        path: of the file.
        model: what it may hold; the device's own knows the integrations, too.
        migrations: from each format to the next.

    Raises:
        SettingsError: the file cannot be read or is not valid; the message names the first thing to correct.
    """
    if path is None:
        return model()
    try:
        return parse(_read(path), model, migrations)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def parse(content: bytes, model: type[Settings] = Settings, migrations: Sequence[Migration] = MIGRATIONS) -> Settings:
    """Return the settings that the content of a file means.

    Args:
        content: of the file.
        model: what it may hold.
        migrations: from each format to the next.

    Raises:
        SettingsError: it is not valid; the message names the first thing to correct.
    """
    try:
        return model.model_validate({**migrated(_table(text_of(content)), migrations), "version": VERSION})
    except ValidationError as error:
        raise SettingsError(explain(error, model)) from error


def update(
    path: Path | None,
    changes: Mapping[toml_edit.KeyPath, toml_edit.Value | None],
    migrations: Sequence[Migration] = MIGRATIONS,
) -> None:
    """Change some values in a settings file, atomically and durably.

    The file is read again and only these values change: what its owner wrote in the meantime, comments and layout stay,
    and so do its mode, its byte-order mark and a link to it. A missing file is created. A file in an older format is
    brought to the newest one, and kept as it was beside the new one, such as settings.toml.v1.bak.

    Args:
        path: the file; None: this user has no place for a settings file.
        changes: new values by the path of their key, for example ("music", "volume"); None removes a key.
        migrations: from each format to the next.

    Raises:
        SettingsError: the file cannot be read, is not valid or cannot be written, or `path` is None.
    """
    if path is None:
        raise SettingsError("this user has no home folder, and SOUNDIT_SETTINGS names no file")
    try:
        whole = text_of(_read(path))
        text = whole.removeprefix(MARK)
        newest = in_newest_format(text, migrations)
        changed = toml_edit.edited(newest, changes)
    except ValueError as error:
        raise SettingsError(f"{path}: not valid TOML ({error})") from error
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error
    if changed == text:
        return
    if newest != text and path.exists():
        keep_copy(path, f".v{version_of(_table(text), migrations)}.bak")
    write(path, (whole.removesuffix(text) + changed).encode())


def in_newest_format(text: str, migrations: Sequence[Migration] = MIGRATIONS) -> str:
    """Return the text of a file in the newest format; one that is in it already comes back as it is.

    Raises:
        SettingsError: it is no TOML, or in a format that is not known.
    """
    before = _table(text)
    after = migrated(before, migrations)
    return text if after == before else rewritten(text, before, after)


def write(path: Path, content: bytes) -> None:
    """Write the whole file, with the folder that it lies in; a new one only its owner can read.

    Raises:
        SettingsError: it cannot be written; then it is as it was.
    """
    try:
        path.resolve().parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            write_whole(path, content)
        else:
            _write_new(path, content, PRIVATE)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({reason(error)})") from error


def keep_copy(path: Path, ending: str) -> Path:
    """Keep the file as it is now beside it, and return the copy's path; an older copy of that name is replaced.

    Args:
        path: of the file.
        ending: what the copy's name has more than the file's.

    Raises:
        SettingsError: the copy cannot be written.
    """
    copy = path.with_name(path.name + ending)
    try:
        _write_new(copy, path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
    except OSError as error:
        raise SettingsError(f"{copy}: cannot be written ({reason(error)})") from error
    return copy


def text_of(content: bytes) -> str:
    """Return a file's content as text, with its byte-order mark and its line ends.

    Raises:
        SettingsError: it is no text in UTF-8.
    """
    # Some editors call UTF-16 "Unicode"; in it every other byte of an English text is 0.
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
        raise SettingsError("not valid TOML (it is saved as UTF-16 or is no text: save it as UTF-8)")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"not valid TOML (line {line} is not UTF-8: save the file as UTF-8)") from error


def _table(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix(MARK))
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"not valid TOML ({error})") from error


def _read(path: Path) -> bytes:
    """Return the content of a file, empty where it does not exist."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})") from error


def _write_new(path: Path, content: bytes, mode: int) -> None:
    with replacing(path) as temporary:
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        temporary.write_bytes(content)
