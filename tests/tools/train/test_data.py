"""What the networks learn from: nothing that they are measured on, and distortions that stay inputs."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile

from soundit_edge.capture import SOUND_RATE
from soundit_edge.errors import SounditError
from soundit_edge.senses.expression import FERPLUS, SIDE
from soundit_edge.senses.logmel import BANDS, FRAMES, WINDOW
from tools.train.face import data as face_data
from tools.train.face.targets import OWN_FROM, OWN_SAY, Targets
from tools.train.voice import data as voice_data


def write_faces(path: Path, columns: tuple[str, ...] = (*FERPLUS, "unknown", "NF")) -> None:
    """Six pictures: three to learn from, of which the first is also the test's, one of them no face; three to test."""
    pictures = [np.full((SIDE, SIDE), value, np.uint8) for value in (10, 20, 30, 10, 50, 60)]
    encoded = [cv2.imencode(".png", picture)[1].ravel() for picture in pictures]
    votes = np.zeros((6, 10), np.uint8)
    votes[:, 1] = 10
    votes[1] = [7, 2, 1, 0, 0, 0, 0, 0, 0, 0]
    votes[2] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 9]
    np.savez(
        path,
        png=np.concatenate(encoded),
        offset=np.cumsum([0, *(len(e) for e in encoded)]),
        split=np.array(["train"] * 3 + ["public_test"] * 3),
        ferplus=votes,
        ferplus_columns=np.array(columns),
        ferplus_ok=np.array([True, True, True, True, True, False]),
        labels=np.zeros(6, np.uint8),
    )


