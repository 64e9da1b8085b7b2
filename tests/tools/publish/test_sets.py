"""Sets before they are published: whole, unharmed, with all that lies beside their models."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.inference.golden import to_bytes
from soundit_edge.inference.manifest import MANIFEST, VERSION, Manifest
from tests.tools.publish.made import MODEL, small_set
from tools.publish.errors import PublishError
from tools.publish.sets import checked


def test_a_set_of_version_2_is_published_in_the_newest_form(tmp_path: Path) -> None:
    found = checked(small_set(tmp_path, version=2), {"licence": "Apache-2.0"})
    assert Manifest.model_validate_json((tmp_path / MANIFEST).read_bytes()).version == 2
    entry = found.manifest.models[MODEL]
    assert (found.manifest.version, found.manifest.licence) == (VERSION, "Apache-2.0")
    assert entry.card is not None
    assert entry.card.file == f"{MODEL}.md"
    assert found.manifest.sizes().keys() == found.manifest.sums().keys() == {*entry.files}
    assert found.size == len(found.content) + sum((tmp_path / file).stat().st_size for file in entry.files)


def test_an_edge_tpu_build_beside_a_model_belongs_to_the_set(tmp_path: Path) -> None:
    small_set(tmp_path)
    (tmp_path / f"{MODEL}_edgetpu.tflite").write_bytes(b"TFL3 for a TPU")
    found = checked(tmp_path, {})
    build = found.manifest.models[MODEL].edgetpu
    assert build is not None
    assert found.files[build.sha256] == b"TFL3 for a TPU"


@pytest.mark.parametrize("file", [f"{MODEL}.tflite", f"{MODEL}.golden.npy", MANIFEST])
@pytest.mark.parametrize("harm", ["missing", "cut", "flipped"])
def test_a_damaged_set(file: str, harm: str, tmp_path: Path) -> None:
    path = small_set(tmp_path) / file
    content = path.read_bytes()
    match harm:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(content[:-9])
        case _:
            path.write_bytes(content[:20] + bytes([content[20] ^ 128]) + content[21:])
    with pytest.raises(PublishError, match=r"^damaged set, nothing was published: \S+: ") as caught:
        checked(tmp_path, {})
    assert "\n" not in str(caught.value)


def test_a_card_that_was_changed_after_the_manifest(tmp_path: Path) -> None:
    found = checked(small_set(tmp_path), {})
    (tmp_path / MANIFEST).write_text(found.manifest.text())
    (tmp_path / f"{MODEL}.md").write_text("better than it is")
    with pytest.raises(PublishError, match=r"body_motion\.md: its checksum or size is not the manifest's$"):
        checked(tmp_path, {})


def test_a_model_that_answers_something_else(tmp_path: Path) -> None:
    golden = to_bytes(np.full(5, 127, np.int8))
    small_set(tmp_path)
    manifest = Manifest.model_validate_json((tmp_path / MANIFEST).read_bytes())
    entry = manifest.models[MODEL]
    wrong = entry.golden.model_copy(update={"sha256": hashlib.sha256(golden).hexdigest()})
    entry = entry.model_copy(update={"golden": wrong})
    (tmp_path / MANIFEST).write_text(manifest.model_copy(update={"models": {MODEL: entry}}).text())
    (tmp_path / f"{MODEL}.golden.npy").write_bytes(golden)
    with pytest.raises(PublishError, match=r"this runtime answers .* steps off"):
        checked(tmp_path, {})


def test_a_set_without_models(tmp_path: Path) -> None:
    small_set(tmp_path, models={})
    (tmp_path / MANIFEST).write_text(Manifest(version=2, name="none", models={}).text())
    with pytest.raises(PublishError, match="the set has no models"):
        checked(tmp_path, {})


@pytest.mark.parametrize("changes", [{"min_version": "new"}, {"notes": "x" * 5000}, {"release": -1}])
def test_fields_that_no_device_would_read(changes: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=f"^{next(iter(changes))}: "):
        checked(small_set(tmp_path), changes)
