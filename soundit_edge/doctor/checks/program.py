"""The program itself: its version, and whether what is installed beside it is what it was tested with."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement

from soundit_edge import __version__
from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.inference.interpreter import available_runtimes

PACKAGE: Final = "soundit-edge"
AGAIN: Final = "install soundit again: its package, or `make setup` in a checkout"
MAX_NAMED: Final = 5


def look(_: Surroundings) -> Iterator[Finding]:
    """Find what the program is, and which packages have another version than it needs."""
    yield Finding("soundit", "ok", f"{__version__} on Python {platform.python_version()}, {platform.machine()}")
    if runtimes := available_runtimes():
        yield Finding("runtimes", "ok", ", ".join(runtimes))
    else:
        yield Finding("runtimes", "bad", "none: no model can be run", AGAIN)
    if wrong := list(mismatches()):
        more = f" and {len(wrong) - MAX_NAMED} more" if len(wrong) > MAX_NAMED else ""
        yield Finding("packages", "bad", f"not those of the lock: {', '.join(wrong[:MAX_NAMED])}{more}", AGAIN)
    else:
        yield Finding("packages", "ok", "as the program needs them")


def mismatches(package: str = PACKAGE) -> Iterator[str]:
    """Yield each package that the program needs and that is missing or in another version, in words for people.

    Args:
        package: the program's own; see `requirements`.
    """
    for requirement in requirements(package):
        try:
            there = version(requirement.name)
        except PackageNotFoundError:
            yield f"{requirement.name} is missing"
            continue
        if not requirement.specifier.contains(there, prereleases=True):
            yield f"{requirement.name} {there} in place of {requirement.specifier}"


def requirements(package: str = PACKAGE) -> Iterator[Requirement]:
    """Yield what a package needs here: with this Python, on this machine, without what only its developers need.

    Args:
        package: whose metadata say so; one without any, such as a folder that was never installed, needs nothing.
    """
    try:
        needed = requires(package) or []
    except PackageNotFoundError:
        return
    for text in needed:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement


CHECK: Final = Check("soundit", look)
CHECKS: Final = (CHECK,)
