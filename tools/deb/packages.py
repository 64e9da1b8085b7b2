"""What is installed in a folder of packages: names, versions, licences and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_LICENCE_FILE: Final = re.compile(r"(?:licen[cs]es?|copying|notice)\b.*", re.IGNORECASE)

SPDX: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "BSD 3-Clause License": "BSD-3-Clause",
    "ISC License": "ISC",
}
"""Licences as SPDX writes them, by how some packages do."""

SPDX_OF: Final = {
    "ai-edge-litert": "Apache-2.0",
    "aiomqtt": "BSD-3-Clause",
    "contourpy": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "kiwisolver": "BSD-3-Clause",
    "markdown-it-py": "MIT",
    "matplotlib": "PSF-2.0",
    "mdurl": "MIT",
    "numpy": "BSD-3-Clause",
    "python-osc": "Unlicense",
    "segno": "BSD-3-Clause",
    "setuptools": "MIT",
    "tomli-w": "MIT",
}
"""Licences of packages whose metadata has none in a form that a program can read, from their licence files."""


class Package:
    """One installed package.

    Attributes:
        name: its canonical name.
        version: its version.
        summary: one line on what it is.
        info: its folder of metadata.
    """

    def __init__(self, info: Path) -> None:
        """Read a package's metadata.

        Args:
            info: the folder of it.
        """
        self._distribution = distribution = Distribution.at(info)
        self.name = canonicalize_name(distribution.metadata["Name"])
        self.version = distribution.version
        self.summary = " ".join(self._said("summary").split())
        self.info = info

    @property
    def licence(self) -> str:
        """Return its licence as an SPDX expression; empty where it does not say."""
        said = (self._said("license_expression") or self._said("license")).strip()
        return SPDX_OF.get(self.name) or SPDX.get(said) or (said if re.fullmatch(r"[\w.+() -]{2,60}", said) else "")

    @property
    def licence_files(self) -> list[Path]:
        """Return the files that hold the text of its licence, and of what it is made of."""
        files = (path for path in sorted(self.info.rglob("*")) if path.is_file())
        return [path for path in files if _LICENCE_FILE.fullmatch(path.name) or path.parent.name == "licenses"]

    @property
    def requires(self) -> list[Requirement]:
        """Return what it requires, with markers, as its metadata says."""
        return [Requirement(text) for text in self._distribution.requires or ()]

    @property
    def top_names(self) -> list[str]:
        """Return its files and folders in the folder of packages, by the list that its wheel came with."""
        site = self.info.parent
        listed = self._distribution.read_text("RECORD") or ""
        tops = {line.split("/")[0].split(",")[0].strip('"') for line in listed.splitlines() if line}
        tops |= {self.info.name} | ({"mediapipe"} if self.name == "mediapipe" else set())
        return sorted(top for top in tops if (site / top).exists())

    def _said(self, field: str) -> str:
        return str(self._distribution.metadata.json.get(field, ""))


def packages(site: Path) -> Iterator[Package]:
    """Give each package that is installed in a folder, by name."""
    yield from sorted(map(Package, site.glob("*.dist-info")), key=lambda package: package.name)
