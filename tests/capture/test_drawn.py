"""The drawn demo: a face that the shipped detector finds, a voice that moves, the same each time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from soundit_edge.capture.capture import SOUND_RATE, Frame, Sound
from soundit_edge.capture.drawn import Drawn
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import (
    CHANGE_S,
    HOLD_S,
    POSES,
    STATIONS,
    DrawnPose,
    blend,
    pose_at,
    station,
)
from soundit_edge.capture.drawn.voice import Voice
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh, square_of
from soundit_edge.senses.voice.vad import pitch

STEP = HOLD_S + CHANGE_S
PARTS = (("held", HOLD_S / 2), ("changing", HOLD_S + CHANGE_S / 2))
MOMENTS = [(f"{emotion}, {part}", i * STEP + t) for i, emotion in enumerate(STATIONS) for part, t in PARTS]


@pytest.fixture(scope="module")
def models() -> tuple[FaceDetector, FaceMesh]:
    return FaceDetector(), FaceMesh()


@pytest.mark.parametrize("t", [t for _, t in MOMENTS], ids=[name for name, _ in MOMENTS])
def test_the_detector_and_the_mesh_find_one_face(models: tuple[FaceDetector, FaceMesh], t: float) -> None:
    detector, mesh = models
    rgb = draw(pose_at(t), t)
    found = detector.find(rgb)
    assert len(found) == 1
    assert mesh.fit(rgb, square_of(found[0])).presence > 0.9


def test_blinking_does_not_hide_the_face(models: tuple[FaceDetector, FaceMesh]) -> None:
    assert len(models[0].find(draw(POSES[Emotion.NEUTRAL], 2.0))) == 1


def test_every_emotion_has_its_station() -> None:
    assert set(STATIONS) == set(POSES) == set(EMOTIONS)


def test_the_way_through_the_stations() -> None:
    assert station(0.0) == (STATIONS[0], STATIONS[1], 0.0)
    assert station(HOLD_S) == (STATIONS[0], STATIONS[1], 0.0)
    assert station(HOLD_S + CHANGE_S / 2)[2] == pytest.approx(0.5)
    assert station(STEP)[0] == STATIONS[1]
    assert station(len(STATIONS) * STEP)[0] == STATIONS[0], "round and round"
    assert pose_at(3.0) == POSES[STATIONS[0]]


def test_blending_goes_from_one_pose_to_the_other() -> None:
    a, b = POSES[Emotion.SAD], POSES[Emotion.HAPPY]
    assert blend(a, b, 0.0) == a
    assert blend(a, b, 1.0).smile == pytest.approx(b.smile)
    assert a.smile < blend(a, b, 0.5).smile < b.smile


def test_every_pose_looks_different() -> None:
    pictures = [draw(POSES[e], 1.0).astype(int) for e in EMOTIONS]
    for i, a in enumerate(pictures):
        assert a.shape == (480, 640, 3)
        for b in pictures[:i]:
            assert np.abs(a - b).mean() > 2


def voice(pose_seconds: float, seconds: float = 2.5) -> Iterator[Sound]:
    """What is spoken from a moment on."""
    speaker = Voice()
    while (block := speaker.next_block()).t < pose_seconds + seconds:
        if block.t >= pose_seconds:
            yield block


def measured(emotion: Emotion) -> tuple[float, float]:
    """Level and pitch of the demo's voice while it is in this mood."""
    begin = STATIONS.index(emotion) * STEP + 1.0
    samples = np.concatenate([block.samples for block in voice(begin)])
    _, periodicity, hertz = pitch(samples)
    return float(np.sqrt(np.mean(np.square(samples)))), float(np.median(hertz[periodicity > 0.8]))


def test_the_voices_level_and_pitch_follow_the_mood() -> None:
    angry, sad, surprised = measured(Emotion.ANGRY), measured(Emotion.SAD), measured(Emotion.SURPRISED)
    assert angry[0] > 2 * sad[0]
    assert surprised[1] > 1.5 * sad[1]
    assert sad[1] == pytest.approx(POSES[Emotion.SAD].pitch, rel=0.15)


def test_the_voice_keeps_within_full_scale_and_pauses() -> None:
    speaker = Voice()
    blocks = [speaker.next_block().samples for _ in range(640)]
    peaks = [np.abs(block).max() for block in blocks]
    assert max(peaks) <= 1
    assert min(peaks) < 1e-3


def test_it_is_the_same_each_time_and_at_its_rate() -> None:
    def items() -> list[Frame | Sound]:
        with Drawn() as demo:
            return [item for item, _ in zip(demo.items(), range(20), strict=False)]

    for a, b in zip(items(), items(), strict=True):
        assert a.t == b.t
        if isinstance(a, Frame) and isinstance(b, Frame):
            assert np.array_equal(a.rgb, b.rgb)
        else:
            assert isinstance(a, Sound)
            assert isinstance(b, Sound)
            assert len(a.samples) == SOUND_RATE // 10
            assert np.array_equal(a.samples, b.samples)


def test_without_sound_there_are_only_frames() -> None:
    with Drawn(sound=False) as demo:
        assert all(isinstance(item, Frame) for item, _ in zip(demo.items(), range(5), strict=False))


@pytest.mark.parametrize("extreme", [-1.0, 1.0])
def test_extreme_poses_can_be_drawn(extreme: float) -> None:
    x = extreme
    pose = DrawnPose(smile=x, jaw=max(x, 0), spread=x, brow=x, brow_tilt=x, eyes=x, cheeks=max(x, 0), nose=max(x, 0))
    assert draw(pose, 0.0).shape == (480, 640, 3)
