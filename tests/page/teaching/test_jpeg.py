"""Pictures of a browser's camera: decoded where they are pictures of a size that a camera has, refused otherwise."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.control.refusals import InvalidChange
from soundit_edge.page.teaching.jpeg import decoded, size_of


def jpeg(width: int, height: int) -> bytes:
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 2] = 200  # red, in OpenCV's order
    return bytes(cv2.imencode(".jpg", picture)[1])


def test_a_picture_comes_as_it_was() -> None:
    whole = jpeg(64, 32)
    assert size_of(whole) == (64, 32)
    rgb = decoded(whole)
    assert rgb.shape == (32, 64, 3)
    assert rgb[..., 0].min() > 180
    assert rgb[..., 2].max() < 20


def test_a_picture_that_says_it_is_huge_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = bytearray(jpeg(64, 32))
    place = bomb.index(b"\xff\xc0")
    bomb[place + 5 : place + 9] = b"\xff\xff\xff\xff"
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(InvalidChange, match="no JPEG picture"):
        decoded(bytes(bomb))


@pytest.mark.parametrize("bad", [b"", b"\xff\xd8", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"\xff\xd8" * 50])
def test_what_is_no_jpeg_is_refused(bad: bytes) -> None:
    with pytest.raises(InvalidChange):
        decoded(bad)


@given(st.binary(max_size=300))
def test_whatever_follows_the_mark_is_refused_or_small(rest: bytes) -> None:
    width, height = size_of(b"\xff\xd8" + rest)
    assert 0 <= width <= 65535
    assert 0 <= height <= 65535
