"""What a package is for: a release of Debian, whose Python it uses, and an architecture."""

from __future__ import annotations

import contextlib
import platform
import re
from dataclasses import dataclass
from typing import Final

PACKAGE: Final = "soundit-edge"

PYTHON_OF: Final = {"12": "3.11", "13": "3.13"}
"""The Python of each release of Debian. Compiled wheels are for one Python, hence one package for each release."""

MACHINE_OF: Final = {"amd64": "x86_64", "arm64": "aarch64"}
"""What Python calls the machine of each of Debian's architectures."""


@dataclass(frozen=True)
class Target:
    """One package.

    Attributes:
        version: the version of soundit_edge, such as "0.2.0rc1".
        debian: a release of `PYTHON_OF`.
        architecture: one of `MACHINE_OF`.
    """

    version: str
    debian: str
    architecture: str

    @property
    def python(self) -> str:
        """Return the version of the Python that runs it."""
        return PYTHON_OF[self.debian]

    @property
    def machine(self) -> str:
        """Return what Python calls its machine."""
        return MACHINE_OF[self.architecture]

    @property
    def deb_version(self) -> str:
        """Return the version as dpkg orders it: candidates before the release, Debian 12's before Debian 13's."""
        ordered = re.sub(r"\.?(a|b|rc|dev)(?=\d)", r"~\1", self.version)
        return f"{ordered}+deb{self.debian}"

    @property
    def file_name(self) -> str:
        """Return the name of the package's file."""
        return f"{PACKAGE}_{self.deb_version}_{self.architecture}.deb"

    @property
    def next_python(self) -> str:
        """Return the version of the first Python that does not run it."""
        major, minor = self.python.split(".")
        return f"{major}.{int(minor) + 1}"


def here() -> tuple[str, str]:
    """Return the release and the architecture of this computer; where it has no package, Debian 12 and amd64."""
    with contextlib.suppress(OSError):
        system = platform.freedesktop_os_release()
        if system["ID"] in ("debian", "raspbian") and system.get("VERSION_ID") in PYTHON_OF:
            return system["VERSION_ID"], _architecture()
    return "12", _architecture()


def _architecture() -> str:
    machine = platform.machine()
    return next((name for name, python in MACHINE_OF.items() if python == machine), "amd64")
