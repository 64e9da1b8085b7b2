"""Model sets as they are published: checked file by file, with a card and an Edge TPU build where they lie beside."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from soundit_edge.inference.golden import GoldenFile
from soundit_edge.inference.interpreter import InferenceError
from soundit_edge.inference.manifest import VERSION, FileEntry, Manifest, ModelEntry
from soundit_edge.inference.models import ModelSet
from soundit_edge.text import reason
from soundit_edge.update.sets.set_id import set_id_of
from tools.publish.errors import PublishError

CARD: Final = ".md"
EDGETPU: Final = "_edgetpu.tflite"


@dataclass(frozen=True)
class CheckedSet:
    """A set whose files are what its manifest says, and whose models give their golden answers.

    Attributes:
        manifest: what it holds, in the newest form.
        files: the content of each file, by its SHA-256 in hexadecimal.
    """

    manifest: Manifest
    files: Mapping[str, bytes]

    @property
    def content(self) -> bytes:
        """Return the content of its set.json."""
        return self.manifest.text().encode()

    @property
    def id(self) -> str:
        """Return the id under which it is published."""
        return set_id_of(self.manifest.release, self.content)

    @property
    def size(self) -> int:
        """Return how many bytes a device without any of it fetches."""
        return len(self.content) + sum(map(len, self.files.values()))


def checked(folder: Path, changes: Mapping[str, Any]) -> CheckedSet:
    """Read a set, check each file and compare each model's answer with its golden one.

    Args:
        folder: where it lies.
        changes: fields of the manifest that are published instead of the folder's.

    Raises:
        PublishError: the set is damaged or incomplete, a model answers something else, or a change is not allowed.
    """
    try:
        models = ModelSet(folder)
        for name in models.manifest.models:
            models.check_golden(name, models.load(name))
    except InferenceError as error:
        raise PublishError(f"damaged set, nothing was published: {error}") from error
    manifest = upgraded(models.manifest, folder, changes)
    if not manifest.models:
        raise PublishError(f"{folder}: the set has no models")
    sizes = manifest.sizes()
    contents = {sha256: _content(folder / file, sha256, sizes[file]) for file, sha256 in manifest.sums().items()}
    return CheckedSet(manifest, contents)


def upgraded(manifest: Manifest, folder: Path, changes: Mapping[str, Any]) -> Manifest:
    """Return a manifest in the newest form, which knows the size of each file, and what lies beside each model.

    Args:
        manifest: of any version.
        folder: where the set lies.
        changes: fields that are to be different.

    Raises:
        PublishError: a change is not allowed.
    """
    models = {name: _with_parts(name, entry, folder) for name, entry in manifest.models.items()}
    values = {**manifest.model_dump(exclude_unset=True), **changes, "version": VERSION, "models": models}
    try:
        return Manifest.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise PublishError(f"{'.'.join(map(str, first['loc'])) or 'set.json'}: {first['msg']}") from error


def _with_parts(name: str, entry: ModelEntry, folder: Path) -> ModelEntry:
    found: dict[str, FileEntry | GoldenFile] = {}
    for field, file in (("card", name + CARD), ("edgetpu", name + EDGETPU)):
        if getattr(entry, field) is None and (folder / file).is_file():
            content = (folder / file).read_bytes()
            found[field] = FileEntry(file=file, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    if isinstance(entry.golden, GoldenFile) and entry.golden.bytes is None:
        size = (folder / entry.golden.file).stat().st_size
        found["golden"] = entry.golden.model_copy(update={"bytes": size})
    return entry.model_copy(update=found)


def _content(path: Path, sha256: str, size: int) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PublishError(f"damaged set, nothing was published: {path}: {reason(error)}") from error
    if hashlib.sha256(content).hexdigest() != sha256 or len(content) != size:
        raise PublishError(f"damaged set, nothing was published: {path}: its checksum or size is not the manifest's")
    return content
