"""The Edge TPU builds that a model set brings with it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from soundit_edge.inference.delegates.compiled import compiled_files
from soundit_edge.inference.delegates.failure import DelegateError
from soundit_edge.inference.manifest import MANIFEST, FileEntry, Manifest
from soundit_edge.inference.models import ModelSet
from tests.update.made_sets import MODEL, make_set

BUILD = b"compiled for an Edge TPU"
FILE = f"{MODEL}_edgetpu.tflite"


@pytest.fixture
def models(tmp_path: Path) -> ModelSet:
    """A set with a build for an Edge TPU."""
    made = make_set(1)
    manifest = Manifest.model_validate_json(made.manifest)
    build = FileEntry(file=FILE, sha256=hashlib.sha256(BUILD).hexdigest(), bytes=len(BUILD))
    entry = manifest.models[MODEL].model_copy(update={"edgetpu": build})
    made.write_as(tmp_path)
    (tmp_path / FILE).write_bytes(BUILD)
    (tmp_path / MANIFEST).write_text(manifest.model_copy(update={"models": {MODEL: entry}}).text())
    return ModelSet(tmp_path)


def test_the_build_of_the_set_is_used(models: ModelSet) -> None:
    assert compiled_files(models) == {MODEL: models.folder / FILE}
    assert models.manifest.sums()[FILE] == hashlib.sha256(BUILD).hexdigest()


def test_a_damaged_build_of_the_set_is_not_used(models: ModelSet) -> None:
    (models.folder / FILE).write_bytes(BUILD[:-1])
    with pytest.raises(DelegateError, match="install the model set again"):
        compiled_files(models)
