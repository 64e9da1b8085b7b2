"""Brings the library up to date with the user's folders.

Every file is committed by itself: what a scan that was stopped has not done, the next one does.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from soundit_edge.audio.decode import NotASong
from soundit_edge.errors import SounditError
from soundit_edge.music.library.absent import leave_out, mark_missing
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.describe import VERSION, Description, digest_of
from soundit_edge.music.library.files import FoundFile, find
from soundit_edge.music.library.folders import mark_scanned, remember
from soundit_edge.music.library.imports.words import Table, affect_of, read_words, shares_of, table_path
from soundit_edge.music.library.lock import only_scan
from soundit_edge.music.library.matching import Waiting, names_of_file
from soundit_edge.music.library.pool import described, workers

_APART: Final = ("valence", "arousal", "moods")
_DESCRIBED: Final = tuple(name for name in Description.__dataclass_fields__ if name not in _APART)

Progress = Callable[[int, int, str], None]
"""Is called with how many files are done, of how many, and the one that was done last."""


@dataclass(slots=True)
class Report:
    """What a scan did, as numbers of songs; `vanished` counts the files that went away before they were read, `skipped`
    has a line for each other file that is not in the library."""

    new: int = 0
    changed: int = 0
    moved: int = 0
    same: int = 0
    missing: int = 0
    vanished: int = 0
    skipped: list[str] = field(default_factory=list)

    @property
    def songs(self) -> int:
        """Return how many songs are there now, in the folders that were scanned."""
        return self.new + self.changed + self.moved + self.same


def scan(
    library: Library,
    places: Sequence[Path],
    on_progress: Progress = lambda done, of, name: None,
    *,
    inside: bool = False,
    clock: Callable[[], float] = time.time,
) -> Report:
    """Scan folders (or single files), which are part of the library from then on.

    A file that has the size and the time of last time is not looked at; one whose content is known is the same song,
    wherever it is now; a song whose file is gone is kept, with everything that is known of it, and marked as missing.

    Args:
        library: to bring up to date.
        places: folders, or single files.
        on_progress: is called for each file.
        inside: whether links that lead out of the places are left out.
        clock: seconds since 1970.

    Raises:
        SounditError: a folder is not there, another scan is going on, or the library cannot be written.
    """
    with only_scan(library.path):
        found, refused = find(places, inside=inside)
        remember(library, places)
        report = Report(skipped=refused)
        work: dict[str, int | None] = {}
        for file in found.values():
            _reconcile(library, found, file, work, report)
        waiting = Waiting(library.connection)
        table = read_words(table_path(library))
        done, of = len(found) - len(work), len(found)
        on_progress(done, of, "")
        for path, outcome in described(map(Path, work), min(workers(), len(work))):
            name, number = str(path), work[str(path)]
            if isinstance(outcome, SounditError):
                if not path.exists():  # such as with a stick that was pulled
                    report.vanished += 1
                else:
                    report.skipped.append(" ".join(str(outcome).split()))
                if isinstance(outcome, NotASong) and number is not None:
                    leave_out(library, [number])
            elif _keep(library, waiting, table, number, found[name], outcome):
                report.new += 1
            else:
                report.changed += 1
            done += 1
            on_progress(done, of, path.name)
        there = {path for path in found if os.path.exists(path)} if report.vanished else found
        report.missing = mark_missing(library, places, there)
        if not report.vanished:
            mark_scanned(library, places, clock())
        report.skipped.sort()
        return report


def _reconcile(
    library: Library, found: dict[str, FoundFile], file: FoundFile, work: dict[str, int | None], report: Report
) -> None:
    """Count a file as known, or put it down for work, with the song that it is where that is known."""
    rows = library.connection.execute(
        "SELECT id, size, mtime_ns, scanned, missing FROM songs WHERE path = ? ORDER BY missing, id", (file.path,)
    ).fetchall()
    for number, *seen, missing in rows:
        if seen == [file.size, file.mtime_ns, VERSION]:
            if missing:
                _place(library, number, file)
            report.same += 1
            return
    here = rows[0][0] if rows else None
    known = _known(library, found, file)
    if known is None:
        work[file.path] = here
    elif known == here:
        _place(library, known, file)
        report.same += 1
    else:
        _place(library, known, file)
        report.moved += 1


def _known(library: Library, found: dict[str, FoundFile], file: FoundFile) -> int | None:
    """Return the song that has this content and is nowhere else. The content is read only where sizes are the same."""
    rows = library.connection.execute(
        "SELECT id, path, size, mtime_ns, digest, missing FROM songs WHERE size = ? AND scanned = ? "
        "ORDER BY missing DESC, id",
        (file.size, VERSION),
    ).fetchall()
    rows = [row for row in rows if row[5] or row[1] == file.path or not _in_place(found, file.path, *row[1:4])]
    if not rows:
        return None
    try:
        digest = digest_of(Path(file.path))
    except SounditError:
        return None  # whoever describes it says so
    same = [row for row in rows if row[4] == digest]
    return next((row[0] for row in same if row[1] == file.path), same[0][0] if same else None)


def _in_place(found: dict[str, FoundFile], new: str, path: str, size: int, mtime_ns: int) -> bool:
    """Return whether a song's file is where it was, as it was, and not the very file that has come up as `new`."""
    file = found.get(path)
    if file is None:
        if os.path.realpath(path) == os.path.realpath(new):
            return False  # a link leads to it
        try:
            about = os.stat(path)
        except OSError:
            return False
        file = FoundFile(path, about.st_size, about.st_mtime_ns)
    return (file.size, file.mtime_ns) == (size, mtime_ns)


