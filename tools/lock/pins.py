"""What requirements.lock pins: names, versions, markers and hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")
AARCH64: Final = "aarch64"
MACHINES: Final = (AARCH64, "x86_64")
"""The machines that the package supports, as the markers of requirements name them."""

_LINUX: Final = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "sys_platform": "linux",
}


def environment(python: str, machine: str) -> dict[str, str]:
    """Return what markers see on Linux with this Python, such as "3.12", on a machine of `MACHINES`."""
    return _LINUX | {"platform_machine": machine, "python_version": python, "python_full_version": f"{python}.0"}


@dataclass(frozen=True)
class Pin:
    """One requirement of the lock.

    Attributes:
        requirement: name, version and marker, as the lock has them.
        hashes: SHA-256 of every file that may be installed for it, in hexadecimal.
    """

    requirement: Requirement
    hashes: frozenset[str]

    @property
    def name(self) -> NormalizedName:
        """Return the name by which an index knows the package."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> Version:
        """Return the one version that is pinned."""
        (specifier,) = self.requirement.specifier
        return Version(specifier.version)

    def is_for(self, python: str, machine: str = AARCH64) -> bool:
        """Return whether Linux with this Python, such as "3.12", installs it on a machine of `MACHINES`."""
        return self.requirement.marker is None or self.requirement.marker.evaluate(environment(python, machine))

    def line(self) -> str:
        """Return the requirement as pip reads it, without its marker."""
        hashes = "".join(f" --hash=sha256:{sha256}" for sha256 in sorted(self.hashes))
        return f"{self.name}=={self.version}{hashes}\n"


def pins(lock: str) -> Iterator[Pin]:
    """Give each requirement of a lock's text, in the form that uv writes with hashes."""
    for line in lock.replace("\\\n", " ").splitlines():
        requirement, *_ = line.split(" --hash=")
        if requirement.strip():
            yield Pin(Requirement(requirement), frozenset(_HASH.findall(line)))
