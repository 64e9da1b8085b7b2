"""The figures of docs/updates.md: what one device was measured to ask for, and what many do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from soundit_edge.errors import SounditError
from soundit_edge.inference.models import default_folder
from tests.tools.publish.made import Made, small_set
from tools.publish.costs.caching import CACHING, SOON_S, caching_of
from tools.publish.costs.costs import MARK, Assumptions, fleet_table, report, with_section
from tools.publish.costs.visits import Traffic
from tools.publish.sets import checked

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/updates.md"
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def test_the_tables_of_the_document_are_those_of_the_shipped_models() -> None:
    _, _, after = DOCUMENT.read_text().partition(MARK.format("begin") + "\n")
    written, _, _ = after.partition("\n" + MARK.format("end"))
    made = "\n".join(report(default_folder(), [10, 100_000], Assumptions()))
    assert NUMBER.sub("#", written) == NUMBER.sub("#", made)
    assert numbers(written) == pytest.approx(numbers(made), rel=0.1)  # metadata grows a little with each new field


def numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


def test_a_fleet_asks_for_what_its_devices_do() -> None:
    visits = dict.fromkeys(("fresh", "quiet", "snapshot", "percentage", "one", "all"), Traffic(2, 1000))
    lines = fleet_table(visits, [100], Assumptions(price_gb=1, price_requests=1, places=1))
    assert lines[0] == "|  | 100 devices |"
    figures = dict(line.strip("| ").split(" | ") for line in lines[2:])
    assert figures["requests of a quiet day"] == "200"
    assert figures["requests of a year"] == "73,000"
    assert figures["bytes of a year"] == "36.5 MB"
    assert figures["price of a year"] == "7.34"
    assert figures["requests of a quiet day that pass a CDN, at most"] == "200"


def test_every_file_of_a_repository_has_its_time_in_caches(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.publisher().add(checked(small_set(tmp_path / "set"), {}), 100)
    names = [str(path.relative_to(made.folder)) for path in made.folder.rglob("*") if path.is_file()]
    assert {caching_of(name) for name in names} == set(CACHING)
    replaced = {name for name in names if not caching_of(name).is_immutable}
    assert replaced == {"metadata/timestamp.json", "metadata/root.json"}
    assert all(caching_of(name).max_age_s == SOON_S for name in replaced)
    with pytest.raises(ValueError, match="no file of a repository"):
        caching_of("keys/root.pem")


def test_what_the_document_tells_nginx() -> None:
    headers = set(re.findall(r'Cache-Control "(.*?)"', DOCUMENT.read_text()))
    assert headers == {caching.header for caching in CACHING}


def test_a_document_without_a_place_for_the_tables() -> None:
    with pytest.raises(SounditError, match="no place for the tables"):
        with_section("# Updates\n", ["| a |"])
