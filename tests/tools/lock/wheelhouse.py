"""A package index of the tests' own: a folder of small wheels, and locks that pin them."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

PURE = "py3-none-any"
ARM = "manylinux_2_17_aarch64"


def add_wheel(folder: Path, name: str, version: str, tag: str) -> str:
    """Make a wheel that pip takes, and return its SHA-256 in hexadecimal."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        info = f"{name}-{version}.dist-info"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pinned(requirement: str, *hashes: str) -> str:
    """Return a requirement as uv writes it into a lock."""
    return requirement + "".join(f" \\\n    --hash=sha256:{sha256}" for sha256 in hashes) + "\n"
