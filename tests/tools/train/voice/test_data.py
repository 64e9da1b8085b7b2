"""What the voice network learns from: full windows; speakers to test on stay apart."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.errors import SounditError
from soundit_edge.senses.voice.log_mel import WINDOW
from tools.train.voice import data as voice_data


@pytest.mark.parametrize(("samples", "count"), [(1, 1), (WINDOW, 1), (WINDOW + 8_000, 2), (WINDOW + 15_999, 2)])
def test_a_clip_is_heard_in_full_windows(samples: int, count: int) -> None:
    windows = voice_data.windows(np.ones(samples, np.float32))
    assert [len(w) for w in windows] == [WINDOW] * count


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
