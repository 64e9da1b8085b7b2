"""A CSV file as rows of named cells; what is wrong in it is named by row and column."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from soundit_edge.errors import SounditError
from soundit_edge.formats.csv_file import CsvError, read_rows


class ImportFileError(SounditError):
    """A CSV file cannot be read or understood. The message names the file, the row and the column."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its line in the file, and its cells by the column's name, "" where it has none."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """Return a cell.

        Raises:
            ImportFileError: it is empty.
        """
        if not self.cells.get(column):
            raise self.wrong(column, "nothing in it")
        return self.cells[column]

    def number(self, column: str, low: float, high: float, *, whole: bool = False) -> float:
        """Return a cell as a number.

        Raises:
            ImportFileError: it is none, or out of its range.
        """
        cell = self.text(column)
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not low <= value <= high or (whole and value != round(value)):
            kind = f"{low:g} or {high:g}" if whole and high - low == 1 else f"a number from {low:g} to {high:g}"
            raise self.wrong(column, f"{cell!r} where {kind} should be")
        return value

    def wrong(self, column: str, what: str) -> ImportFileError:
        """Return what is wrong with a cell as an error; nothing of the file is imported then."""
        return ImportFileError(f"{self.path}: row {self.line}, column {column}: {what}; nothing was imported")


def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """Read a CSV file (UTF-8, commas) whose first row names the columns.

    In these names capitals, and spaces around and underscores within do not matter; other columns are left alone.

    Raises:
        ImportFileError: it cannot be read, a column is missing or there twice, or a row has more cells than the first.
    """
    try:
        table = read_rows(path)
    except CsvError as error:
        raise ImportFileError(str(error)) from error
    if not table:
        raise ImportFileError(f"{path}: empty; its first row has to name the columns {', '.join(required)}")
    names = [re.sub(r"[\s_-]+", "_", name.casefold()) for name in table[0][1]]
    wanted = [*required, *optional]
    for name in required:
        if name not in names:
            raise ImportFileError(
                f"{path}: row {table[0][0]}: no column {name} (it has: {', '.join(names)}); nothing was imported"
            )
    for name in wanted:
        if names.count(name) > 1:
            raise ImportFileError(f"{path}: row {table[0][0]}: two columns {name}; nothing was imported")
    rows = []
    for line, cells in table[1:]:
        if len(cells) > len(names):
            raise ImportFileError(
                f"{path}: row {line}: {len(cells)} cells where {len(names)} columns are (a comma in a text needs "
                'quotes, "like, this"); nothing was imported'
            )
        rows.append(Row(path, line, {name: cell for name, cell in zip(names, cells, strict=False) if name in wanted}))
    if not rows:
        raise ImportFileError(f"{path}: no rows below the first, which names the columns")
    return rows
