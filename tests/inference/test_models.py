"""Model sets: the shipped one holds, and every kind of damage is one clear line."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundit_edge.inference.golden import to_bytes
from soundit_edge.inference.interpreter import available_runtimes
from soundit_edge.inference.manifest import MANIFEST, VERSION, Manifest
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder, mediapipe_model

SHIPPED = default_folder()
NAMES = sorted(ModelSet(SHIPPED).manifest.models)
NAME = "face_expression"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped set, to be damaged."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "models"))


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest."""
    manifest = json.loads((folder / MANIFEST).read_text())
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def put_golden(folder: Path, content: bytes, tolerance: int = 12) -> None:
    """Make some bytes the golden answer, with their checksum in the manifest."""
    (folder / f"{NAME}.golden.npy").write_bytes(content)
    checksum = hashlib.sha256(content).hexdigest()
    edit(folder, lambda m: m["models"][NAME]["golden"].update(sha256=checksum, tolerance=tolerance))


def refused(work: Callable[[], object], *words: str) -> None:
    with pytest.raises(ModelSetError) as failure:
        work()
    assert "\n" not in str(failure.value)
    for word in words:
        assert word in str(failure.value)


@pytest.mark.parametrize("runtime", available_runtimes())
@pytest.mark.parametrize("name", NAMES)
def test_golden_vectors_hold(name: str, runtime: str) -> None:
    models = ModelSet(SHIPPED)
    difference = models.check_golden(name, models.load(name, runtime=runtime))
    assert 0 <= difference <= models.entry(name).golden.tolerance


@pytest.mark.parametrize("name", NAMES)
def test_the_manifest_tells_the_truth(name: str) -> None:
    models = ModelSet(SHIPPED)
    entry, model = models.entry(name), models.load(name)
    assert (models.folder / entry.file).stat().st_size == entry.bytes
    assert model.outputs[0].shape[-1] == len(entry.labels)
    golden = models.golden_answer(name)
    assert golden.shape == model.outputs[0].shape
    assert golden.dtype == np.int8
    assert set(entry.files) == {f"{name}.tflite", f"{name}.golden.npy"}


@pytest.mark.parametrize("place", [0.0, 0.3, 0.999])
def test_a_flipped_byte(folder: Path, place: float) -> None:
    path = folder / f"{NAME}.tflite"
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    path.write_bytes(content)
    refused(lambda: ModelSet(folder).load(NAME), f"{NAME}.tflite", "damaged", "checksum")


def test_a_truncated_model(folder: Path) -> None:
    path = folder / f"{NAME}.tflite"
    path.write_bytes(path.read_bytes()[:-1])
    refused(lambda: ModelSet(folder).load(NAME), f"{NAME}.tflite", "damaged")


def test_damage_to_one_model_leaves_the_others(folder: Path) -> None:
    (folder / f"{NAME}.tflite").unlink()
    ModelSet(folder).load("voice_emotion")


def test_a_missing_model_file(folder: Path) -> None:
    (folder / f"{NAME}.tflite").unlink()
    refused(lambda: ModelSet(folder).load(NAME), f"{NAME}.tflite", "No such file")


@pytest.mark.parametrize("side", ["input_shape", "output_shape"])
def test_a_shape_that_is_not_the_manifests(folder: Path, side: str) -> None:
    edit(folder, lambda m: m["models"][NAME][side].__setitem__(-1, 99))
    refused(lambda: ModelSet(folder).load(NAME), f"{NAME}.tflite", "shapes")


def test_a_missing_manifest(tmp_path: Path) -> None:
    refused(lambda: ModelSet(tmp_path), MANIFEST, "No such file")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b'{"version": 1}'])