def _place(library: Library, number: int, file: FoundFile) -> None:
    """Write down where a song is now; another one that was there is missing."""
    with library.transaction() as connection:
        connection.execute("UPDATE songs SET missing = 1 WHERE path = ? AND id != ?", (file.path, number))
        connection.execute(
            "UPDATE songs SET path = ?, size = ?, mtime_ns = ?, missing = 0 WHERE id = ?",
            (file.path, file.size, file.mtime_ns, number),
        )


def _keep(
    library: Library, waiting: Waiting, table: Table, number: int | None, file: FoundFile, found: Description
) -> bool:
    """Keep what was found out about a file; what was imported of the song still counts. Return whether it is new."""
    with library.transaction() as connection:
        # Its song may have been found elsewhere meanwhile: the file has another one's content now.
        row = connection.execute("SELECT 1 FROM songs WHERE id = ? AND path = ?", (number, file.path)).fetchone()
        new = row is None
        if new:
            names = names_of_file(file.path, found.title, found.artist, found.genre)
            number = waiting.claimed_by(names)
        if number is None:
            row = connection.execute("INSERT INTO songs (title) VALUES ('') RETURNING id").fetchone()
            number = int(row[0])
        connection.execute("UPDATE songs SET missing = 1 WHERE path = ? AND id != ?", (file.path, number))
        facts = asdict(found)
        columns = ", ".join(f"{name} = :{name}" for name in _DESCRIBED)
        connection.execute(
            f"UPDATE songs SET {columns}, path = :path, size = :size, mtime_ns = :mtime_ns, missing = 0, "
            "scanned = :scanned WHERE id = :id",
            {**facts, **asdict(file), "scanned": VERSION, "id": number},
        )
        connection.execute(
            "UPDATE songs SET valence = :valence, arousal = :arousal WHERE id = :id AND source = 'sound'",
            {**facts, "id": number},
        )
        if shares := shares_of(found.moods, table):
            # The file's own tags count as words do, but for less than words that were imported.
            affect = affect_of(shares)
            connection.execute(
                "UPDATE songs SET words = ?, valence = ?, arousal = ?, source = 'words' "
                "WHERE id = ? AND words = '{}' AND source = 'sound'",
                (json.dumps(shares), affect.valence, affect.arousal, number),
            )
        return new
