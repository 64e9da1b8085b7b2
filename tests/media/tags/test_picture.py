"""The picture in a sound file: found in every kind of file, told by its own bytes, and never too large."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from soundit_edge.media.tags.picture import MAX_PICTURE_BYTES, Picture, read_picture
from tests.media.tags.containers import box, flac, id3, id3_frame, m4a, mp3


def picture(suffix: str) -> bytes:
    done, coded = cv2.imencode(suffix, np.full((8, 8, 3), 99, dtype=np.uint8))
    assert done
    return coded.tobytes()


JPEG, PNG, WEBP = map(picture, (".jpg", ".png", ".webp"))


def apic(content: bytes, media_type: bytes) -> bytes:
    return id3(id3_frame("APIC", b"\0" + media_type + b"\0\3\0" + content))


def flac_picture(content: bytes, media_type: bytes) -> bytes:
    """The block of a picture, as Vorbis comments hold it, too."""
    head = struct.pack(">II", 3, len(media_type)) + media_type + bytes(4)
    return head + struct.pack(">IIIII", 8, 8, 24, 0, len(content)) + content


@pytest.mark.parametrize(("content", "media_type"), [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")])
def test_the_picture_of_an_mp3_is_read(tmp_path: Path, content: bytes, media_type: str) -> None:
    path = mp3(tmp_path / "a.mp3", apic(content, media_type.encode()))
    assert read_picture(path) == Picture(media_type, content)


def test_flac_and_mp4_have_pictures_too(tmp_path: Path) -> None:
    coded = base64.b64encode(flac_picture(PNG, b"image/png"))
    assert read_picture(flac(tmp_path / "a.flac", b"METADATA_BLOCK_PICTURE=" + coded)) == Picture("image/png", PNG)
    cover = box(b"covr", box(b"data", struct.pack(">II", 13, 0) + JPEG))
    assert read_picture(m4a(tmp_path / "a.m4a", cover)) == Picture("image/jpeg", JPEG)


@pytest.mark.parametrize(
    "front",
    [
        b"",
        apic(b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>", b"image/svg+xml"),
        apic(b"<script>alert(1)</script>", b"image/png"),
        apic(b"GIF89a" + bytes(30), b"image/gif"),
        apic(b"", b"image/png"),
        apic(b"\xff\xd8\xff" + bytes(MAX_PICTURE_BYTES), b"image/jpeg"),
    ],
    ids=["none", "svg", "script", "gif", "empty", "too large"],
)
def test_what_is_no_picture_for_a_browser_counts_as_none(tmp_path: Path, front: bytes) -> None:
    assert read_picture(mp3(tmp_path / "a.mp3", front)) is None


def test_what_a_picture_is_its_own_bytes_say(tmp_path: Path) -> None:
    """Mislabelled: a browser must not be told that it is what it is not."""
    path = mp3(tmp_path / "a.mp3", apic(PNG, b"image/jpeg"))
    assert read_picture(path) == Picture("image/png", PNG)


def test_a_file_that_is_none_has_no_picture(tmp_path: Path) -> None:
    (tmp_path / "text.mp3").write_text("no sound")
    for name in ("none.mp3", "text.mp3", "."):
        assert read_picture(tmp_path / name) is None
