"""Opens the library's database, and says in one line what is wrong where that fails."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.music.library.migrations import MIGRATIONS, migrate, version_of
from soundit_edge.text import reason

PATIENCE_S: Final = 10.0
"""Seconds to wait for another process that is writing."""
_HEADER: Final = b"SQLite format 3\0"
_BROKEN: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_UNWRITABLE: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR)
_FOLDER: Final = "{}: a folder; the library is a file (see SOUNDIT_LIBRARY)"


class LibraryError(SounditError):
    """The library cannot be read or written. The message names its file."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open the database; make it or bring it up to date where that has to be done.

    Raises:
        SounditError: it cannot be written, is broken, or none of ours.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
        try:
            version_of(connection, path)  # before anything is written into what may be another program's
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            migrate(connection, path)
            connection.execute("BEGIN IMMEDIATE")  # fails where it cannot be written
            connection.execute("ROLLBACK")
        except BaseException:
            connection.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise explained(path, error) from error
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the database as it is, on a read-only disk too; nothing can be written to it.

    Raises:
        SounditError: it is not there, cannot be read, is broken, none of ours, or has to be brought up to date first.
    """
    if path.is_dir():
        raise LibraryError(_FOLDER.format(path))
    if not path.is_file():
        raise LibraryError(f"{path}: there is no library yet; `soundit library add DIR` scans your music")
    # On a disk that cannot be written, SQLite reads a WAL database only where it may take it for unchanging.
    unchanging = "" if os.access(path.parent, os.W_OK) else "&immutable=1"
    address = f"{path.absolute().as_uri()}?mode=ro{unchanging}"
    try:
        connection = sqlite3.connect(address, uri=True, timeout=PATIENCE_S, isolation_level=None)
        try:
            version = version_of(connection, path)
        except BaseException:
            connection.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise explained(path, error) from error
    if version < len(MIGRATIONS):
        connection.close()
        raise LibraryError(f"{path}: an older soundit's; it has to be written to once: run `soundit library add DIR`")
    return connection


def explained(path: Path, error: OSError | sqlite3.Error) -> LibraryError:
    """Return an error in words for the user. A broken library is moved aside, so that the next command can begin
    again."""
    if isinstance(error, OSError):
        return LibraryError(f"{path}: the library cannot be written ({reason(error)})")
    # The low byte; the others say more about the place where it happened.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if path.is_dir():
        return LibraryError(_FOLDER.format(path))
    if code in _BROKEN:
        return _moved_aside(path)
    if code in _BUSY:
        return LibraryError(f"{path}: another soundit is writing to the library; try again when it is done")
    if code in _UNWRITABLE:
        why = error if os.access(path.parent, os.W_OK) else "a read-only disk, or not yours to write to"
        return LibraryError(f"{path}: the library cannot be written ({why})")
    if code == sqlite3.SQLITE_FULL:
        return LibraryError(f"{path}: the disk is full; nothing that was recorded is lost, make room and go on")
    return LibraryError(f"{path}: the library failed ({error})")


def _moved_aside(path: Path) -> LibraryError:
    try:
        with path.open("rb") as file:
            head = file.read(len(_HEADER))
        if head.strip(b"\0") and head != _HEADER:
            return LibraryError(f"{path}: not a library; move it away, or give another file in SOUNDIT_LIBRARY")
        number = 1
        while (aside := path.with_name(f"{path.name}.broken{number}")).exists():
            number += 1
        path.rename(aside)
        for ending in ("-wal", "-shm"):
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + ending))
    except OSError as error:
        return LibraryError(f"{path}: the library is broken; move it away and scan again ({reason(error)})")
    return LibraryError(f"{path}: broken, moved aside to {aside.name}; `soundit library add DIR` builds a new one")
