"""Which wheels 64-bit Arm Linux installs from the lock: a table of their hashes and names, and whether any is missing.

The lock has only hashes, and a hash does not tell for which machine a file is. The table does, offline: it is committed
beside the lock, and `python -m tools.lock.aarch64` writes it from what the package index really gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import BuildTag, NormalizedName, parse_wheel_filename
from packaging.version import Version

from tools.lock.pins import AARCH64, Pin

ROOT: Final = Path(__file__).resolve().parents[2]
LOCK: Final = ROOT / "requirements.lock"
TABLE: Final = ROOT / "wheels-aarch64.sha256"

PYTHONS: Final = ("3.11", "3.12", "3.13")
"""The versions of Python that the package supports."""


def platforms(machine: str) -> list[str]:
    """Return what Debian 12 can load, whose C library is glibc 2.36 and the oldest of those we support; the best first.

    Args:
        machine: a name of `pins.MACHINES`.
    """
    levels = [f"manylinux_2_{minor}_{machine}" for minor in range(36, 4, -1)]
    return [*levels, *(f"manylinux{year}_{machine}" for year in (2014, 2010, 1)), f"linux_{machine}"]


@dataclass(frozen=True)
class Wheel:
    """One line of the table.

    Attributes:
        sha256: the file's hash, in hexadecimal.
        file: its name, which tells package, version and machine.
    """

    sha256: str
    file: str

    @cached_property
    def _named(self) -> tuple[NormalizedName, Version, BuildTag, frozenset[Tag]]:
        return parse_wheel_filename(self.file)

    @property
    def is_pure(self) -> bool:
        """Return whether it is for any machine."""
        return all(tag.platform == "any" for tag in self._named[3])

    def serves(self, pin: Pin, supported: frozenset[Tag]) -> bool:
        """Return whether `pin` allows it, and it can be installed where the `supported` tags are."""
        name, version, _, tags = self._named
        locked = (name, version) == (pin.name, pin.version) and self.sha256 in pin.hashes
        return locked and not tags.isdisjoint(supported)


def read_table(text: str) -> list[Wheel]:
    """Return the wheels of a table, whose lines are those of `sha256sum`: a hash, two spaces, a name."""
    return [Wheel(*line.split("  ", 1)) for line in text.splitlines()]


def table_text(wheels: Iterable[Wheel]) -> str:
    """Return a table's text, as `read_table` reads it, by name."""
    return "".join(f"{wheel.sha256}  {wheel.file}\n" for wheel in sorted(wheels, key=lambda wheel: wheel.file))


@cache
def supported_tags(python: str, machine: str = AARCH64) -> frozenset[Tag]:
    """Return the tags of the wheels that CPython, such as "3.12", can install on Debian 12; see `pins.MACHINES`."""
    major, minor = (int(part) for part in python.split("."))
    interpreter = f"cp{major}{minor}"
    return frozenset(
        [
            *cpython_tags((major, minor), [interpreter], platforms(machine)),
            *compatible_tags((major, minor), interpreter, platforms(machine)),
        ]
    )


def faults(pins: Collection[Pin], wheels: Collection[Wheel]) -> Iterator[str]:
    """Give each requirement that has no wheel for one of `PYTHONS`, and each wheel that serves no requirement."""
    used: set[Wheel] = set()
    for python in PYTHONS:
        supported = supported_tags(python)
        for pin in (pin for pin in pins if pin.is_for(python)):
            serving = [wheel for wheel in wheels if wheel.serves(pin, supported)]
            used.update(serving)
            if not serving:
                yield f"{pin.name} {pin.version}: no wheel for aarch64 and Python {python}"
    yield from (f"{wheel.file}: the lock has no use for it" for wheel in wheels if wheel not in used)
