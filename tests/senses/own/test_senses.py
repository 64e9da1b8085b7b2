"""The senses with a head in use: what was taught is read, everything else as before, and it goes at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.body.sense import BodySense
from soundit_edge.senses.face.sense import FaceSense
from soundit_edge.senses.own.features import POINTS
from soundit_edge.senses.own.head import Head
from soundit_edge.senses.own.heads import OwnHeads, basis_of
from soundit_edge.senses.own.labels import Kind, OwnLabel
from soundit_edge.senses.own.learn import learn
from soundit_edge.senses.own.observe import BodyObserver, FaceObserver, Observer
from soundit_edge.senses.own.takes import TakeMoment, no_takes
from tests.fakes.own import info
from tests.fakes.person import waving

MODELS = ModelSet(default_folder())
FACES = {emotion: draw(POSES[emotion], 1.0) for emotion in (Emotion.HAPPY, Emotion.NEUTRAL)}
BROWS = (OwnLabel(name="beam", emotion=Emotion.CALM), OwnLabel(name="plain", emotion=Emotion.NEUTRAL))
ARMS = (OwnLabel(name="wave", emotion=Emotion.SURPRISED), OwnLabel(name="stand", emotion=Emotion.NEUTRAL))


def moments(observer: Observer, frames: Iterable[Frame]) -> list[TakeMoment]:
    return [moment for frame in frames if (moment := observer.look(frame).moment) is not None]


def taught(kind: Kind, labels: tuple[OwnLabel, ...], shown: list[list[TakeMoment]]) -> Head:
    """A head that learnt from each list of moments, cut into three takes."""
    takes = no_takes(info(kind, labels))
    for label, all_of_it in enumerate(shown):
        third = len(all_of_it) // 3
        for part in range(3):
            takes = takes.with_take(label, all_of_it[part * third : (part + 1) * third])
    return learn(takes)[0]


@pytest.fixture(scope="module")
def face_head() -> Head:
    """The drawn face, as the demo moves: happy and neutral."""
    rng = np.random.default_rng(0)

    def shown(emotion: Emotion) -> list[TakeMoment]:
        moved = [np.roll(draw(POSES[emotion], t / 10), tuple(rng.integers(-4, 5, 2)), (0, 1)) for t in range(18)]
        return moments(FaceObserver(MODELS), (Frame(t / 10, picture) for t, picture in enumerate(moved)))

    return taught("expression", BROWS, [shown(Emotion.HAPPY), shown(Emotion.NEUTRAL)])


@pytest.fixture(scope="module")
def body_head() -> Head:
    observer = BodyObserver(MODELS)
    early = observer.look(next(waving(1)))
    assert (early.moment, early.people) == (None, 1)  # two seconds of motion are needed
    shown = [moments(observer, waving(3)), moments(BodyObserver(MODELS), waving(3, still=True))]
    return taught("gesture", ARMS, shown)


def test_an_expression_that_was_taught_is_read_and_goes_at_once(face_head: Head) -> None:
    heads = OwnHeads()
    sense = FaceSense(MODELS, heads=heads)
    plain = sense.read(Frame(0.0, FACES[Emotion.HAPPY]))
    heads.put("expression", face_head, basis_of("expression", MODELS))
    own = sense.read(Frame(0.1, FACES[Emotion.HAPPY]))
    heads.remove("expression")
    after = sense.read(Frame(0.2, FACES[Emotion.HAPPY]))
    assert plain is not None
    assert own is not None
    assert after is not None
    assert (plain.emotion, plain.detail.get("own")) == (Emotion.HAPPY, None)
    assert (own.emotion, own.detail["own"]) == (Emotion.CALM, "beam")
    assert (after.emotion, after.detail.get("own")) == (Emotion.HAPPY, None)


def test_another_face_is_read_as_without_it(face_head: Head) -> None:
    """A wider one: nobody whose takes there are."""
    picture = FACES[Emotion.HAPPY]
    stranger = np.ascontiguousarray(np.repeat(picture, 2, axis=1)[:, picture.shape[1] // 2 :][:, : picture.shape[1]])
    heads = OwnHeads()
    heads.put("expression", face_head, basis_of("expression", MODELS))
    readings = [sense.read(Frame(0.0, stranger)) for sense in (FaceSense(MODELS), FaceSense(MODELS, heads=heads))]
    plain, own = readings
    assert plain is not None
    assert own is not None
    assert own.probabilities == pytest.approx(plain.probabilities, abs=1e-9)
    assert "own" not in own.detail


def test_a_gesture_that_was_taught_is_read(body_head: Head) -> None:
    heads = OwnHeads()
    heads.put("gesture", body_head, basis_of("gesture", MODELS))
    plain, own = BodySense(MODELS), BodySense(MODELS, heads=heads)
    readings = [(plain.read(frame), own.read(frame)) for frame in waving(2.1)][-1]
    assert readings[0] is not None
    assert readings[1] is not None
    assert "own" not in readings[0].detail
    assert readings[1].detail["own"] == "wave"
    surprise = [reading.probabilities[list(Emotion).index(Emotion.SURPRISED)] for reading in readings if reading]
    assert surprise[1] > surprise[0] + 0.2


@pytest.mark.parametrize("make", [FaceObserver, BodyObserver])
def test_an_observer_says_what_is_missing_and_never_raises(make: type[FaceObserver] | type[BodyObserver]) -> None:
    observer = make(MODELS)
    for t, picture in enumerate([np.zeros((240, 320, 3), np.uint8), np.zeros((1, 1, 3), np.uint8)]):
        sight = observer.look(Frame(float(t), picture))
        assert (sight.moment, sight.people) == (None, 0)
        assert sight.hint


def test_of_two_faces_the_nearest_is_looked_at_and_that_is_said() -> None:
    face = FACES[Emotion.HAPPY]
    small = np.full_like(face, 200)
    small[120:360, 160:480] = face[::2, ::2]
    two = np.concatenate([face, small], 1)
    sight = FaceObserver(MODELS).look(Frame(0.0, two))
    alone = FaceObserver(MODELS).look(Frame(0.0, np.concatenate([face, np.full_like(face, 200)], 1)))
    assert sight.people == 2
    assert "nearest" in sight.hint
    assert sight.moment is not None
    assert alone.moment is not None
    # Where the points of the mesh lie; what the network makes of it differs more, in its small probabilities.
    points = slice(0, 2 * len(POINTS))
    assert np.abs(sight.moment.features[points] - alone.moment.features[points]).max() < 0.1
