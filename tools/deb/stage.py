"""The package's files beside its virtual environment: units, command, manual, completion, papers."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from packaging.utils import NormalizedName

from tools.deb.control import changelog_text
from tools.deb.copyright import copyright_text
from tools.deb.libraries import libraries
from tools.deb.packages import packages
from tools.deb.sbom import sbom
from tools.deb.target import PACKAGE, Target
from tools.manual.manual import MANUAL

UNIT_FOLDER: Final = "usr/lib/systemd/system"

PLACES: Final = {
    "systemd/soundit": "usr/bin/soundit",
    "systemd/soundit-edge.environment": f"usr/lib/{PACKAGE}/environment",
    "systemd/soundit-edge.sysusers": f"usr/lib/sysusers.d/{PACKAGE}.conf",
    "systemd/60-soundit-edge.rules": "usr/lib/udev/rules.d/60-soundit-edge.rules",
    "systemd/lan-only.conf": f"usr/share/doc/{PACKAGE}/examples/lan-only.conf",
    "docs/appliance.md": f"usr/share/doc/{PACKAGE}/appliance.md",
    "scripts/deb/lintian-overrides": f"usr/share/lintian/overrides/{PACKAGE}",
}
"""Where files of the checkout are installed; units lie in `UNIT_FOLDER`."""

COMPLETION: Final = {
    "soundit.bash": "usr/share/bash-completion/completions/soundit",
    "_soundit": "usr/share/zsh/vendor-completions/_soundit",
    "soundit.fish": "usr/share/fish/vendor_completions.d/soundit.fish",
}


BILL: Final = f"usr/share/doc/{PACKAGE}/{PACKAGE}.cdx.json"
"""The bill of materials."""


def stage_files(root: Path, source: Path) -> None:
    """Copy what the checkout holds as it is installed: units, command, users, rules, their manual.

    Args:
        root: the package's files.
        source: the checkout.
    """
    places = dict(PLACES)
    for unit in sorted((*source.glob("systemd/*.service"), *source.glob("systemd/*.timer"))):
        places[f"systemd/{unit.name}"] = f"{UNIT_FOLDER}/{unit.name}"
    for origin, place in places.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / origin, root / place)
    (root / "usr/bin/soundit").chmod(0o755)


def stage_papers(
    root: Path, source: Path, site: Path, target: Target, hashes: Mapping[NormalizedName, str], when: int
) -> None:
    """Write the copyright, the changelogs and the bill of materials.

    Args:
        root: the package's files.
        source: the checkout.
        site: the folder of packages in the virtual environment.
        target: what the package is for.
        hashes: SHA-256 of the wheels that were installed, in hexadecimal, by package.
        when: the time of what is built, in seconds since 1970.

    Raises:
        UnknownLibrary: a wheel carries a library whose licence is not known.
    """
    papers = root / f"usr/share/doc/{PACKAGE}"
    installed, carried = list(packages(site)), list(libraries(site))
    (papers / "copyright").write_text(copyright_text(installed, carried, str(site.relative_to(root))))
    (root / BILL).write_text(sbom(installed, carried, site / "soundit_edge/models", hashes, when))
    _compress(papers / "changelog.gz", changelog_text(target, when).encode())
    _compress(papers / "NEWS.gz", (source / "CHANGELOG.md").read_bytes())


def stage_manual(root: Path, made: Path) -> None:
    """Put the manual and the completion, as `tools.manual` made them in a folder, where they are looked for."""
    for name, place in COMPLETION.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(made / name, root / place)
    (root / "usr/share/man/man1").mkdir(parents=True)
    _compress(root / "usr/share/man/man1/soundit.1.gz", (made / MANUAL).read_bytes())


def level(root: Path, when: int) -> None:
    """Give every file and folder the same time, and the mode that does not depend on who builds.

    Args:
        root: the package's files.
        when: the time, in seconds since 1970.
    """
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)


def _compress(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content, 9, mtime=0))
