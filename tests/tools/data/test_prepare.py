"""Films to frames, faces, mouths and sound: whole or not at all, and not twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import soundfile

from tests.capture.media import film, tone
from tools.data import prepare


def facts(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "film.json").read_text())
    return loaded


def test_a_film_without_faces_gives_frames_and_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = film(tmp_path / "a.mp4", seconds=1.0, sound=tone(1.0, 48_000))
    assert prepare.main([str(made), "-o", str(tmp_path / "out")]) == 0
    assert "25 frames, 0 faces followed" in capsys.readouterr().out
    whole = tmp_path / "out/a"
    assert sorted(p.name for p in whole.iterdir()) == ["film.json", "frames", "sound.wav"]
    pictures = sorted((whole / "frames").iterdir())
    assert [p.name for p in pictures[:2]] == ["000000.jpg", "000001.jpg"]
    first = cv2.imread(str(pictures[0]))
    assert first is not None
    assert first.shape == (120, 160, 3)
    samples, rate = soundfile.read(whole / "sound.wav")
    assert (rate, samples.ndim) == (16_000, 1)
    assert len(samples) == pytest.approx(16_000, abs=2_000)
    assert facts(whole)["times"][:3] == [0.0, 0.04, 0.08]


def test_frames_keep_their_colours(tmp_path: Path) -> None:
    red = np.zeros((120, 160, 3), np.uint8)
    red[..., 0] = 220
    made = film(tmp_path / "red.mp4", seconds=0.2, picture=lambda _: red)
    assert prepare.main([str(made), "-o", str(tmp_path)]) == 0
    picture = cv2.imread(str(tmp_path / "red/frames/000000.jpg"))
    assert picture is not None
    blue, _, as_red = picture.mean((0, 1))
    assert as_red > 180 > 60 > blue


def test_what_is_done_is_not_done_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, out = film(tmp_path / "a.mp4", seconds=0.4), tmp_path / "out"
    assert prepare.main([str(made), "-o", str(out)]) == 0
    (out / "a/frames/000000.jpg").unlink()
    assert prepare.main([str(made), "-o", str(out)]) == 0
    assert "done before" in capsys.readouterr().out
    assert not (out / "a/frames/000000.jpg").exists()


def test_what_an_interruption_left_is_done_anew(tmp_path: Path) -> None:
    made, out = film(tmp_path / "a.mp4", seconds=0.4), tmp_path / "out"
    (out / ".a.partial/frames").mkdir(parents=True)
    (out / ".a.partial/frames/000999.jpg").touch()
    assert prepare.main([str(made), "-o", str(out)]) == 0
    assert len(list((out / "a/frames").iterdir())) == facts(out / "a")["frames"]
    assert [p.name for p in out.iterdir()] == ["a"]


def test_an_interruption_leaves_nothing_that_looks_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, out = film(tmp_path / "a.mp4", seconds=1.0), tmp_path / "out"

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare.prepare(made, out, 25.0, interrupted)
    assert list(out.iterdir()) == []


def test_another_film_of_the_same_name_is_not_mixed_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, out = film(tmp_path / "a.mp4", seconds=0.4), tmp_path / "out"
    assert prepare.main([str(made), "-o", str(out)]) == 0
    assert prepare.main([str(made), "-o", str(out), "--fps", "5"]) == 2
    assert str(out / "a") in capsys.readouterr().err


def test_unusable_films_are_named_and_the_others_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, out = film(tmp_path / "good.mp4", seconds=0.4), tmp_path / "out"
    (tmp_path / "bad.mp4").write_bytes(b"no film")
    soundfile.write(tmp_path / "sound.wav", tone(0.5, 16_000), 16_000)
    names = ["bad.mp4", "missing.mp4", "sound.wav", "good.mp4"]
    assert prepare.main([*(str(tmp_path / name) for name in names), "-o", str(out)]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert [any(name in line for line in errors) for name in names[:3]] == [True] * 3
    assert [p.name for p in out.iterdir()] == ["good"]
    assert facts(out / "good")["film"] == made.name


@pytest.mark.data
def test_a_speaker_is_followed(tmp_path: Path, shared_data: Path) -> None:
    assert prepare.main([str(shared_data / "clips/bbaf3s.mpg"), "-o", str(tmp_path)]) == 0
    whole = tmp_path / "bbaf3s"
    assert facts(whole)["faces"] == {"1": 75}
    face = cv2.imread(str(whole / "faces/1/000040.png"), cv2.IMREAD_UNCHANGED)
    mouth = cv2.imread(str(whole / "mouths/1/000040.png"), cv2.IMREAD_UNCHANGED)
    assert face is not None
    assert mouth is not None
    assert (face.shape, face.ndim, mouth.ndim) == ((48, 48), 2, 2)
