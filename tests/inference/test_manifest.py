"""The manifest's third form: what a published set says of itself, and that the earlier forms are still read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from soundit_edge.inference.manifest import MANIFEST, FileEntry, Manifest
from soundit_edge.inference.models import default_folder
from tests.update.made_sets import MODEL, make_set


def changed(**fields: Any) -> dict[str, Any]:
    return {**Manifest.model_validate_json(make_set(7).manifest).model_dump(exclude_unset=True), **fields}


def test_a_set_of_the_second_form_is_no_release() -> None:
    text = (default_folder() / MANIFEST).read_text()
    manifest = Manifest.model_validate_json(text)
    assert manifest.release == 0 or manifest.version == 3
    assert (manifest.hardware, manifest.min_version, manifest.max_version) == ((), "", "")
    assert manifest.text() == text


def test_all_files_have_their_sums_and_sizes() -> None:
    made = make_set(7)
    manifest = Manifest.model_validate_json(made.manifest)
    assert manifest.sums().keys() == made.files.keys()
    assert manifest.sizes().items() <= {name: len(content) for name, content in made.files.items()}.items()
    assert f"{MODEL}.md" in manifest.sizes()


@pytest.mark.parametrize(
    "fields",
    [
        {"release": -1},
        {"release": 1 << 40},
        {"min_version": "new"},
        {"max_version": "1.2.x"},
        {"notes": "x" * 5000},
        {"surprise": 1},
        {"version": 4},
    ],
)
def test_what_no_set_may_say(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Manifest.model_validate(changed(**fields))


def test_a_file_with_two_contents() -> None:
    """One name cannot stand for two checksums."""
    manifest = Manifest.model_validate_json(make_set(7).manifest)
    entry = manifest.models[MODEL]
    other = entry.model_copy(update={"card": FileEntry(file=f"{MODEL}.md", sha256="0" * 64, bytes=1)})
    with pytest.raises(ValidationError, match="two checksums"):
        Manifest.model_validate(changed(models={MODEL: entry.model_dump(), "twin": other.model_dump()}))
