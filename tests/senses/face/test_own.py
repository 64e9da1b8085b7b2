"""A user's own expressions: read beside the shipped ones, and refused where they cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.inference.local import install, local_set, remove
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.face.expression import FERPLUS, OWN
from soundit_edge.senses.face.own import OwnExpressions, load_own
from soundit_edge.senses.face.sense import FaceSense

SHIPPED = default_folder() / "face_expression.tflite"
FACE = draw(POSES[Emotion.HAPPY], 1.0)


def own_labels(**renamed: str) -> list[str]:
    """The shipped net's labels, some of them renamed, all of them the user's own."""
    return [renamed.get(name, f"my_{name}") for name in FERPLUS]


def sense_with(labels: list[str]) -> FaceSense:
    install(SHIPPED, OWN, labels)
    return FaceSense(ModelSet(default_folder()), local_set())


def test_without_a_local_model_nothing_changes() -> None:
    assert load_own(None) is None
    install(SHIPPED, "body_own", own_labels())
    assert load_own(local_set()) is None
    reading = FaceSense(ModelSet(default_folder()), local_set()).read(Frame(0.0, FACE))
    assert reading is not None
    assert set(reading.detail) == {"faces"}


def test_a_label_that_counts_as_an_emotion_moves_the_mood() -> None:
    reading = sense_with(own_labels(happiness="smirk=disgusted")).read(Frame(0.0, FACE))
    assert reading is not None
    assert reading.detail["own"] == "smirk"
    assert reading.emotion is Emotion.DISGUSTED


def test_a_label_without_an_emotion_is_shown_and_moves_nothing() -> None:
    shipped = FaceSense(ModelSet(default_folder())).read(Frame(0.0, FACE))
    reading = sense_with(own_labels(happiness="beams")).read(Frame(0.0, FACE))
    assert shipped is not None
    assert reading is not None
    assert reading.detail["own"] == "beams"
    assert reading.probabilities == pytest.approx(shipped.probabilities, abs=1e-6)
    assert reading.trust == pytest.approx(shipped.trust, abs=1e-6)


def test_where_it_is_removed_the_shipped_net_reads_alone_again() -> None:
    sense_with(own_labels(happiness="smirk=disgusted"))
    remove(OWN)
    reading = FaceSense(ModelSet(default_folder()), local_set()).read(Frame(0.0, FACE))
    assert reading is not None
    assert reading.emotion is Emotion.HAPPY


def test_no_face_no_label() -> None:
    assert sense_with(own_labels()).read(Frame(0.0, np.zeros_like(FACE))) is None


def test_a_model_for_another_input_is_refused() -> None:
    voice = default_folder() / "voice_emotion.tflite"
    install(voice, OWN, [str(e) for e in EMOTIONS])
    with pytest.raises(ModelSetError, match="train it anew, or remove it by"):
        FaceSense(ModelSet(default_folder()), local_set())


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> OwnExpressions:
    folder: Path = tmp_path_factory.mktemp("local")
    install(SHIPPED, OWN, ["happy", "smirk=happy", "sad", "wince", "b", "c", "d", "e"], folder=folder)
    models = local_set(folder)
    assert models is not None
    return OwnExpressions(models)


@given(st.lists(st.floats(0, 1), min_size=16, max_size=16).filter(lambda p: min(sum(p[:8]), sum(p[8:])) > 0.01))
def test_both_together_are_a_distribution(own: OwnExpressions, weights: list[float]) -> None:
    labels = np.array(weights[:8], np.float32) / np.float32(sum(weights[:8]))
    shipped = tuple(w / sum(weights[8:]) for w in weights[8:])
    both = own.joined(labels, shipped)
    assert sum(both) == pytest.approx(1)
    assert min(both) >= 0
    happy = EMOTIONS.index(Emotion.HAPPY)
    rest = float(labels[3:].sum())
    assert both[happy] == pytest.approx(float(labels[:2].sum()) + rest * shipped[happy], abs=1e-4)