def test_a_broken_manifest(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    refused(lambda: ModelSet(tmp_path), MANIFEST, "broken manifest")


def test_a_manifest_that_lacks_something_says_what(folder: Path) -> None:
    edit(folder, lambda m: m["models"][NAME].pop("sha256"))
    refused(lambda: ModelSet(folder), f"models.{NAME}.sha256", "required")


def test_a_manifest_of_a_newer_format(folder: Path) -> None:
    edit(folder, lambda m: m.update(version=VERSION + 1))
    refused(lambda: ModelSet(folder), "version")


def test_a_manifest_with_something_unknown(folder: Path) -> None:
    edit(folder, lambda m: m.update(surprise=1))
    refused(lambda: ModelSet(folder), "surprise")


@pytest.mark.parametrize("file", ["../secret.tflite", "/etc/passwd", "a/b.tflite", "x.so"])
def test_a_manifest_cannot_lead_out_of_its_folder(folder: Path, file: str) -> None:
    edit(folder, lambda m: m["models"][NAME].update(file=file))
    refused(lambda: ModelSet(folder), f"models.{NAME}.file")


def test_an_unknown_model() -> None:
    refused(lambda: ModelSet(SHIPPED).load("nobody"), "nobody")


def test_a_runtime_that_computes_something_else(folder: Path) -> None:
    answer = ModelSet(folder).golden_answer(NAME).copy()
    answer.flat[0] = 100
    put_golden(folder, to_bytes(answer))
    models = ModelSet(folder)
    refused(lambda: models.check_golden(NAME, models.load(NAME)), NAME, "steps off")


@pytest.mark.parametrize("count", [0, 1, 9])
def test_a_golden_answer_of_the_wrong_length(folder: Path, count: int) -> None:
    put_golden(folder, to_bytes(np.zeros(count, np.int8)), tolerance=255)
    models = ModelSet(folder)
    refused(lambda: models.check_golden(NAME, models.load(NAME)), NAME, "golden")


def test_a_missing_golden_answer_stops_its_check_alone(folder: Path) -> None:
    (folder / f"{NAME}.golden.npy").unlink()
    models = ModelSet(folder)
    model = models.load(NAME)
    refused(lambda: models.check_golden(NAME, model), f"{NAME}.golden.npy", "golden answer", "No such file")
    models.check_golden("voice_emotion", models.load("voice_emotion"))


def test_a_damaged_golden_answer(folder: Path) -> None:
    path = folder / f"{NAME}.golden.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\x11")
    refused(lambda: ModelSet(folder).golden_answer(NAME), f"{NAME}.golden.npy", "damaged")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY", to_bytes(np.zeros(8, np.int8))[:-1]])
def test_a_golden_answer_that_is_none(folder: Path, content: bytes) -> None:
    put_golden(folder, content)
    refused(lambda: ModelSet(folder).golden_answer(NAME), f"{NAME}.golden.npy", "no golden answer")


@pytest.mark.parametrize("file", ["../secret.golden.npy", "x.npy", "/tmp/x.golden.npy"])
def test_a_golden_answer_cannot_lead_out_of_its_folder(folder: Path, file: str) -> None:
    edit(folder, lambda m: m["models"][NAME]["golden"].update(file=file))
    refused(lambda: ModelSet(folder), f"models.{NAME}.golden")


def test_a_set_of_the_first_form_with_its_golden_answers_in_the_manifest_is_read(folder: Path) -> None:
    answers = {name: ModelSet(folder).golden_answer(name) for name in NAMES}

    def to_first_form(manifest: dict[str, Any]) -> None:
        manifest["version"] = 1
        for name, answer in answers.items():
            manifest["models"][name]["golden"] = {"output": answer.ravel().tolist(), "tolerance": 12}

    edit(folder, to_first_form)
    for path in folder.glob("*.golden.npy"):
        path.unlink()
    models = ModelSet(folder)
    for name in NAMES:
        assert models.check_golden(name, models.load(name)) <= 12
        assert models.entry(name).files == (f"{name}.tflite",)
    edit(folder, lambda m: m["models"][NAME]["golden"]["output"].__setitem__(0, 100))
    models = ModelSet(folder)
    refused(lambda: models.check_golden(NAME, models.load(NAME)), NAME, "steps off")


def test_another_folder_can_be_chosen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_MODELS", str(folder))
    assert default_folder() == folder


def test_a_chosen_folder_without_a_set_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_MODELS", str(tmp_path))
    refused(default_folder, str(tmp_path))


def test_mediapipes_models_are_found() -> None:
    assert mediapipe_model("face_landmark/face_landmark").stat().st_size > 1_000_000


def test_a_mediapipe_model_that_is_not_installed() -> None:
    refused(lambda: mediapipe_model("tail_detection/tail"), "tail_detection/tail", "make setup")


def test_a_manifest_is_read_back_as_it_was_written() -> None:
    manifest = ModelSet(SHIPPED).manifest
    assert Manifest.model_validate_json(manifest.text()) == manifest
    assert (SHIPPED / MANIFEST).read_text() == manifest.text()
