"""Local models: installed whole or not at all, found by name, removed without a trace; labels mean what they say."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import Emotion
from soundit_edge.inference.interpreter import InferenceError
from soundit_edge.inference.local import install, installed, local_set, meaning, remove
from soundit_edge.inference.manifest import MANIFEST
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.paths import local_models_folder

MODEL = default_folder() / "face_expression.tflite"
OTHER = default_folder() / "voice_emotion.tflite"
LABELS = ["wave=happy", "point", "sad", "d", "e", "f", "g", "h"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where local models go in this test; not made yet."""
    folder = tmp_path / "own" / "models"
    monkeypatch.setenv("SOUNDIT_LOCAL_MODELS", str(folder))
    return folder


def test_the_usual_place_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUNDIT_LOCAL_MODELS", raising=False)
    assert local_models_folder() == platformdirs.user_data_path("soundit") / "models"


def test_nothing_is_installed_to_begin_with(folder: Path) -> None:
    assert local_set() is None
    assert installed() == {}
    assert not folder.exists()


def test_an_installed_model_is_found_and_runs(folder: Path) -> None:
    entry = install(MODEL, "body_own", LABELS, temperature=1.5)
    models = local_set()
    assert models is not None
    assert models.folder == folder
    assert models.entry("body_own") == entry
    assert (entry.labels, entry.temperature) == (LABELS, 1.5)
    assert models.check_golden("body_own", models.load("body_own")) == 0


def test_a_second_one_stays_beside_the_first_and_a_new_one_replaces_its_elder(folder: Path) -> None:
    old = install(MODEL, "body_own", LABELS)
    install(MODEL, "face_own", LABELS)
    new = install(OTHER, "body_own", LABELS)
    assert set(installed()) == {"body_own", "face_own"}
    assert new.file != old.file
    face = installed()["face_own"]
    assert sorted(path.name for path in folder.iterdir()) == sorted([MANIFEST, *new.files, *face.files])


def test_a_model_of_an_earlier_release_stays_beside_a_new_one(folder: Path) -> None:
    """Until then the golden answer stood in the manifest."""
    old = install(MODEL, "body_own", LABELS)
    answer = ModelSet(folder).golden_answer("body_own")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["version"] = 1
    manifest["models"]["body_own"]["golden"] = {"output": answer.ravel().tolist(), "tolerance": 12}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    for path in folder.glob("*.npy"):
        path.unlink()
    new = install(OTHER, "voice_own", LABELS)
    models = ModelSet(folder)
    assert models.check_golden("body_own", models.load("body_own")) == 0
    assert models.check_golden("voice_own", models.load("voice_own")) == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted([MANIFEST, old.file, *new.files])


def test_an_install_that_breaks_off_leaves_the_old_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = install(MODEL, "body_own", LABELS)
    replace = os.replace

    def breaks_off(source: Path, target: Path) -> None:
        if target.name == MANIFEST:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", breaks_off)
    with pytest.raises(ModelSetError, match="the disk is full"):
        install(OTHER, "body_own", LABELS)
    models = local_set()
    assert models is not None
    assert models.entry("body_own") == old
    models.load("body_own")


def test_what_is_no_model_is_not_installed(folder: Path, tmp_path: Path) -> None:
    shutil.copy(__file__, tmp_path / "x.tflite")
    with pytest.raises(InferenceError, match=r"x\.tflite"):
        install(tmp_path / "x.tflite", "body_own", LABELS)
    with pytest.raises(ValueError, match="8 outputs for 2 labels"):
        install(MODEL, "body_own", ["a", "b"])
    assert not folder.exists()


@pytest.mark.parametrize("name", ["", "../x", "Own", "a-b", "1a", "a b"])
def test_names_that_cannot_be_files(folder: Path, name: str) -> None:
    with pytest.raises(ModelSetError, match="name"):
        install(MODEL, name, LABELS)
    assert not folder.exists()


def test_a_removed_model_is_gone(folder: Path) -> None:
    install(MODEL, "body_own", LABELS)
    remove("body_own")
    assert local_set() is None
    assert [path.name for path in folder.iterdir()] == [MANIFEST]
    with pytest.raises(ModelSetError, match="body_own"):
        remove("body_own")


def test_a_broken_manifest_is_said(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text("{")
    with pytest.raises(ModelSetError, match="broken manifest"):
        local_set()


def test_labels_and_what_they_count_as() -> None:
    assert meaning("happy") == ("happy", Emotion.HAPPY)
    assert meaning("wave=happy") == ("wave", Emotion.HAPPY)
    assert meaning("wave") == ("wave", None)


@pytest.mark.parametrize("label", ["", "=happy", "wave=", "wave=glad", "a b", "a,b", "a=b=c", "wave=Happy"])
def test_labels_that_mean_nothing(label: str) -> None:
    with pytest.raises(ModelSetError):
        meaning(label)


@given(st.text())
def test_any_text_is_a_label_or_refused(text: str) -> None:
    try:
        name, emotion = meaning(text)
    except ModelSetError:
        return
    assert name
    assert text in (name, f"{name}={emotion}")
