"""Small installed packages, as wheels leave them, and a Debian package of them, for the tests of what is said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from packaging.utils import NormalizedName

from tools.deb.control import write_control
from tools.deb.stage import PLACES, stage_files, stage_manual, stage_papers
from tools.deb.target import Target
from tools.lock.wheels import ROOT

TARGET = Target("0.1.0", "12", "amd64")
WHEN = 1_700_000_000
MIT = "MIT License\n\nCopyright (c) 2024 Ada Example\n\nPermission is hereby granted.\n"


def add_package(
    site: Path, name: str, version: str, *fields: str, licence: str | None = MIT, more: tuple[str, ...] = ()
) -> None:
    """Install a package with one module, its metadata with some more fields, and more files in its list."""
    module = name.replace("-", "_")
    info = site / f"{module}-{version}.dist-info"
    (info / "licenses").mkdir(parents=True)
    (site / f"{module}.py").write_text("")
    lines = [f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nSummary: The {name}", *fields]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    if licence is not None:
        (info / "licenses" / "LICENSE").write_text(licence)
    own = sorted(str(path.relative_to(site)) for path in info.rglob("*") if path.is_file())
    listed = (f"{module}.py", *own, f"{info.name}/RECORD", *more)
    (info / "RECORD").write_text("".join(f"{path},,\n" for path in listed))


def a_site(folder: Path) -> Path:
    """Make a folder of packages: ours, two that it needs, a library that one of them carries, and a model."""
    site = folder / "site-packages"
    library, model = "tone.libs/libavcodec-5e6b81c2.so.62.28.102", "soundit_edge/models/ear.tflite"
    fields = ("License-Expression: Apache-2.0", "Requires-Dist: reed_pipe>=1")
    add_package(site, "soundit-edge", "0.1.0", *fields, more=(model,))
    add_package(site, "reed-pipe", "1.2", "License-Expression: MIT", "Requires-Dist: tone ; extra == 'x'")
    add_package(site, "tone", "2.0", "License: Apache 2.0", licence=None, more=(library,))
    for path, content in ((library, b"\x7fELF"), (model, b"model")):
        (site / path).parent.mkdir(parents=True)
        (site / path).write_bytes(content)
    return site


def a_source(folder: Path) -> Path:
    """Make what the build copies of a checkout, where that is not here yet as well."""
    for place in (*PLACES, "systemd/soundit-edge.service", "systemd/soundit-update.timer", "CHANGELOG.md"):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {place}\n")
    return folder


def a_root(folder: Path, made: Path, hashes: Mapping[NormalizedName, str] | None = None) -> Path:
    """Lay out a small Debian package, with the manual that was made in a folder."""
    root, source = folder / "root", a_source(folder / "source")
    site = root / "usr/lib/soundit-edge/venv/lib/python3.11/site-packages"
    site.parent.mkdir(parents=True)
    a_site(folder).rename(site)
    stage_files(root, source)
    stage_manual(root, made)
    stage_papers(root, source, site, TARGET, hashes or {}, WHEN)
    write_control(root, TARGET, ROOT / "scripts/deb")
    return root


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
