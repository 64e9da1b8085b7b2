"""Single pictures in every container: a still of one second, whole and upright; what is not read is told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.capture import CaptureError, Frame
from soundit_edge.capture.clip import STILL_S, Clip
from soundit_edge.capture.frame_converter import MAX_SIDE
from tests.media.heif import tiled

Image = npt.NDArray[np.uint8]


def gradient(width: int, height: int) -> Image:
    """A picture of which every part differs from every other."""
    y, x = np.mgrid[0:height, 0:width]
    channels = [x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)]
    return np.asarray(np.stack(channels, axis=-1), np.uint8)


def moving(path: Path, codec: str, count: int, pix_fmt: str, kind: str | None = None) -> Path:
    """A picture of some frames, each brighter than the one before, ten a second."""
    with av.open(str(path), "w", format=kind) as out:
        stream: Any = out.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pix_fmt
        for i in range(count):
            image = np.full((48, 64, 3), 20 + 40 * i, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format=pix_fmt)
            frame.pts, frame.time_base = i, Fraction(1, 10)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def read(path: Path) -> tuple[Clip, list[Frame]]:
    with Clip(path) as clip:
        return clip, [item for item in clip.items() if isinstance(item, Frame)]


def check_still(path: Path, wanted: Image, tolerance: float = 4.0) -> None:
    clip, frames = read(path)
    assert (clip.still, clip.duration, len(frames)) == (True, STILL_S, 10)
    assert frames[0].rgb.shape == wanted.shape
    assert np.abs(frames[0].rgb.astype(int) - wanted).mean() < tolerance


@pytest.mark.parametrize("brand", ["avif", "heic"])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_picture_made_of_tiles_is_read_whole(tmp_path: Path, brand: str, turns: int) -> None:
    image = gradient(300, 200)
    path = tiled(tmp_path / f"phone.{brand}", image, (128, 128), brand=brand, turns=turns)
    check_still(path, np.rot90(image, turns))


def test_a_thumbnail_beside_tiles_is_not_the_picture(tmp_path: Path) -> None:
    image = gradient(256, 256)
    check_still(tiled(tmp_path / "phone.avif", image, (128, 128), spare=True), image)


def test_a_large_picture_made_of_tiles_is_scaled_down(tmp_path: Path) -> None:
    _, frames = read(tiled(tmp_path / "phone.heic", gradient(2400, 1200), (640, 640), brand="heic"))
    assert frames[0].rgb.shape == (MAX_SIDE // 2, MAX_SIDE, 3)
    assert np.abs(frames[0].rgb.astype(int) - gradient(MAX_SIDE, MAX_SIDE // 2)).mean() < 4


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_picture_made_of_tiles(tmp_path: Path, share: float) -> None:
    path = tiled(tmp_path / "phone.avif", gradient(300, 200), (128, 128))
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(CaptureError, match=r"phone\.avif: "), Clip(path) as clip:
        list(clip.items())


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"), [("one.avif", "libsvtav1", "yuv420p"), ("one.gif", "gif", "rgb8")]
)
def test_a_lone_picture_in_a_container_of_films_is_a_still(tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
    check_still(moving(tmp_path / name, codec, 1, pix_fmt), np.full((48, 64, 3), 20, np.uint8), 30.0)


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt", "kind"),
    [
        ("many.avif", "libsvtav1", "yuv420p", None),
        ("many.gif", "gif", "rgb8", None),
        ("many.png", "apng", "rgb24", "apng"),
    ],
)
def test_pictures_that_move_are_films(tmp_path: Path, name: str, codec: str, pix_fmt: str, kind: str | None) -> None:
    clip, frames = read(moving(tmp_path / name, codec, 5, pix_fmt, kind))
    assert not clip.still
    assert [frame.t for frame in frames] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4], abs=0.001)
    assert np.diff([float(frame.rgb.mean()) for frame in frames]).min() > 10


def test_an_animated_webp_is_not_called_damaged(tmp_path: Path) -> None:
    path = moving(tmp_path / "many.webp", "libwebp_anim", 5, "yuv420p")
    with pytest.raises(CaptureError, match=r"many\.webp: an animated WebP picture, which is not read"):
        read(path)


def test_a_webp_that_does_not_move_is_read(tmp_path: Path) -> None:
    check_still(moving(tmp_path / "one.webp", "libwebp", 1, "yuv420p"), np.full((48, 64, 3), 20, np.uint8))


def test_of_many_pages_the_first(tmp_path: Path) -> None:
    pages = [np.full((20, 30, 3), level, np.uint8) for level in (50, 150, 250)]
    assert cv2.imwritemulti(str(tmp_path / "pages.tiff"), pages)
    check_still(tmp_path / "pages.tiff", pages[0])
