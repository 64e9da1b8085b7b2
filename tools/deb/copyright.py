"""The package's copyright file, in Debian's machine-readable form: whose each part is, and under which licence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tools.deb.libraries import GPL_NOTE, Library
from tools.deb.packages import Package

MAX_VERBATIM: Final = 6_000
"""Characters of a licence that are copied; of a longer one it is said where it lies."""

MAX_OWNERS: Final = 20

_OWNER: Final = re.compile(r"^\W*copyright\W+(?:c\)\W*)?(\d{4}.*\w.*)$", re.IGNORECASE | re.MULTILINE)

_COMMON: Final = {
    "Apache-2.0": "Apache-2.0",
    "LGPL-2.1-or-later": "LGPL-2.1",
    "MPL-2.0": "MPL-2.0",
}
"""The texts that every Debian has in /usr/share/common-licenses."""


def copyright_text(packages: Iterable[Package], libraries: Iterable[Library], site: str) -> str:
    """Return the text of the file.

    Args:
        packages: all that are installed, the project's own among them.
        libraries: the libraries that they carry.
        site: the folder of packages, as it is once installed.
    """
    site = site.lstrip("/")
    head = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        "Upstream-Name: soundit_edge",
        f"Comment: {GPL_NOTE}",
    ]
    own = ["Files: *", "Copyright: soundit_edge's authors", "License: Apache-2.0", *_common("Apache-2.0")]
    carried = list(libraries)
    paragraphs = [head, own]
    paragraphs += [_of_package(package, site) for package in packages if package.name != "soundit-edge"]
    paragraphs += [_of_library(library, site) for library in carried]
    return "\n\n".join("\n".join(lines) for lines in paragraphs) + "\n"


def _of_package(package: Package, site: str) -> list[str]:
    texts = [path.read_text(errors="replace") for path in package.licence_files]
    names = [f"{site}/{top}{'/*' if (package.info.parent / top).is_dir() else ''}" for top in package.top_names]
    owners = _owners(texts) or [f"the authors of {package.name}"]
    return [
        "Files: " + "\n ".join(names),
        "Copyright: " + "\n ".join(owners),
        f"License: {package.licence.replace(' AND ', ' and ').replace(' OR ', ' or ') or package.name}",
        *_licence(package, texts, site),
    ]


def _of_library(library: Library, site: str) -> list[str]:
    licence = library.licence.replace(" AND ", " and ").replace(" OR ", " or ").replace(" WITH ", " with ")
    return [
        f"Files: {site}/{library.path}",
        f"Copyright: the authors of lib{library.name}",
        f"License: {licence}",
        f" As its project publishes it; the wheel of {library.path.split('.libs')[0]} carries a copy.",
    ]


def _licence(package: Package, texts: list[str], site: str) -> Iterator[str]:
    if package.licence in _COMMON:
        yield from _common(_COMMON[package.licence])
    elif sum(map(len, texts)) <= MAX_VERBATIM and texts:
        yield from (line for text in texts for line in _verbatim(text))
    for path in package.licence_files:
        yield f" The text is in /{site}/{path.relative_to(package.info.parent)}."
    if not texts and package.licence not in _COMMON:
        yield f" As {package.info.name}/METADATA says."


def _common(name: str) -> list[str]:
    return [f" On Debian systems the text is in /usr/share/common-licenses/{name}."]


def _verbatim(text: str) -> Iterator[str]:
    for line in text.strip().splitlines():
        yield f" {line.strip()}" if line.strip() else " ."


def _owners(texts: Iterable[str]) -> list[str]:
    """Return whose a package is: what its licence says after "Copyright", each once."""
    return list(dict.fromkeys(" ".join(owner.split()) for text in texts for owner in _OWNER.findall(text)))[:MAX_OWNERS]
