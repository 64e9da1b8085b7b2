"""The index of the decision records names them all, by their numbers and titles, with a sentence about each."""

from __future__ import annotations

import re

from tests.architecture.documents import ROOT

RECORDS = ROOT / "docs/adr"


def test_every_record_is_in_the_index_with_its_title_and_a_sentence() -> None:
    titles = {path.name: path.read_text().partition("\n")[0] for path in sorted(RECORDS.glob("[0-9]*.md"))}
    index = (RECORDS / "README.md").read_text()
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\): .+\.$", index, re.MULTILINE)
    assert {name: f"# {number}. {title}" for number, title, name in listed} == titles
    assert len(listed) == len(titles)


def test_a_record_has_its_number_in_its_name_and_none_is_left_out() -> None:
    names = sorted(path.name for path in RECORDS.glob("*.md") if path.name != "README.md")
    assert [int(name.partition("-")[0]) for name in names] == list(range(1, len(names) + 1))
