"""The measuring tool: what it counts, what it leaves out, what it says of broken data."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import soundfile

from soundit_edge.inference.local import install
from soundit_edge.inference.models import ModelSet, default_folder
from tests.tools.evaluate.test_face import votes
from tools.evaluate import evaluate


def pictures(path: Path, sizes: list[int], **arrays: Any) -> Path:
    """An .npz of noisy grey pictures of some sizes."""
    rng = np.random.default_rng(0)
    encoded = [cv2.imencode(".png", rng.integers(0, 255, (s, s), dtype=np.uint8))[1].ravel() for s in sizes]
    offset = np.cumsum([0, *(len(e) for e in encoded)])
    np.savez(path, png=np.concatenate(encoded), offset=offset, **arrays)
    return path


def result_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert evaluate.main([*arguments, "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return result


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert evaluate.main([*arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_faces_are_scored_by_their_votes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = pictures(
        tmp_path / "f.npz",
        [48, 48, 30],
        ferplus=votes({"happiness": 9}, {"happiness": 4}, {"neutral": 8}),
        ferplus_ok=np.ones(3, bool),
        labels=np.zeros(3, np.uint8),
    )
    result = result_of(capsys, "face", str(path))
    assert (result["sense"], result["model"], result["labels"]) == ("face", "face_expression", "ferplus")
    assert (result["n"], result["left_out"], result["no_face"]) == (2, 1, 0)
    assert set(result["per_class"]) == {"happiness", "neutral"}
    assert sum(map(sum, result["confusion"])) == 2


def test_plain_labels_put_contempt_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = pictures(
        tmp_path / "f.npz",
        [48] * 4,
        labels=np.array([0, 1, 2, 3], np.uint8),
        class_names=np.array(["angry", "contempt", "bored", "sad"]),
    )
    result = result_of(capsys, "face", str(path), "--labels", "fer")
    assert (result["n"], result["left_out"]) == (2, 2)
    assert len(result["confusion"]) == 7


def test_a_class_is_put_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = pictures(tmp_path / "f.npz", [48] * 3, labels=np.array([3, 6, 6], np.uint8))
    result = result_of(capsys, "face", str(path), "--without", "neutral")
    assert (result["n"], result["left_out"], len(result["confusion"])) == (1, 2, 6)


def test_a_large_picture_without_a_face_counts_as_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = pictures(tmp_path / "f.npz", [200, 48], labels=np.array([3, 3], np.uint8))
    result = result_of(capsys, "face", str(path))
    assert (result["n"], result["no_face"]) == (2, 1)
    assert result["accuracy"] <= 0.5


def test_a_split_is_picked_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = pictures(
        tmp_path / "f.npz", [48] * 3, labels=np.array([3, 3, 3], np.uint8), split=np.array(["train", "test", "test"])
    )
    assert result_of(capsys, "face", str(path), "--split", "test")["n"] == 2
    assert "no sample" in error_of(capsys, "face", str(path), "--split", "nowhere")


def recordings(folder: Path, rows: list[tuple[str, str, str]], rate: int = 16_000) -> Path:
    """An index of recordings: (corpus, emotion, what it sounds of)."""
    time = np.arange(int(2.5 * rate)) / rate
    hertz = np.interp(time, np.linspace(0, 2.5, 14), np.random.default_rng(0).uniform(110, 210, 14))
    phase = 2 * np.pi * np.cumsum(hertz) / rate
    syllables = np.interp(time, np.linspace(0, 2.5, 28), np.tile([0.02, 1.0], 14))
    sounds = {"speech": 0.05 * syllables * sum(np.sin(k * phase) / k for k in range(1, 16)), "silence": 0 * time}
    with (folder / "index.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["corpus", "path", "speaker", "emotion"])
        for i, (corpus, emotion, what) in enumerate(rows):
            soundfile.write(folder / f"{i}.wav", sounds[what], rate)
            writer.writerow([corpus, f"{i}.wav", "somebody", emotion])
    return folder / "index.csv"


def test_voices_are_scored_among_the_classes_that_occur(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("a", "sad", "speech"), ("a", "disgust", "speech"), ("a", "bored", "speech"), ("b", "happy", "speech")]
    result = result_of(capsys, "voice", str(recordings(tmp_path, rows)), "--corpus", "a")
    assert (result["sense"], result["model"], result["corpus"]) == ("voice", "voice_emotion", "a")
    assert (result["n"], result["left_out"], result["no_speech"]) == (2, 1, 0)
    assert set(result["per_class"]) == {"sad", "disgusted"}


def test_only_the_rows_of_a_part_are_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("a", "sad", "speech"), ("a", "happy", "speech"), ("b", "angry", "speech")]
    index, split = recordings(tmp_path, rows), tmp_path / "split.csv"
    split.write_text("row,person,label,part\n0,x,sad,train\n1,y,happy,test\n2,z,angry,test\n")
    result = result_of(capsys, "voice", str(index), "--split", f"{split}:test")
    assert (result["n"], result["split"]) == (2, f"{split}:test")
    assert set(result["per_class"]) == {"happy", "angry"}
    assert "parts test, train" in error_of(capsys, "voice", str(index), "--split", f"{split}:other")


def test_a_voices_valence_and_arousal_are_scored_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = recordings(tmp_path, [("a", "sad", "speech"), ("a", "happy", "speech")])
    affect = result_of(capsys, "voice", str(index))["affect"]
    assert set(affect) == {"valence", "arousal"}
    assert set(affect["valence"]) == {"correlation", "concordance"}


def test_a_voice_that_is_not_heard_counts_as_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = result_of(capsys, "voice", str(recordings(tmp_path, [("a", "sad", "silence")])))
    assert (result["n"], result["no_speech"], result["accuracy"]) == (1, 1, 0.0)


def test_other_sample_rates_are_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = result_of(capsys, "voice", str(recordings(tmp_path, [("a", "sad", "speech")], rate=44_100)))
    assert result["no_speech"] == 0


def test_an_own_model_is_measured_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = ModelSet(default_folder())
    labels = ("sad=neutral", "calm", "happy", "sad", "angry", "fearful", "disgusted", "surprised")
    install(shipped.folder / shipped.entry("voice_emotion").file, "voice_own", labels)
    index = recordings(tmp_path, [("a", "sad", "speech"), ("a", "happy", "speech")])
    assert result_of(capsys, "voice", str(index), "--model", "voice_own")["model"] == "voice_own"


def test_without_json_the_figures_are_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = recordings(tmp_path, [("a", "sad", "speech")])
    assert evaluate.main(["voice", str(index)]) == 0
    assert "1 samples, accuracy 100.0 %" in capsys.readouterr().out


def test_plots_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = recordings(tmp_path, [("a", "sad", "speech"), ("a", "happy", "speech")])
    result_of(capsys, "voice", str(index), "--plots", str(tmp_path / "plots"))
    names = sorted(p.name for p in (tmp_path / "plots").iterdir())
    assert names == ["voice_emotion_confusion.png", "voice_emotion_reliability.png"]
    assert all(cv2.imread(str(tmp_path / "plots" / name)) is not None for name in names)


@pytest.mark.parametrize("sense", ["face", "voice", "body", "lips"])
@pytest.mark.parametrize("content", [None, b"", b"no data of any kind\n1,2\n", b"\xff\xfe\x00\x81"])
def test_unusable_data_is_named_in_one_line(
    sense: str, content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "data"
    if content is not None:
        path.write_bytes(content)
    error = error_of(capsys, sense, str(path))
    assert str(path) in error
    assert len(error.splitlines()) == 1


def test_a_truncated_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = pictures(tmp_path / "f.npz", [48] * 3, labels=np.zeros(3, np.uint8))
    path.write_bytes(path.read_bytes()[:3000])
    assert str(path) in error_of(capsys, "face", str(path))


def test_a_broken_picture_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "f.npz", png=np.zeros(50, np.uint8), offset=np.array([0, 50]), labels=np.zeros(1, np.uint8))
    assert "picture 0" in error_of(capsys, "face", str(tmp_path / "f.npz"))


def test_a_missing_recording_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = recordings(tmp_path, [("a", "sad", "speech")])
    (tmp_path / "0.wav").unlink()
    assert "0.wav" in error_of(capsys, "voice", str(index))


def test_an_unknown_model_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = pictures(tmp_path / "f.npz", [48], labels=np.zeros(1, np.uint8))
    assert "twin" in error_of(capsys, "face", str(path), "--model", "twin")


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"name,part\na,test\n", b"clip,part\na,learn\n"])
def test_an_unusable_split_of_clips_is_named(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "split.csv"
    if content is not None:
        path.write_bytes(content)
    assert str(path) in error_of(capsys, "lips", str(tmp_path), "--split", f"{path}:test")


def test_the_clips_of_a_part(tmp_path: Path) -> None:
    (tmp_path / "split.csv").write_text("clip,part\na,test\nb,learn\nc,test\n")
    assert evaluate.clips_of(f"{tmp_path / 'split.csv'}:test") == {"a", "c"}