def test_twins_of_test_pictures_and_rows_without_a_face_are_not_learnt(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz")
    learn, test = face_data.load(tmp_path / "f.npz")
    assert [int(p[0, 0]) for p in learn.pictures] == [20]
    assert [int(p[0, 0]) for p in test.pictures] == [10, 50, 60]


def test_the_plain_labels_are_learnt_whatever_the_votes_say(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz")
    learn, _ = face_data.load(tmp_path / "f.npz", voted=False)
    assert [int(p[0, 0]) for p in learn.pictures] == [20, 30]


def test_doubtful_labels_come_to_share_with_the_networks_answers() -> None:
    targets = Targets(np.array([0, 2]), 3)
    rows = np.array([0])
    for _ in range(50):
        targets.remember(rows, np.array([[0, 1, 0]], np.float32))
    assert targets.of(rows, 0.0)[0].tolist() == [1, 0, 0]
    assert targets.of(rows, OWN_FROM)[0].tolist() == [1, 0, 0]
    assert targets.of(rows, 1.0)[0].tolist() == pytest.approx([1 - OWN_SAY, OWN_SAY, 0], abs=1e-5)
    assert targets.of(np.array([1]), 1.0)[0].tolist() == pytest.approx([0, 0, 1])


def test_single_votes_are_dropped(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz")
    learn, _ = face_data.load(tmp_path / "f.npz")
    assert learn.votes[0].tolist() == pytest.approx([7 / 9, 2 / 9, 0, 0, 0, 0, 0, 0])
    assert learn.majority.tolist() == [0]


def test_rows_that_are_not_matched_have_no_majority(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz")
    _, test = face_data.load(tmp_path / "f.npz")
    assert test.majority.tolist() == [1, 1, -1]


def test_votes_in_another_order_are_refused(tmp_path: Path) -> None:
    write_faces(tmp_path / "f.npz", (*reversed(FERPLUS), "unknown", "NF"))
    with pytest.raises(SystemExit, match="unexpected order"):
        face_data.load(tmp_path / "f.npz")


def test_distorted_faces_stay_inputs() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE), dtype=np.uint8)
    rng = np.random.default_rng(1)
    for _ in range(200):
        x = face_data.distorted(picture, rng)
        assert x.shape == (SIDE, SIDE)
        assert np.isfinite(x).all()
        assert np.abs(x).max() <= 3


@pytest.mark.parametrize("seconds", [0.4, 1.7, 6.0])
def test_distorted_voices_stay_inputs(seconds: float) -> None:
    speech = np.random.default_rng(0).normal(0, 0.1, int(16_000 * seconds)).astype(np.float32)
    distorter = voice_data.Distorter(np.random.default_rng(1))
    for _ in range(25):
        picture = distorter.picture(speech)
        assert picture.shape == (FRAMES, BANDS)
        assert np.isfinite(picture).all()


def test_the_same_seed_distorts_the_same() -> None:
    speech = np.random.default_rng(0).normal(0, 0.1, 30_000).astype(np.float32)
    first, second = (voice_data.Distorter(np.random.default_rng(3)).picture(speech) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize(("samples", "count"), [(1, 1), (WINDOW, 1), (WINDOW + 8_000, 2), (WINDOW + 15_999, 2)])
def test_a_clip_is_heard_in_full_windows(samples: int, count: int) -> None:
    windows = voice_data.windows(np.ones(samples, np.float32))
    assert [len(w) for w in windows] == [WINDOW] * count


def test_noise_has_its_colour() -> None:
    rng = np.random.default_rng(0)
    spectra = [np.abs(np.fft.rfft(voice_data.coloured_noise(rng, 65_536, slope))) ** 2 for slope in (0.0, 0.5, 1.0)]
    # An octave up, power falls by nothing, by a half and to a quarter.
    falls = [10 * np.log10(s[2000:4000].mean() / s[4000:8000].mean()) for s in spectra]
    assert falls == pytest.approx([0, 3, 6], abs=0.5)


def own_recordings(folder: Path, rows: list[tuple[str, str]]) -> Path:
    """An index of half-second tones: (speaker, label)."""
    with (folder / "index.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "speaker", "emotion"])
        for i, (speaker, label) in enumerate(rows):
            tone = 0.1 * np.sin((200 + i) * 2 * np.pi * np.arange(SOUND_RATE // 2) / SOUND_RATE)
            soundfile.write(folder / f"{i}.wav", tone, SOUND_RATE)
            writer.writerow([f"{i}.wav", speaker, label])
    return folder / "index.csv"


def test_own_recordings_keep_their_labels(tmp_path: Path) -> None:
    rows = [(f"p{i % 3}", label) for label in ("grumpy=angry", "disgust", "wave") for i in range(5)]
    clips, labels = voice_data.load_own(own_recordings(tmp_path, rows))
    assert labels == ["disgusted", "grumpy=angry", "wave"]
    assert [labels[clip.label] for clip in clips[::5]] == ["grumpy=angry", "disgusted", "wave"]
    assert {clip.speaker for clip in clips} == {"p0", "p1", "p2"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", "sad")] * 6, "two or more"),
        ([("a", "sad")] * 6 + [("a", "happy")] * 4, "4 recordings of 'happy'"),
        ([("a", "sad")] * 6 + [("a", "x=jolly")] * 6, "jolly"),
        ([], "two or more"),
    ],
)
def test_own_recordings_that_cannot_be_learnt_from_are_refused(
    rows: list[tuple[str, str]], said: str, tmp_path: Path
) -> None:
    with pytest.raises(SounditError, match=said):
        voice_data.load_own(own_recordings(tmp_path, rows))


def clips_of(*speakers: str) -> list[voice_data.Clip]:
    """Ten clips of two classes of each speaker."""
    return [voice_data.Clip(np.ones(800, np.float32), speaker, i % 2) for speaker in speakers for i in range(10)]


def test_own_speakers_are_tested_on_apart() -> None:
    clips = clips_of("a", "b", "c", "d", "e", "f")
    rows, strangers = voice_data.held_out(clips)
    assert strangers
    tested = {clips[i].speaker for i in rows}
    assert tested == {"a", "f"}
    assert all(clip.speaker not in tested for i, clip in enumerate(clips) if i not in set(rows))


def test_one_speaker_alone_is_tested_on_every_fifth_recording() -> None:
    rows, strangers = voice_data.held_out(clips_of("a"))
    assert not strangers
    assert len(rows) == 2


def test_a_class_that_only_one_speaker_says_is_learnt_all_the_same() -> None:
    clips = [*clips_of("a"), *(voice_data.Clip(np.ones(800, np.float32), "b", 0) for _ in range(10))]
    rows, strangers = voice_data.held_out(clips)
    assert not strangers
    assert {clips[i].label for i in range(20) if i not in set(rows)} == {0, 1}
