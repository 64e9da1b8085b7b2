"""Films, sounds and pictures of every kind: right moments, right pictures, right sound."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from soundit_edge.capture.capture import SOUND_RATE, Frame, Sound
from soundit_edge.capture.clip import STILL_S, Clip
from soundit_edge.capture.frame_converter import MAX_SIDE
from tests.capture.media import film, still, tone


def read(path: Path, *, max_fps: float = 30.0) -> tuple[list[Frame], list[Sound]]:
    with Clip(path, max_fps=max_fps) as clip:
        items = list(clip.items())
    return [i for i in items if isinstance(i, Frame)], [i for i in items if isinstance(i, Sound)]


@pytest.mark.parametrize("fps", [Fraction(7), Fraction(24), Fraction(25), Fraction(30000, 1001)])
def test_films_up_to_30_fps_keep_every_frame(tmp_path: Path, fps: Fraction) -> None:
    frames, _ = read(film(tmp_path / "film.mp4", seconds=3, fps=fps))
    assert len(frames) == round(3 * fps)
    assert [f.t for f in frames] == pytest.approx([float(i / fps) for i in range(len(frames))], abs=0.002)


@pytest.mark.parametrize(
    ("fps", "max_fps"), [(Fraction(60000, 1001), 30), (Fraction(60), 30), (Fraction(25), 10), (Fraction(24), 10)]
)
def test_faster_films_are_thinned_evenly(tmp_path: Path, fps: Fraction, max_fps: float) -> None:
    frames, _ = read(film(tmp_path / "film.mp4", seconds=3, fps=fps), max_fps=max_fps)
    assert len(frames) == pytest.approx(3 * max_fps, abs=1)
    assert np.diff([f.t for f in frames]).max() < 2 / max_fps


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 96_000])
@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_sound_of_any_rate_becomes_16_khz(tmp_path: Path, rate: int, suffix: str) -> None:
    soundfile.write(tmp_path / f"tone.{suffix}", tone(2, rate, hertz=1000), rate)
    frames, sounds = read(tmp_path / f"tone.{suffix}")
    assert frames == []
    samples = np.concatenate([s.samples for s in sounds])
    assert len(samples) == pytest.approx(2 * SOUND_RATE, abs=0.01 * SOUND_RATE)
    assert np.argmax(np.abs(np.fft.rfft(samples, SOUND_RATE))) == pytest.approx(1000, abs=2), "one bin is one hertz"
    assert np.sqrt(np.mean(np.square(samples))) == pytest.approx(0.3 / np.sqrt(2), rel=0.03)


def test_six_channels_become_one(tmp_path: Path) -> None:
    channels = np.stack([tone(1, 48_000, hertz=500, level=0.1)] * 6, axis=1)
    soundfile.write(tmp_path / "surround.wav", channels, 48_000)
    _, sounds = read(tmp_path / "surround.wav")
    samples = np.concatenate([s.samples for s in sounds])
    assert np.argmax(np.abs(np.fft.rfft(samples, SOUND_RATE))) == pytest.approx(500, abs=2)
    assert np.abs(samples).max() < 1


def test_sound_is_without_gaps(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "tone.wav", tone(3, 44_100), 44_100)
    _, sounds = read(tmp_path / "tone.wav")
    for before, after in pairwise(sounds):
        assert after.t == pytest.approx(before.end, abs=0.005)


def test_joined_mp3s_of_different_kinds_are_read_to_the_end(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.mp3", tone(2, 48_000), 48_000)
    stereo = np.stack([tone(2, 44_100)] * 2, axis=1)
    soundfile.write(tmp_path / "b.mp3", stereo, 44_100)
    (tmp_path / "ab.mp3").write_bytes((tmp_path / "a.mp3").read_bytes() + (tmp_path / "b.mp3").read_bytes())
    _, sounds = read(tmp_path / "ab.mp3")
    assert sum(len(s.samples) for s in sounds) / SOUND_RATE == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi"])
def test_picture_and_sound_are_in_step(tmp_path: Path, suffix: str) -> None:
    """A flash and a beep at 1.2 s."""
    moment, rate = 1.2, 48_000

    def flash(t: float) -> npt.NDArray[np.uint8]:
        return np.full((120, 160, 3), 255 if t >= moment - 1e-6 else 0, np.uint8)

    beep = tone(2.4, rate, hertz=1000, level=0.5)
    beep[: round(moment * rate)] = 0
    codecs = ("mpeg4", "mp3") if suffix == "avi" else ("mpeg4", "aac")
    path = film(tmp_path / f"film.{suffix}", seconds=2.4, picture=flash, sound=beep, rate=rate, codecs=codecs)
    frames, sounds = read(path)
    seen = next(f.t for f in frames if f.rgb.mean() > 128)
    heard = next(s.t + np.argmax(np.abs(s.samples) > 0.2) / SOUND_RATE for s in sounds if np.abs(s.samples).max() > 0.2)
    assert seen == pytest.approx(moment, abs=0.05)
    assert abs(seen - heard) < 0.05


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_frames_and_sound_come_in_one_order_of_time(tmp_path: Path, suffix: str) -> None:
    with Clip(film(tmp_path / f"film.{suffix}", sound=tone(2, 48_000))) as clip:
        items = list(clip.items())
    times = [item.t for item in items]
    assert times == sorted(times)
    assert {type(item) for item in items} == {Frame, Sound}


def test_a_loop_begins_again_with_time_going_on(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", seconds=1, sound=tone(1, 48_000))
    with Clip(path, loop=True) as clip:
        items = []
        for item in clip.items():
            if item.t > 3.4:
                break
            items.append(item)
    times = [i.t for i in items if isinstance(i, Frame)]
    assert times == sorted(times)
    assert len(times) == pytest.approx(3.4 * 25, abs=4)
    assert np.diff(times).max() < 0.12, "no pause between the rounds"
    first, second = items[0], next(i for i in items if isinstance(i, Frame) and i.t >= 0.99)
    assert isinstance(first, Frame)
    assert np.array_equal(first.rgb, second.rgb)


def test_huge_pictures_are_scaled_down(tmp_path: Path) -> None:
    frames, _ = read(still(tmp_path / "huge.jpg", size=(5000, 2500)))
    assert frames[0].rgb.shape == (MAX_SIDE // 2, MAX_SIDE, 3)


@pytest.mark.parametrize("size", [(1, 1), (3, 7), (17, 1001), (641, 479)])
def test_pictures_of_odd_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    frames, _ = read(still(tmp_path / "odd.png", size=size))
    assert frames[0].rgb.shape == (size[1], size[0], 3)


def test_a_still_picture_lasts_a_second_and_has_its_colours(tmp_path: Path) -> None:
    bgr = np.zeros((40, 60, 3), np.uint8)
    bgr[:, :30] = (10, 20, 200)
    cv2.imwrite(str(tmp_path / "red.png"), bgr)
    with Clip(tmp_path / "red.png") as clip:
        assert (clip.still, clip.duration) == (True, STILL_S)
        frames = list(clip.items())
    assert len(frames) == 10
    assert frames[-1].t == pytest.approx(0.9)
    assert isinstance(frames[0], Frame)
    assert frames[0].rgb[20, 10].tolist() == [200, 20, 10]
    assert frames[0].rgb[20, 50].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "pixels",
    [np.full((20, 30), 77, np.uint8), np.full((20, 30, 4), 77, np.uint8), np.full((20, 30, 3), 77 * 257, np.uint16)],
    ids=["grey", "with alpha", "16 bits"],
)
def test_pictures_with_other_channels(tmp_path: Path, pixels: npt.NDArray[Any]) -> None:
    cv2.imwrite(str(tmp_path / "picture.png"), pixels)
    frames, _ = read(tmp_path / "picture.png")
    assert frames[0].rgb[10, 10] == pytest.approx([77, 77, 77], abs=1)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_from_a_turned_telephone_is_upright(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "turned.jpg"
    picture = np.zeros((120, 160, 3), np.uint8)
    picture[:60, :80] = 255
    cv2.imwrite(str(path), picture)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0\0\0\0\0"
    content = path.read_bytes()
    path.write_bytes(content[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + content[2:])
    frames, _ = read(path)
    # OpenCV knows how pictures are turned, too.
    expected = cv2.imread(str(path))
    assert expected is not None
    assert frames[0].rgb.shape == expected.shape
    assert np.abs(frames[0].rgb.astype(int) - expected[..., ::-1]).mean() < 2


def test_what_a_film_holds_is_told(tmp_path: Path) -> None:
    with Clip(film(tmp_path / "film.mp4", seconds=1.5, sound=tone(1.5, 48_000))) as clip:
        assert (clip.has_picture, clip.has_sound, clip.still) == (True, True, False)
        assert clip.duration == pytest.approx(1.5, abs=0.05)


@pytest.mark.data
def test_real_films_are_read_whole(shared_data: Path) -> None:
    frames, sounds = read(shared_data / "clips/bbaf3s.mpg")
    assert len(frames) == pytest.approx(75, abs=1)
    assert frames[0].rgb.shape == (288, 360, 3)
    assert sum(len(s.samples) for s in sounds) / SOUND_RATE == pytest.approx(3, abs=0.1)
