"""The lips sense: who talks and what is said, none where no lips are to be read, and no exception ever."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import EMOTIONS, Affect, Emotion, Reading
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.lips.active_speaker import DELAY_S, MIN_MOVEMENT, Judgement, speech_in, spoke
from soundit_edge.senses.lips.grid import WORDS
from soundit_edge.senses.lips.recogniser import FRAMES, RATE, LipReader
from soundit_edge.senses.lips.sense import MIN_CERTAINTY, LipsSense, said
from soundit_edge.senses.sense import Sense

Picture = npt.NDArray[np.uint8]
NOISE = np.random.default_rng(0)
FACE = draw(POSES[Emotion.NEUTRAL], 1.0)
DELAY = round(DELAY_S * RATE)
SENTENCES = {
    "bbaf3s": "bin blue at f three soon",
    "brwa5a": "bin red with a five again",
    "lgif3a": "lay green in f three again",
    "pbav3s": "place blue at v three soon",
    "prwd7a": "place red with d seven again",
    "sgbp6p": "set green by p six please",
}


@pytest.fixture
def sense() -> LipsSense:
    return LipsSense(ModelSet(default_folder()))


def valid(reading: Reading | None) -> None:
    if reading is None:
        return
    assert sum(reading.probabilities) == pytest.approx(1)
    assert min(reading.probabilities) >= 0
    assert 0 <= reading.trust <= 1
    faces, speaking = reading.detail["faces"], reading.detail["speaking"]
    assert isinstance(faces, int)
    assert isinstance(speaking, int)
    assert 0 <= speaking <= faces
    assert reading.speaking == (speaking > 0 if faces else None)


def frames(path: Path, *, every: int = 1, count: int = 1000) -> list[Frame]:
    """The first `count` frames of a clip of 25 a second, or each `every`-th of them."""
    capture = cv2.VideoCapture(str(path))
    found: list[Frame] = []
    while len(found) < count:
        more, picture = capture.read()
        if not more:
            break
        found.append(Frame(len(found) / RATE, np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)))
    return found[::every]


def test_it_is_a_sense(sense: LipsSense) -> None:
    as_sense: Sense[Frame] = sense
    assert (as_sense.name, as_sense.period) == ("lips", 0.04)


def test_a_face_that_keeps_still_is_seen_and_does_not_talk(sense: LipsSense) -> None:
    readings = [sense.read(Frame(i / RATE, FACE)) for i in range(50)]
    last = readings[-1]
    assert last is not None
    assert (last.sense, last.t, last.detail) == ("lips", 49 / RATE, {"faces": 1, "speaking": 0})
    assert last.trust == 0
    for reading in readings:
        valid(reading)


def test_the_network_rests_while_the_mouth_keeps_still(sense: LipsSense, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("nothing can be read from a mouth that keeps still")

    monkeypatch.setattr(LipReader, "probabilities", read)
    for i in range(2 * RATE):
        reading = sense.read(Frame(i / RATE, FACE))
        assert reading is not None
        assert reading.speaking is False


@pytest.mark.parametrize(
    "rgb",
    [
        np.zeros((480, 640, 3), np.uint8),
        np.full((480, 640, 3), 255, np.uint8),
        NOISE.integers(0, 255, (480, 640, 3), dtype=np.uint8),
        np.zeros((16, 16, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((3000, 40, 3), np.uint8),
    ],
    ids=["dark", "bright", "noise", "tiny", "pixel", "narrow"],
)
def test_where_there_is_no_face_there_is_no_reading(sense: LipsSense, rgb: Picture) -> None:
    assert [sense.read(Frame(t, rgb)) for t in (0.0, 0.3)] == [None, None]


def test_a_face_that_is_too_far_away_is_not_read(sense: LipsSense) -> None:
    small = cv2.resize(FACE, (200, 150), interpolation=cv2.INTER_AREA)
    far = cv2.copyMakeBorder(small, 165, 165, 220, 220, cv2.BORDER_REPLICATE)
    assert sense.read(Frame(0.0, np.asarray(far, np.uint8))) is None


def test_sizes_and_moments_that_jump_do_no_harm(sense: LipsSense) -> None:
    large = np.asarray(cv2.resize(FACE, (1280, 960)), np.uint8)
    for i in range(30):
        valid(sense.read(Frame(i / 20, FACE if i % 7 else large)))
    for t in (1.0, 1.0, 0.2, 50.0, 50.01, 49.0, 49.5, 50.0):
        valid(sense.read(Frame(t, FACE)))
    blurred = np.asarray(cv2.GaussianBlur(FACE, (0, 0), 6), np.uint8)
    covered = FACE.copy()
    covered[260:] = 90
    for i, rgb in enumerate((blurred, covered, FACE[:, :320].copy(), np.bitwise_not(FACE))):
        valid(sense.read(Frame(60 + i / 5, rgb)))


def test_words_count_by_what_they_say() -> None:
    assert said(Affect(0.0, 0.0))[0] == max(said(Affect(0.0, 0.0)))
    assert EMOTIONS[int(np.argmax(said(Affect(0.8, 0.5))))] == Emotion.HAPPY


def test_who_keeps_still_does_not_speak_whatever_the_network_says() -> None:
    talking = np.ones(FRAMES)
    assert Judgement(3.0, talking, 2 * MIN_MOVEMENT).speaks(3.0)
    assert not Judgement(3.0, talking, 0.5 * MIN_MOVEMENT).speaks(3.0)
    assert not Judgement(3.0, 0 * talking, 2 * MIN_MOVEMENT).speaks(3.0)


def test_who_talks_is_told_a_moment_late_and_to_the_frame() -> None:
    begun = np.zeros(FRAMES)
    begun[-DELAY:] = 1
    judged = Judgement(3.0, begun, 1.0)
    assert [judged.speaks(3.0 + i / RATE) for i in (0, 1, 2, 5)] == [False, True, True, True]


def test_a_sentence_takes_more_than_a_moment_of_speech() -> None:
    assert spoke(speech_in(np.eye(3)[[1] * FRAMES]))
    assert not spoke(speech_in(np.eye(3)[[0] * FRAMES]))
    assert not spoke(speech_in(np.eye(3)[[1] * 5 + [0] * 70]))


def test_a_model_of_another_shape_is_refused() -> None:
    with pytest.raises(ModelSetError, match="another version"):
        LipReader(ModelSet(default_folder()), "face_expression")


def test_a_local_model_reads_instead_of_the_shipped_one(tmp_path: Path) -> None:
    from soundit_edge.inference.local import install, local_set

    words = ("sil", *(f"w{i}" for i in range(len(WORDS) - 1)))
    install(default_folder() / "lips_grid.tflite", "lips_own", words, folder=tmp_path)
    reader = LipReader(ModelSet(tmp_path), "lips_own")
    assert reader.labels == words
    crops = NOISE.integers(0, 255, (FRAMES, 32, 56), dtype=np.uint8)
    # It has no grammar, so silence may be all that is said.
    assert reader.sentence(np.eye(len(words), dtype=np.float32)[[0] * FRAMES]).words == ()
    assert reader.probabilities(crops).shape == (FRAMES, len(words))
    LipsSense(ModelSet(default_folder()), local=local_set(tmp_path))


def test_the_mirror_image_is_read_alike_and_both_are_better_than_one() -> None:
    reader = LipReader(ModelSet(default_folder()))
    crops = NOISE.integers(0, 255, (FRAMES, 32, 56), dtype=np.uint8)
    both, mirrored = reader.probabilities(crops), reader.probabilities(crops[:, :, ::-1])
    assert np.allclose(both, mirrored, atol=1e-6)
    assert np.allclose(both.sum(1), 1, atol=0.1)


@pytest.mark.parametrize("clip", sorted(SENTENCES))
def test_grids_clips_are_read_as_speaking_and_mostly_right(sense: LipsSense, shared_data: Path, clip: str) -> None:
    readings = [reading for frame in frames(shared_data / f"clips/{clip}.mpg") if (reading := sense.read(frame))]
    assert max(int(reading.detail["speaking"]) for reading in readings) == 1
    assert readings[0].detail["speaking"] == 0
    text, certainty = readings[-1].detail["text"], readings[-1].detail["certainty"]
    assert isinstance(text, str)
    right = [a == b for a, b in zip(text.split(), SENTENCES[clip].split(), strict=True)]
    assert sum(right) >= 4
    assert float(certainty) >= MIN_CERTAINTY
    # GRID's words say nothing of a mood.
    assert readings[-1].trust == 0


def test_a_slower_camera_is_enough(sense: LipsSense, shared_data: Path) -> None:
    readings = [sense.read(frame) for frame in frames(shared_data / "clips/sgbp6p.mpg", every=2)]
    assert readings[-1] is not None
    text = readings[-1].detail["text"]
    assert isinstance(text, str)
    right = [a == b for a, b in zip(text.split(), SENTENCES["sgbp6p"].split(), strict=True)]
    assert sum(right) >= 4


def test_people_at_dinner_far_away_do_not_speak_of_grids_words(sense: LipsSense, shared_data: Path) -> None:
    for frame in frames(shared_data / "clips/dinner.mp4", count=100):
        reading = sense.read(frame)
        assert reading is None or "text" not in reading.detail
