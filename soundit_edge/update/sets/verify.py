"""Check a set on the disk byte by byte: every file that its manifest names, its checksum, its size and its shapes."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import Final

from soundit_edge.inference.interpreter import InferenceError
from soundit_edge.inference.manifest import MANIFEST, Manifest
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.text import reason
from soundit_edge.update.failure import SetDamagedError
from soundit_edge.update.sets.set_id import set_id_of

MAX_MANIFEST: Final = 1 << 20
"""Bytes of a manifest; one of ten models has five thousand."""


def verify_set(folder: Path, set_id: str | None = None) -> Manifest:
    """Return the manifest of a set whose files are all there and have its checksums and sizes.

    Args:
        folder: where the set lies.
        set_id: the id that it must have; None: any, as a shipped set's.

    Raises:
        SetDamagedError: a file is missing or not what the manifest says, or the manifest is broken or another set's.
    """
    path = folder / MANIFEST
    try:
        if path.stat().st_size > MAX_MANIFEST:
            raise SetDamagedError(f"{path}: too large for a manifest")
        manifest = ModelSet(folder).manifest
        if set_id is not None and set_id_of(manifest.release, path.read_bytes()) != set_id:
            raise SetDamagedError(f"{path}: is not the manifest of the set {set_id}")
    except ModelSetError as error:
        raise SetDamagedError(str(error)) from error
    except OSError as error:
        raise SetDamagedError(f"{path}: cannot be read ({reason(error)})") from error
    sizes = manifest.sizes()
    for file, sha256 in manifest.sums().items():
        verify_file(folder / file, sha256, sizes.get(file))
    return manifest


def verify_file(path: Path, sha256: str, size: int | None = None) -> None:
    """Check the content of a file.

    Args:
        path: the file.
        sha256: the checksum that it must have.
        size: the bytes that it must have; None: any number.

    Raises:
        SetDamagedError: it is missing, cannot be read, or is another.
    """
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise SetDamagedError(f"{path}: is no file")
        if size is not None and found.st_size != size:
            raise SetDamagedError(f"{path}: has {found.st_size} bytes in place of {size}")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SetDamagedError(f"{path}: cannot be read ({reason(error)})") from error
    if digest != sha256:
        raise SetDamagedError(f"{path}: damaged, its checksum is not the manifest's")


def verify_models(folder: Path) -> None:
    """Load every model of a set once, and compare its shapes to the manifest's.

    Raises:
        SetDamagedError: one cannot be loaded, or has other shapes.
    """
    try:
        models = ModelSet(folder)
        for name in models.manifest.models:
            models.load(name)
    except InferenceError as error:
        raise SetDamagedError(str(error)) from error
