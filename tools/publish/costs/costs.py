"""What a fleet costs: requests, bytes and money, computed from what one device was measured to ask for.

A repository is made from a set, served by HTTP on this computer and visited by tuf's client (python -m tools.publish
makes such repositories); the tables are those of docs/updates.md, and `--write` puts them there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.files import write_whole
from tools.command import command, tool_parser
from tools.publish.costs.caching import CACHING, MISSING, SOON_S
from tools.publish.costs.visits import Traffic, measured
from tools.publish.sets import checked

ROOT: Final = Path(__file__).resolve().parents[3]
MARK: Final = "<!-- {} of `python -m tools.publish.costs` -->"
CHANGED: Final = "voice_emotion"


@dataclass(frozen=True)
class Assumptions:
    """What the figures of a year rest on, besides what was measured.

    Attributes:
        checks_a_day: how often a device asks.
        hours: the hours of a night over which devices spread.
        snapshots: how often in a year the snapshot is signed without need of a change.
        percentages: how often in a year a percentage is changed.
        one_model: sets of a year in which one model is new.
        all_models: sets of a year in which all are.
        places: places from which a CDN answers.
        price_gb: for a gigabyte answered.
        price_requests: for ten thousand requests.
    """

    checks_a_day: int = 1
    hours: float = 3.0
    snapshots: int = 52
    percentages: int = 24
    one_model: int = 6
    all_models: int = 2
    places: int = 50
    price_gb: float = 0.09
    price_requests: float = 0.01


def visits_table(visits: Mapping[str, Traffic]) -> Sequence[str]:
    """Return the lines of a table of what one device asks for."""
    rows = [[name, str(traffic.requests), _bytes(traffic.bytes)] for name, traffic in visits.items()]
    return _table(["what has happened since a device's last visit", "requests", "bytes"], rows)


def fleet_table(visits: Mapping[str, Traffic], fleets: Sequence[int], given: Assumptions) -> Sequence[str]:
    """Return the lines of a table of what fleets ask for: on a quiet day, on the day of a new set, and in a year."""
    columns = [_figures(devices, visits, given) for devices in fleets]
    rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
    return _table(["", *(f"{devices:,} devices" for devices in fleets)], rows)


def _figures(devices: int, visits: Mapping[str, Traffic], given: Assumptions) -> dict[str, str]:
    quiet, snapshot, percentage, one_model, all_models = list(visits.values())[1:]
    others = [
        (snapshot, given.snapshots),
        (percentage, given.percentages),
        (one_model, given.one_model),
        (all_models, given.all_models),
    ]
    checks, seconds = devices * given.checks_a_day, given.hours * 3600
    quiet_checks = checks * 365 - devices * sum(times for _, times in others)
    requests = quiet_checks * quiet.requests + devices * sum(visit.requests * times for visit, times in others)
    size = quiet_checks * quiet.bytes + devices * sum(visit.bytes * times for visit, times in others)
    uncached = min(given.places * 86400 // SOON_S, checks) * quiet.requests
    return {
        "requests of a quiet day": f"{checks * quiet.requests:,}",
        "bytes of a quiet day": _bytes(checks * quiet.bytes),
        f"requests a second, over {given.hours:g} hours": _rate(checks * quiet.requests / seconds),
        f"bytes of the day of a new `{CHANGED}`, at 100 %": _bytes(devices * one_model.bytes),
        f"Mbit/s of it, over {given.hours:g} hours": _rate(devices * one_model.bytes * 8e-6 / seconds),
        "bytes of the day on which all models are new": _bytes(devices * all_models.bytes),
        f"Mbit/s of that, over {given.hours:g} hours": _rate(devices * all_models.bytes * 8e-6 / seconds),
        "requests of a year": f"{requests:,}",
        "bytes of a year": _bytes(size),
        "price of a year": f"{size / 1e9 * given.price_gb + requests / 1e4 * given.price_requests:,.2f}",
        "requests of a quiet day that pass a CDN, at most": f"{uncached:,}",
    }


def caching_table() -> Sequence[str]:
    """Return the lines of a table of what caches may keep."""
    return _table(["file", "`Cache-Control`"], [[one.kind, f"`{one.header}`"] for one in (*CACHING, MISSING)])


def with_section(text: str, lines: Sequence[str]) -> str:
    """Return a document with lines between its marks.

    Raises:
        SounditError: it has no marks.
    """
    begin, end = MARK.format("begin"), MARK.format("end")
    found = re.search(f"{re.escape(begin)}.*{re.escape(end)}", text, re.DOTALL)
    if found is None:
        raise SounditError(f"the document has no place for the tables: put {begin} and {end} there")
    return "\n".join([text[: found.start()] + begin, *lines, end + text[found.end() :]])


def report(folder: Path, fleets: Sequence[int], given: Assumptions) -> list[str]:
    """Return the lines of all tables for the set in a folder.

    Raises:
        PublishError: the set is damaged.
    """
    visits = measured(checked(folder, {}), CHANGED)
    return [*visits_table(visits), "", *fleet_table(visits, fleets, given), "", *caching_table()]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"


def _bytes(size: float) -> str:
    for unit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size:.0f} B"


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    usual = Assumptions()
    parser = tool_parser("tools.publish.costs", __doc__)
    parser.add_argument("set_folder", type=Path, nargs="?", default=ROOT / "models", help="the set (models)")
    parser.add_argument("--devices", type=int, nargs="+", default=[10, 100_000], help="sizes of fleets (10 100000)")
    parser.add_argument("--price-gb", type=float, default=usual.price_gb, help="for a gigabyte")
    parser.add_argument("--price-requests", type=float, default=usual.price_requests, help="for ten thousand requests")
    parser.add_argument("--places", type=int, default=usual.places, help="from which a CDN answers")
    parser.add_argument("--write", type=Path, help="put the tables into this document, between its marks")
    options = parser.parse_args(arguments)
    given = Assumptions(price_gb=options.price_gb, price_requests=options.price_requests, places=options.places)
    lines = report(options.set_folder, options.devices, given)
    if options.write is None:
        print("\n".join(lines))
    else:
        write_whole(options.write, with_section(options.write.read_text(), lines).encode())
