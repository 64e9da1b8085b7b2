"""Films of every kind that people have: all pictures at their moments, in step with the sound, as players show them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.stream import Disposition

from soundit_edge.capture.capture import SOUND_RATE, CaptureError, Frame
from soundit_edge.capture.capture import Sound as Heard
from soundit_edge.capture.clip import Clip
from tests.film.films import BLUE, RED, Making, clicks
from tests.media.containers import Picture, Sound, container, without_decoder

MOMENT, SECONDS = 1.2, 2.4


def read(path: Path) -> tuple[list[Frame], list[Heard]]:
    with Clip(path, max_fps=60.0) as clip:
        items = list(clip.items())
    assert [item.t for item in items] == sorted(item.t for item in items)
    return [i for i in items if isinstance(i, Frame)], [i for i in items if isinstance(i, Heard)]


KINDS: dict[str, dict[str, Any]] = {
    "film.mov": {},
    "film.webm": {"codecs": ("libvpx-vp9", "libopus")},
    "film.flv": {"codecs": ("flv", "aac")},
    "film.3gp": {"codecs": ("h263", "aac"), "size": (176, 144)},
    "film.asf": {"codecs": ("msmpeg4", "mp3")},
    "film.mpg": {"codecs": ("mpeg1video", "mp2")},
    "film.vob": {"codecs": ("mpeg2video", "ac3")},
    "film.m2ts": {},
    "film.mxf": {"codecs": ("mpeg2video", "pcm_s16le")},
    "film.nut": {},
    "hevc.mp4": {"codecs": ("libx265", "aac")},
    "late.ts": {"first": 7.0},
    "late.mkv": {"first": 5.0},
    "odd.mkv": {"size": (162, 98)},
    "slow.mkv": {"fps": 5},
    "varying.mp4": {"stamps": lambda i: 40 * i + 9 * (i % 3)},
}


@pytest.mark.parametrize("name", KINDS)
def test_picture_and_sound_are_whole_and_in_step(tmp_path: Path, name: str) -> None:
    making = Making([(MOMENT, RED), (SECONDS - MOMENT, BLUE)], clicks(SECONDS, [MOMENT]), **KINDS[name])
    path = making.write(tmp_path / name)
    frames, sounds = read(path)
    assert len(frames) == round(SECONDS * making.fps)
    assert frames[0].t == pytest.approx(0, abs=0.05)
    assert sum(len(s.samples) for s in sounds) / SOUND_RATE == pytest.approx(SECONDS, abs=0.1)
    assert max(after.t - before.end for before, after in pairwise(sounds)) < 0.01
    seen = next(f.t for f in frames if f.rgb[-9:, :, 2].mean() > 150)
    heard = next(
        s.t + int(np.argmax(np.abs(s.samples) > 0.15)) / SOUND_RATE for s in sounds if np.abs(s.samples).max() > 0.15
    )
    assert seen == pytest.approx(MOMENT, abs=0.05)
    assert heard == pytest.approx(seen, abs=0.03)
    with Clip(path) as clip:
        list(clip.items())
        assert clip.duration == pytest.approx(SECONDS, abs=0.2)


@pytest.mark.parametrize(
    "movflags", ["frag_keyframe+empty_moov", "frag_keyframe+delay_moov", "negative_cts_offsets", "faststart"]
)
def test_mp4_in_its_ways(tmp_path: Path, movflags: str) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w", options={"movflags": movflags}) as out:
        stream: Any = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.max_b_frames, stream.codec_context.gop_size = 3, 10
        for i in range(100):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 40 + 2 * i, np.uint8), format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    frames, _ = read(path)
    assert len(frames) == 100
    assert np.diff([frame.t for frame in frames]) == pytest.approx(0.04, abs=0.001)
    assert np.diff([float(frame.rgb.mean()) for frame in frames]).min() > 0, "in order"


@pytest.mark.parametrize("size", [(1, 1), (64, 1), (63, 47)])
def test_films_of_odd_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    frames, _ = read(container(tmp_path / "film.mkv", [Picture("ffv1", 5, size=size)]))
    assert [frame.rgb.shape for frame in frames] == [(size[1], size[0], 3)] * 5


def loudest_hertz(sounds: list[Heard]) -> int:
    return int(np.argmax(np.abs(np.fft.rfft(np.concatenate([s.samples for s in sounds]), SOUND_RATE))))


def test_the_default_sound_is_heard_not_the_first(tmp_path: Path) -> None:
    default = Sound(hertz=1000, disposition=Disposition.default)
    _, sounds = read(container(tmp_path / "film.mkv", [Picture(), Sound(hertz=300), default]))
    assert loudest_hertz(sounds) == pytest.approx(1000, abs=10)


def test_the_film_is_seen_not_its_cover(tmp_path: Path) -> None:
    cover = Picture("mjpeg", 1, pix_fmt="yuvj420p", size=(32, 32))
    frames, _ = read(container(tmp_path / "film.mp4", [cover, Picture(disposition=Disposition.default), Sound()]))
    assert len(frames) == 25
    assert frames[0].rgb.shape == (48, 64, 3)


def test_sound_without_a_decoder_gives_way_to_one_with(tmp_path: Path) -> None:
    path = container(tmp_path / "film.mov", [Picture(), Sound("pcm_s16le", 300), Sound(hertz=1000)])
    _, sounds = read(without_decoder(path))
    assert loudest_hertz(sounds) == pytest.approx(1000, abs=10)


def test_a_film_of_which_no_sound_can_be_decoded_is_seen(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = without_decoder(container(tmp_path / "film.mov", [Picture(), Sound("pcm_s16le")]))
    with Clip(path) as clip:
        assert (clip.has_picture, clip.has_sound, clip.undecodable_sound) == (True, False, "apac")
        assert len(list(clip.items())) == 25
    assert "no decoder for apac" in caplog.text


def test_sound_without_a_decoder_alone_is_refused_by_its_name(tmp_path: Path) -> None:
    path = without_decoder(container(tmp_path / "sound.mov", [Sound("pcm_s16le")]))
    with pytest.raises(CaptureError, match=r"sound\.mov: its sound is coded as apac, which cannot be decoded here"):
        read(path)


def anamorphic(path: Path, codec: str, aspect: Fraction, size: tuple[int, int]) -> Path:
    """A white square, as it is seen, in a film whose pixels are not square."""
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.sample_aspect_ratio = aspect
        image = np.zeros((size[1], size[0], 3), np.uint8)
        image[20:84, 20 : 20 + round(64 / aspect)] = 255
        for i in range(10):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def seen_square(frame: Frame) -> float:
    """Width by height of what is white."""
    white = frame.rgb.mean(axis=2) > 128
    return float(np.count_nonzero(white.any(axis=0)) / np.count_nonzero(white.any(axis=1)))


@pytest.mark.parametrize(
    ("aspect", "shape"),
    [
        (Fraction(64, 45), (144, 256)),
        (Fraction(16, 15), (144, 192)),
        (Fraction(9, 16), (256, 180)),
        (Fraction(1), (144, 180)),
    ],
)
@pytest.mark.parametrize("kind", ["mp4", "mkv", "mov", "avi"])
def test_pixels_that_are_not_square_are_made_so(
    tmp_path: Path, kind: str, aspect: Fraction, shape: tuple[int, int]
) -> None:
    frames, _ = read(anamorphic(tmp_path / f"dvd.{kind}", "mpeg4", aspect, (180, 144)))
    assert frames[0].rgb.shape[:2] == shape
    assert seen_square(frames[0]) == pytest.approx(1.0, abs=0.05)


def test_a_broadcast_that_changes_its_shape(tmp_path: Path) -> None:
    """MPEG-2 states the shape of the whole picture: 4:3, and then 16:9."""
    height, width = 144, 180
    parts = [
        anamorphic(tmp_path / f"{k}.ts", "mpeg2video", Fraction(*shape) * height / width, (width, height))
        for k, shape in enumerate([(4, 3), (16, 9)])
    ]
    (tmp_path / "both.ts").write_bytes(b"".join(part.read_bytes() for part in parts))
    frames, _ = read(tmp_path / "both.ts")
    assert frames[0].rgb.shape[:2] == (144, 192)
    assert frames[-1].rgb.shape[:2] == (144, 256)
    assert seen_square(frames[-1]) == pytest.approx(1.0, abs=0.05)


def test_a_shape_that_cannot_be_is_none(tmp_path: Path) -> None:
    frames, _ = read(anamorphic(tmp_path / "film.mkv", "mpeg4", Fraction(1, 200), (180, 144)))
    assert frames[0].rgb.shape[:2] == (144, 180)


def test_a_film_of_a_turned_telephone_is_upright(tmp_path: Path) -> None:
    path = Making([(0.4, RED)], turned=True).write(tmp_path / "phone.mp4")
    frames, _ = read(path)
    assert frames[0].rgb.shape == (160, 120, 3)
    plain = Making([(0.4, RED)]).write(tmp_path / "plain.mp4")
    upright = np.rot90(read(plain)[0][0].rgb, -1)  # the matrix turns by 90 degrees clockwise
    assert np.array_equal(frames[0].rgb, upright)
