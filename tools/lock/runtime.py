"""Write runtime.txt: the names of those packages of the lock that the device itself needs, without those of tests.

The Debian package and scripts/install.sh install these and no others, in the versions and with the hashes of the lock.
"""

from __future__ import annotations

import importlib.metadata
import sys
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from soundit_edge.files import write_whole
from tools.command import command, tool_parser
from tools.lock.pins import MACHINES, environment
from tools.lock.wheels import PYTHONS, ROOT

NAMES: Final = ROOT / "runtime.txt"
DATA_ONLY: Final = canonicalize_name("mediapipe")
"""The package of which models are used and no code: neither is it installed, nor what its code needs."""

Environment = dict[str, str]
Requires = Callable[[str], Iterable[Requirement]]
"""Gives what a package requires, by its canonical name."""


def own_requirements() -> list[Requirement]:
    """Return what pyproject.toml requires, but for tests."""
    return [
        Requirement(text) for text in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    ]


def excluded() -> frozenset[NormalizedName]:
    """Return the packages that the lock leaves out, though others name them."""
    return frozenset(map(canonicalize_name, (ROOT / "excluded.txt").read_text().split()))


def environments() -> list[Environment]:
    """Return what markers see, on every machine and every Python that is supported."""
    return [environment(python, machine) for python in PYTHONS for machine in MACHINES]


def closure(
    roots: Iterable[Requirement], requires: Requires, of: Collection[Environment], without: Collection[str]
) -> set[NormalizedName]:
    """Return the names of all packages that requirements lead to, in any of some environments.

    Args:
        roots: where to begin.
        requires: what each package requires.
        of: the environments.
        without: names to leave out, with what only they require.
    """
    seen: set[tuple[NormalizedName, str]] = set()
    todo = list(_selected(roots, of, {""}))
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        extras = {(name, extra) for extra in ("", *requirement.extras)} - seen
        if extras and name not in without:
            seen |= extras
            todo += _selected(requires(name), of, {extra for _, extra in extras})
    return {name for name, _ in seen}


def installed_requirements(name: str) -> Iterable[Requirement]:
    """Return what an installed package requires; nothing where it is not installed, being for another machine."""
    try:
        return [Requirement(text) for text in importlib.metadata.requires(name) or ()]
    except importlib.metadata.PackageNotFoundError:
        return []


def names_text() -> str:
    """Return runtime.txt as it should be, by the packages that are installed here."""
    without = excluded() | {DATA_ONLY}
    names = closure(own_requirements(), installed_requirements, environments(), without)
    return "".join(f"{name}\n" for name in sorted(names))


def _selected(
    requirements: Iterable[Requirement], of: Collection[Environment], extras: Collection[str]
) -> Iterator[Requirement]:
    for requirement in requirements:
        marker = requirement.marker
        if marker is None or any(marker.evaluate(one | {"extra": extra}) for one in of for extra in extras):
            yield requirement


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    tool_parser("tools.lock.runtime", __doc__).parse_args(arguments)
    text = names_text()
    write_whole(NAMES, text.encode())
    print(f"{NAMES.name}: {text.count(chr(10))} packages")


if __name__ == "__main__":
    sys.exit(main())
