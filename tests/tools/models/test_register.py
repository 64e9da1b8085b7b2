"""Models enter the set as what they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.inference.models import ModelSet, default_folder
from tools.models.register import best_temperature, register

LABELS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]


def test_what_was_registered_can_be_loaded(tmp_path: Path) -> None:
    shutil.copy(default_folder() / "face_expression.tflite", tmp_path)
    entry = register(tmp_path, "face_expression", LABELS, 0.7)
    models = ModelSet(tmp_path)
    assert models.entry("face_expression") == entry
    assert entry.temperature == 0.7
    assert models.check_golden("face_expression", models.load("face_expression")) == 0


def test_other_entries_stay(tmp_path: Path) -> None:
    shutil.copy(default_folder() / "face_expression.tflite", tmp_path / "first.tflite")
    shutil.copy(default_folder() / "face_expression.tflite", tmp_path / "second.tflite")
    register(tmp_path, "first", LABELS)
    register(tmp_path, "second", LABELS)
    assert set(ModelSet(tmp_path).manifest.models) == {"first", "second"}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["set.json", *(f"{name}{end}" for name in ("first", "second") for end in (".golden.npy", ".tflite"))]
    )


def test_labels_must_fit_the_outputs(tmp_path: Path) -> None:
    shutil.copy(default_folder() / "face_expression.tflite", tmp_path)
    with pytest.raises(ValueError, match="8 outputs for 2 labels"):
        register(tmp_path, "face_expression", ["yes", "no"])
    assert not (tmp_path / "set.json").exists()


@pytest.mark.parametrize("true", [0.5, 1.0, 2.0])
def test_the_temperature_is_found_again(true: float) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 0.8, (4000, 4))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    said = np.exp(logits * true) / np.exp(logits * true).sum(1, keepdims=True)
    assert best_temperature(said.astype(np.float32), shares.astype(np.float32)) == pytest.approx(true, rel=0.04)
