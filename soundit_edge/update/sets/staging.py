"""A set that is being put together in `.staging/<id>/`, and its way from there into the folder of the sets.

What is there already, from an earlier try or in another set, is taken from there and not fetched again. Copies, and no
hard links: a damaged block of the disk must not hit two sets.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from soundit_edge.files import make_durable, replacing, write_whole
from soundit_edge.inference.manifest import MANIFEST
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.update.failure import SetDamagedError
from soundit_edge.update.sets.folder import SetFolder
from soundit_edge.update.sets.set_id import is_set_id
from soundit_edge.update.sets.verify import verify_file, verify_models, verify_set

_CHUNK = 1 << 16


class StagedSet:
    """One set in the making. Every method may raise OSError: the disk is full, or cannot be written."""

    def __init__(self, sets: SetFolder, set_id: str, manifest: bytes) -> None:
        """Begin a set, or go on with it.

        Args:
            sets: the folder of the sets.
            set_id: the id of the set.
            manifest: the bytes of its `set.json`.
        """
        self._sets = sets
        self._set_id = set_id
        self.folder = sets.staging / set_id
        self.folder.mkdir(parents=True, exist_ok=True)
        if not _is_there(self.folder / MANIFEST, manifest):
            write_whole(self.folder / MANIFEST, manifest)

    def has(self, file: str, sha256: str) -> bool:
        """Return whether a file of the set is there and right; one that is wrong is removed."""
        path = self.folder / file
        try:
            verify_file(path, sha256)
        except SetDamagedError:
            path.unlink(missing_ok=True)
            return False
        return True

    def copy_from_sets(self, file: str, sha256: str) -> bool:
        """Copy a file from a set that is on this disk; return whether one has it."""
        for source in self._holders(sha256):
            try:
                with replacing(self.folder / file) as temporary:
                    _copy(source, temporary)
                    verify_file(temporary, sha256)
            except SetDamagedError:
                continue
            return True
        return False

    def adopt(self) -> Path:
        """Check the whole set, make it durable, and rename it into the folder of the sets; return its new place.

        Raises:
            SetDamagedError: something is missing or wrong.
            OSError: it cannot be written; what is in use stays as it is.
        """
        manifest = verify_set(self.folder, self._set_id)
        known = {MANIFEST, *manifest.sums()}
        for path in list(self.folder.iterdir()):
            if path.name not in known:
                path.unlink()
        verify_models(self.folder)
        for name in known:
            make_durable(self.folder / name)
        make_durable(self.folder)
        place = self._sets.folder_of(self._set_id)
        if place.is_dir():
            if self._sets.is_whole(self._set_id):
                shutil.rmtree(self.folder)
                return place
            shutil.rmtree(place)
        os.rename(self.folder, place)
        make_durable(place.parent)
        make_durable(self.folder.parent)
        return place

    def _holders(self, sha256: str) -> Iterator[Path]:
        """Yield the files on this disk that should have a checksum."""
        staged = self._sets.staging.iterdir() if self._sets.staging.is_dir() else ()
        for folder in (self._sets.shipped, *self._sets.folder.iterdir(), *staged):
            if folder == self.folder or not (folder == self._sets.shipped or is_set_id(folder.name)):
                continue
            try:
                sums = ModelSet(folder).manifest.sums()
            except ModelSetError:
                continue
            yield from (folder / file for file, found in sums.items() if found == sha256)


def _is_there(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _copy(source: Path, target: Path) -> None:
    try:
        content = source.open("rb")
    except OSError:
        raise SetDamagedError(f"{source}: cannot be read") from None
    with content, target.open("wb") as file:
        shutil.copyfileobj(content, file, _CHUNK)
