"""CSV files as spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.formats.csv_file import CsvError, read_rows


def test_rows_have_their_lines_and_stripped_cells_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\ufeffname, mood\n\n ,\n"a, b",calm \n', encoding="utf-8")
    assert read_rows(path) == [(1, ["name", "mood"]), (4, ["a, b", "calm"])]


@pytest.mark.parametrize(("sign", "words"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_sign_between_the_cells_is_told_by_its_name(tmp_path: Path, sign: str, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"\nt{sign}mood\n0{sign}calm\n1,5{sign}sad\n")
    with pytest.raises(CsvError) as caught:
        read_rows(path)
    assert str(caught.value) == f"{path}: row 2: {words} stand where commas should be"


def test_a_single_column_may_hold_semicolons_below_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title\nhere; there\n")
    assert read_rows(path) == [(1, ["title"]), (2, ["here; there"])]


@pytest.mark.parametrize(("content", "why"), [(b"a,\xff\n", "not a CSV file in UTF-8"), (b'"a\n', "not a CSV file")])
def test_what_is_no_csv_file(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(CsvError, match=why):
        read_rows(path)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CsvError, match=r"none\.csv: cannot be read \(No such file"):
        read_rows(tmp_path / "none.csv")
