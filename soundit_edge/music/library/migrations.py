"""How the library's database came to be what it is: a chain of steps, each run once, in order.

The number of steps a file has behind it is its `user_version`. A step that was once released is never changed; what
has to be different is another step.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.files import replacing

APPLICATION: Final = 0x534E4454
"""SQLite's `application_id` of a library ("SNDT"), which tells it from another program's database."""

_SONGS: Final = (
    """
    CREATE TABLE songs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: the history speaks of songs by it
        path TEXT,                            -- NULL: no file of it is here
        missing INTEGER NOT NULL DEFAULT 0,   -- 1: its file was gone when its folder was scanned last
        size INTEGER,                         -- of the file, in bytes
        mtime_ns INTEGER,
        digest TEXT,                          -- SHA-256 of the file
        scanned TEXT,                         -- version of the description
        title TEXT NOT NULL,
        artist TEXT NOT NULL DEFAULT '',
        genre TEXT NOT NULL DEFAULT '',
        duration_s REAL NOT NULL DEFAULT 0,
        bpm REAL NOT NULL DEFAULT 0,
        key TEXT NOT NULL DEFAULT '',
        mode TEXT NOT NULL DEFAULT '',
        lufs REAL NOT NULL DEFAULT 0,
        true_peak_db REAL NOT NULL DEFAULT 0,
        onsets_per_s REAL,
        centroid_hz REAL,
        range_db REAL,
        valence REAL NOT NULL DEFAULT 0,
        arousal REAL NOT NULL DEFAULT 0,
        source TEXT NOT NULL DEFAULT 'sound'
    ) STRICT
    """,
    "CREATE UNIQUE INDEX songs_by_path ON songs(path) WHERE missing = 0",
    "CREATE INDEX songs_by_former_path ON songs(path)",
    "CREATE INDEX songs_by_size ON songs(size)",
)
_IMPORTS: Final = (
    "ALTER TABLE songs ADD COLUMN feelings TEXT NOT NULL DEFAULT '{}'",  # JSON: name -> share
    "ALTER TABLE songs ADD COLUMN liking REAL",
    "ALTER TABLE songs ADD COLUMN words TEXT NOT NULL DEFAULT '{}'",  # JSON: emotion -> share
    "ALTER TABLE songs ADD COLUMN link TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE songs ADD COLUMN lifts TEXT NOT NULL DEFAULT ''",  # emotions, with spaces between
    """
    CREATE TABLE catalogue ( -- which song an imported row is
        kind TEXT NOT NULL,  -- of the import
        name TEXT NOT NULL,  -- what the row calls the song
        song INTEGER NOT NULL REFERENCES songs(id),
        PRIMARY KEY (kind, name)
    ) STRICT
    """,
    """
    CREATE TABLE ratings (       -- what listeners who came in one mood felt
        song INTEGER NOT NULL REFERENCES songs(id),
        mood INTEGER NOT NULL,   -- 1 to 5
        listeners INTEGER NOT NULL,
        liking REAL NOT NULL,    -- share of them
        feelings TEXT NOT NULL,  -- JSON: name -> share of them
        PRIMARY KEY (song, mood)
    ) STRICT
    """,
)
_HISTORY: Final = (
    """
    CREATE TABLE events (       -- what happened to songs; `record` is its only writer
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        t REAL NOT NULL,        -- seconds since 1970
        song INTEGER NOT NULL,  -- no reference: what happened outlasts a song that is removed
        path TEXT NOT NULL,
        event TEXT NOT NULL,
        seconds REAL,           -- for which it had been playing
        emotion TEXT NOT NULL,
        valence REAL NOT NULL,
        arousal REAL NOT NULL,
        who TEXT NOT NULL,
        policy TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TRIGGER events_are_final BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'what has happened is never changed'); END
    """,
)
_NO_BEAT: Final = (  # `bpm` is NULL where there is no beat; it was 120 there, and 0 where there is no file
    "ALTER TABLE songs RENAME COLUMN bpm TO stated_bpm",
    "ALTER TABLE songs ADD COLUMN bpm REAL",
    "UPDATE songs SET bpm = stated_bpm WHERE stated_bpm NOT IN (0, 120)",
    "ALTER TABLE songs DROP COLUMN stated_bpm",
)
_BY_HAND: Final = (
    "ALTER TABLE songs ADD COLUMN album TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE folders (      -- that the user has added; their songs are those whose path is below
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        scanned_t REAL          -- when the last whole scan ended, in seconds since 1970; NULL: never
    ) STRICT
    """,
    """
    CREATE TABLE corrections (  -- what the user corrected by hand; no scan and no import touches it
        song INTEGER PRIMARY KEY REFERENCES songs(id) ON DELETE CASCADE,
        emotion TEXT,           -- named by the user; valence and arousal are its place then
        valence REAL,
        arousal REAL,
        bpm REAL,
        CHECK ((valence IS NULL) = (arousal IS NULL))
    ) STRICT
    """,
    "CREATE INDEX ratings_by_song ON events(song, id) WHERE event IN ('liked', 'disliked')",
)
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (_SONGS, _IMPORTS, _HISTORY, _NO_BEAT, _BY_HAND)
"""The steps, each of statements."""


class MigrationError(SounditError):
    """The database is another program's, or a newer one's."""


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return how many migrations a database has had; 0: it is empty.

    Raises:
        MigrationError: it is no library, or one of a newer program.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION and (tables or version):
        raise MigrationError(f"{path}: another program's database; give another file in SOUNDIT_LIBRARY")
    if version > len(MIGRATIONS):
        raise MigrationError(f"{path}: written by a newer soundit (format {version}); update this one to use it")
    return version


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Take the steps that are missing, all of them or none. One with songs in it is copied beside itself before.

    Raises:
        MigrationError: it is no library, or one of a newer program.
        OSError, sqlite3.Error: it cannot be written.
    """
    if version_of(connection, path) == len(MIGRATIONS):
        return
    connection.execute("BEGIN EXCLUSIVE")
    try:
        version = version_of(connection, path)  # another process may have been faster
        if version:
            _copy(path, path.with_name(f"{path.name}.format{version}"))
        for step in MIGRATIONS[version:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _copy(source: Path, copy: Path) -> None:
    """Copy a database as it was before BEGIN, whole or not at all."""
    with replacing(copy) as partial, closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(partial)) as new:
        old.backup(new)
