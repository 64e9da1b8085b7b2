"""The index of the benches names them all, with the day of the figures that are committed."""

from __future__ import annotations

import re

from tests.architecture.documents import ROOT

BENCHES = ROOT / "benches"
INDEX = (BENCHES / "README.md").read_text(encoding="utf-8")


def test_every_bench_is_in_the_index_itself_or_as_a_part() -> None:
    listed = set(re.findall(r"^\| \[(\w+)\]", INDEX, re.MULTILINE)) | set(re.findall(r"`(\w+)\.py", INDEX))
    benches = [path.stem for path in BENCHES.glob("*.py")]
    assert [name for name in benches if not any(f"{name}_".startswith(f"{one}_") for one in listed)] == []
    assert [name for name in listed if name not in benches] == []


def test_the_index_says_of_which_day_the_figures_are() -> None:
    listed = dict(re.findall(r"^\| \[(\w+)\]\(\w+\.md\) .* (\d{4}-\d\d-\d\d) \|$", INDEX, re.MULTILINE))
    dates = {p.stem: max(re.findall(r'"date": "(\d{4}-\d\d-\d\d)', p.read_text())) for p in BENCHES.glob("*.json")}
    assert listed == dates


def test_a_bench_has_its_figures_as_a_table_too() -> None:
    assert {p.stem for p in BENCHES.glob("*.json")} == {p.stem for p in BENCHES.glob("*.md")} - {"README"}
