"""Small model sets: a real model with its golden answer, and a card."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soundit_edge.inference.golden import GoldenFile
from soundit_edge.inference.manifest import MANIFEST, FileEntry, Manifest
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.update.sets.set_id import set_id_of

MODEL = "body_motion"


@dataclass(frozen=True)
class MadeSet:
    """A set in memory."""

    release: int
    manifest: bytes
    files: dict[str, bytes]

    @property
    def set_id(self) -> str:
        return set_id_of(self.release, self.manifest)

    def write(self, folder: Path) -> Path:
        """Write it into a folder of its own; return that folder."""
        place = folder / self.set_id
        place.mkdir(parents=True)
        return self.write_as(place)

    def write_as(self, place: Path) -> Path:
        for name, content in {MANIFEST: self.manifest, **self.files}.items():
            (place / name).write_bytes(content)
        return place


def make_set(release: int, card: bytes = b"", **fields: Any) -> MadeSet:
    """A set of one model; its card, which no other release has, makes it another set.

    Args:
        release: its release counter.
        card: the content of its card.
        fields: more of the manifest.
    """
    shipped = ModelSet(default_folder())
    entry = shipped.entry(MODEL)
    files = {name: (shipped.folder / name).read_bytes() for name in entry.files}
    card = card or f"# Card of release {release}\n".encode()
    files[f"{MODEL}.md"] = card
    sha256 = hashlib.sha256(card).hexdigest()
    entry = entry.model_copy(update={"card": FileEntry(file=f"{MODEL}.md", sha256=sha256, bytes=len(card))})
    manifest = Manifest(version=3, name="made", models={MODEL: entry}, release=release, **fields)
    return MadeSet(release, manifest.text().encode(), files)


def whole_set(release: int, **fields: Any) -> MadeSet:
    """The shipped models as a set of another release."""
    shipped = ModelSet(default_folder())
    models = shipped.manifest.models
    files = {name: (shipped.folder / name).read_bytes() for entry in models.values() for name in entry.files}
    manifest = Manifest(version=3, name="made", models=models, release=release, **fields)
    return MadeSet(release, manifest.text().encode(), files)


def with_model(made: MadeSet, name: str, like: str) -> MadeSet:
    """A set in which a model is in truth another of the shipped ones, rightly described but for its labels."""
    shipped = ModelSet(default_folder())
    manifest = Manifest.model_validate_json(made.manifest)
    entry, other = manifest.models[name], shipped.entry(like)
    assert isinstance(entry.golden, GoldenFile)
    assert isinstance(other.golden, GoldenFile)
    content, golden = ((shipped.folder / part).read_bytes() for part in (other.file, other.golden.file))
    changed = entry.model_copy(
        update={
            "sha256": other.sha256,
            "bytes": other.bytes,
            "input_shape": other.input_shape,
            "output_shape": other.output_shape,
            "golden": other.golden.model_copy(update={"file": entry.golden.file}),
        }
    )
    text = manifest.model_copy(update={"models": {**manifest.models, name: changed}}).text().encode()
    return MadeSet(made.release, text, {**made.files, entry.file: content, entry.golden.file: golden})
