"""The expression network and what goes in and out of it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from soundit_edge.emotion import EMOTIONS, Emotion, most_likely
from soundit_edge.inference.interpreter import LoadedModel
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.calibration import soften
from soundit_edge.senses.face.expression import (
    FERPLUS,
    MODEL,
    SIDE,
    TWIN,
    ExpressionNet,
    both_ways,
    prepare,
    resized,
    to_emotions,
)

Grey = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def net() -> ExpressionNet:
    return ExpressionNet(ModelSet(default_folder()))


@pytest.fixture(scope="module")
def model() -> LoadedModel:
    return ModelSet(default_folder()).load(MODEL)


@given(hnp.arrays(np.uint8, (SIDE, SIDE)))
def test_prepared_pictures_are_finite_and_bounded(grey: Grey) -> None:
    x = prepare(grey)
    assert x.dtype == np.float32
    assert np.isfinite(x).all()
    assert np.abs(x).max() <= 3.0


def test_light_and_contrast_hardly_matter() -> None:
    grey = np.random.default_rng(0).normal(120, 20, (SIDE, SIDE)).clip(0, 255)
    darker = prepare((grey * 0.6 + 10).astype(np.uint8))
    assert np.abs(prepare(grey.astype(np.uint8)) - darker).max() < 0.1


def test_preparing_leaves_the_picture_alone() -> None:
    grey = np.arange(SIDE * SIDE, dtype=np.uint32).astype(np.uint8).reshape(SIDE, SIDE)
    before = grey.copy()
    prepare(grey)
    assert (grey == before).all()


def test_a_flat_picture_is_not_blown_up() -> None:
    grey = np.full((SIDE, SIDE), 90, np.uint8)
    grey[0, 0] = 91
    assert np.abs(prepare(grey)).max() <= 0.25


@pytest.mark.parametrize("shape", [(48, 48), (1, 1), (480, 640), (16, 300), (7, 5)])
def test_any_size_is_brought_to_the_networks(shape: tuple[int, int]) -> None:
    small = resized(np.zeros(shape, np.uint8))
    assert small.shape == (SIDE, SIDE)
    assert small.dtype == np.uint8


def test_shrinking_averages() -> None:
    checkered = np.tile(np.array([[0, 200], [200, 0]], np.uint8), (96, 96))
    assert np.abs(resized(checkered).astype(int) - 100).max() <= 1


@pytest.mark.parametrize(
    ("ferplus", "emotion"),
    [
        ("neutral", Emotion.NEUTRAL),
        ("happiness", Emotion.HAPPY),
        ("surprise", Emotion.SURPRISED),
        ("sadness", Emotion.SAD),
        ("anger", Emotion.ANGRY),
        ("disgust", Emotion.DISGUSTED),
        ("fear", Emotion.FEARFUL),
        ("contempt", Emotion.DISGUSTED),
    ],
)
def test_each_class_becomes_its_emotion(ferplus: str, emotion: Emotion) -> None:
    sure = np.array([float(name == ferplus) for name in FERPLUS], np.float32)
    assert to_emotions(sure)[EMOTIONS.index(emotion)] == 1.0


@given(hnp.arrays(np.float32, 8, elements=st.floats(0, 1, width=32)).filter(lambda p: p.sum() > 1e-3))
def test_emotions_are_a_distribution_without_calm(ferplus: npt.NDArray[np.float32]) -> None:
    emotions = to_emotions(ferplus)
    assert sum(emotions) == pytest.approx(1)
    assert min(emotions) >= 0
    assert emotions[EMOTIONS.index(Emotion.CALM)] == 0


@given(
    hnp.arrays(np.float32, 8, elements=st.floats(0, 1, width=32)).filter(lambda p: p.sum() > 1e-3),
    st.floats(0.3, 3.0),
)
def test_temperature_keeps_the_order(weights: npt.NDArray[np.float32], temperature: float) -> None:
    probabilities = (weights / weights.sum()).astype(np.float32)
    soft = soften(probabilities, temperature)
    assert soft.sum() == pytest.approx(1, abs=1e-5)
    assert soft[probabilities.argmax()] == pytest.approx(soft.max(), abs=1e-6)


def test_a_high_temperature_is_less_certain() -> None:
    probabilities = np.array([0.7, 0.2, 0.1], np.float32)
    assert soften(probabilities, 2.0)[0] < soften(probabilities, 1.0)[0] < soften(probabilities, 0.5)[0]
    assert soften(probabilities, 1.0) == pytest.approx(probabilities, abs=1e-6)


@pytest.mark.parametrize("shape", [(48, 48), (20, 31), (400, 300), (1, 1)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_every_crop_gets_a_distribution(net: ExpressionNet, shape: tuple[int, int], value: int) -> None:
    said = net.classify(np.full(shape, value, np.uint8))
    assert said.shape == (8,)
    assert said.sum() == pytest.approx(1, abs=1e-5)
    assert said.min() >= 0


def test_the_shipped_network_is_the_manifests(net: ExpressionNet) -> None:
    models = ModelSet(default_folder())
    assert net.labels == FERPLUS
    models.check_golden(MODEL, models.load(MODEL))
    assert models.entry(MODEL).bytes <= 1_000_000


def test_the_twin_knows_the_plain_labels(net: ExpressionNet) -> None:
    models = ModelSet(default_folder())
    twin = ExpressionNet(models, TWIN)
    assert set(twin.labels) == set(FERPLUS) - {"contempt"}
    models.check_golden(TWIN, models.load(TWIN))
    assert models.entry(TWIN).bytes <= 1_000_000
    grey = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE), dtype=np.uint8)
    assert twin.classify(grey).shape == (7,)


@given(grey=hnp.arrays(np.uint8, (SIDE, SIDE)))
@settings(max_examples=20)
def test_a_face_and_its_mirror_image_show_the_same(model: LoadedModel, grey: Grey) -> None:
    x = prepare(grey)
    said = both_ways(model, x)
    assert (said == both_ways(model, x[:, ::-1])).all()
    assert said.sum() == pytest.approx(1, abs=1e-5)


def test_tflite_runtime_computes_the_same() -> None:
    pytest.importorskip("tflite_runtime")
    models = ModelSet(default_folder())
    models.check_golden(MODEL, models.load(MODEL, runtime="tflite-runtime"))


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelSetError, match="nobody"):
        ExpressionNet(ModelSet(default_folder()), "nobody")


@pytest.mark.data
def test_clear_faces_are_read_right_most_of_the_time(net: ExpressionNet) -> None:
    path = Path(__file__).parents[3] / "../shared/data/face/fer2013.npz"
    if not path.is_file():
        pytest.skip("../shared/data/face is not here")
    with np.load(path) as data:
        unseen = np.flatnonzero((data["split"] == "public_test") & data["ferplus_ok"] & (data["ferplus"].max(1) > 7))
        png, offset, votes = data["png"], data["offset"], data["ferplus"][unseen]
    rows = [i for i in range(300) if votes[i].argmax() < len(FERPLUS)]
    pictures = [cv2.imdecode(png[offset[unseen[i]] : offset[unseen[i] + 1]], cv2.IMREAD_GRAYSCALE) for i in rows]
    said = [most_likely(to_emotions(net.classify(np.asarray(p, np.uint8)))) for p in pictures]
    true = [most_likely(to_emotions(np.eye(8, dtype=np.float32)[votes[i].argmax()])) for i in rows]
    assert np.mean([s is t for s, t in zip(said, true, strict=True)]) > 0.85
