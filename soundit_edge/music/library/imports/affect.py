"""Valence and arousal of songs, given outright."""

from __future__ import annotations

from pathlib import Path

from soundit_edge.emotion import Affect
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.imports.entries import NAMING, Entries, ImportResult, entry_of
from soundit_edge.music.library.imports.table import read_table


def import_affect(library: Library, path: Path) -> ImportResult:
    """Take up a CSV file with the columns valence and arousal (-1 to 1) and those of `entries.NAMING`, whole or not at
    all. Of a song in several rows the last one counts.

    Raises:
        ImportFileError: it cannot be read, a column is missing, or a cell is not what it should be.
    """
    rows = read_table(path, ("valence", "arousal"), NAMING)
    given = {entry_of(row): Affect(row.number("valence", -1.0, 1.0), row.number("arousal", -1.0, 1.0)) for row in rows}
    taken = ImportResult(len(rows))
    with library.transaction() as connection:
        entries = Entries(connection, "affect")
        for entry, affect in given.items():
            entries.place(entries.song(entry, taken), affect, "given")
    return taken
