"""CSV files as people and their spreadsheets write and read them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.text import reason

_OTHERS: Final = ((";", "semicolons"), ("\t", "tabs"))
"""Separators of spreadsheets in countries that write numbers with a decimal comma."""


class CsvError(SounditError):
    """A file cannot be read, or is no CSV file. The message names it."""


_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that spreadsheets take for a formula, which may send things away or start programs."""


def harmless(text: str) -> str:
    """Return a text for a cell, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def read_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Read a CSV file (UTF-8, with or without a byte order mark, and commas).

    Returns:
        Each row that is not empty: its line in the file, from 1, and its cells without the spaces around them.

    Raises:
        CsvError: the file cannot be read, is no CSV file, or separates its cells by another sign.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            stripped = ((lines.line_num, [cell.strip() for cell in row]) for row in lines)
            rows = [(line, row) for line, row in stripped if any(row)]
    except OSError as error:
        raise CsvError(f"{path}: cannot be read ({reason(error)})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CsvError(f"{path}: not a CSV file in UTF-8 ({error})") from error
    if rows and len(rows[0][1]) == 1:
        line, (names,) = rows[0]
        for sign, words in _OTHERS:
            if sign in names:
                raise CsvError(f"{path}: row {line}: {words} stand where commas should be")
    return rows
