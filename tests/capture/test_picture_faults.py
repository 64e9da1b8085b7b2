"""Faults of pictures: each is seen, and a room is none, however dark."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.capture.picture_faults import BEGINS_S, ENDS_S, PictureFault, PictureFaults, fault_in
from soundit_edge.emotion import Emotion

Picture = npt.NDArray[np.uint8]


def noisy(picture: npt.NDArray[np.floating[Any]] | Picture, sigma: float = 2.0) -> Picture:
    """As a camera gives it, which is never quite even."""
    noise = np.random.default_rng(3).normal(0, sigma, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


def plain(*rgb: float) -> npt.NDArray[np.floating[Any]]:
    return np.full((240, 320, 3), rgb, np.float64)


def room() -> Picture:
    """A drawn person before a wall with some furniture."""
    picture = np.asarray(cv2.resize(draw(POSES[Emotion.HAPPY], 1.0), (320, 240)), np.uint8)
    picture[150:, :60] = (90, 60, 30)
    picture[20:80, 250:300] = (200, 210, 220)
    return picture


def filled(picture: Picture, colour: tuple[int, int, int], share: float, turn: int) -> Picture:
    """A picture of which a share is what a decoder fills in, on one of four sides."""
    turned = np.rot90(picture, turn).copy()
    turned[: round(share * len(turned))] = colour
    return np.ascontiguousarray(np.rot90(turned, -turn))


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        (noisy(plain(3, 3, 3)), PictureFault.BLACK),
        (np.zeros((480, 640, 3), np.uint8), PictureFault.BLACK),
        (noisy(room() * 0.08), PictureFault.DARK),
        (noisy(np.minimum(room() * 12.0, 255), 0.5), PictureFault.OVEREXPOSED),
        (noisy(plain(140, 50, 40) * np.linspace(0.8, 1.1, 320)[None, :, None], 5), PictureFault.COVERED),
        (noisy(plain(225, 225, 220)), PictureFault.COVERED),
        *((filled(room(), (0, 135, 0), 0.5, turn), PictureFault.INCOMPLETE) for turn in range(4)),
        (filled(room(), (128, 128, 128), 0.5, 2), PictureFault.INCOMPLETE),
        (filled(room(), (0, 154, 0), 0.25, 0), PictureFault.INCOMPLETE),
        (np.full((240, 320, 3), 128, np.uint8), PictureFault.INCOMPLETE),
    ],
    ids=[
        "a shutter", "zeros", "night", "against the sun", "a finger", "a sticker", "green above", "green at one side",
        "green below", "green at the other", "grey below", "green of HD", "grey all over",
    ],
)  # fmt: skip
def test_each_fault_is_seen(picture: Picture, fault: PictureFault) -> None:
    assert fault_in(picture) is fault


@pytest.mark.parametrize("light", [2.0, 1.0, 0.5, 0.3, 0.2])
def test_a_drawn_room_is_none_by_day_and_at_night(light: float) -> None:
    assert fault_in(noisy(np.minimum(room() * light, 255), 3)) is None


def test_a_green_wall_and_a_grey_suit_are_none() -> None:
    for colour in ((0, 135, 0), (128, 128, 128)):
        picture = room()
        picture[120:] = colour
        assert fault_in(noisy(picture, 1.5)) is None


def test_a_decoder_that_lost_half_of_a_picture(tmp_path: Path) -> None:
    """What FFmpeg itself makes of a JPEG that was cut off, where nobody tells it to refuse that."""
    jpeg = cv2.imencode(".jpg", room()[:, :, ::-1])[1].tobytes()
    decoder = av.CodecContext.create("mjpeg", "r")
    [frame] = decoder.decode(av.Packet(jpeg[: len(jpeg) // 2]))
    assert fault_in(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)) is PictureFault.INCOMPLETE


@hypothesis_settings(max_examples=40)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 70), st.integers(1, 70), st.just(3))))
def test_any_picture_can_be_judged(picture: Picture) -> None:
    assert fault_in(picture) in (None, *PictureFault)


def test_a_small_picture_is_not_judged() -> None:
    assert fault_in(np.zeros((31, 64, 3), np.uint8)) is None


def test_a_fault_counts_once_it_has_lasted_and_until_it_has_been_away() -> None:
    faults, black, usual = PictureFaults(), np.zeros((64, 64, 3), np.uint8), room()
    assert faults.see(black, 0.0) is None
    assert faults.see(black, BEGINS_S - 0.1) is None
    assert faults.see(black, BEGINS_S) is PictureFault.BLACK
    assert faults.see(usual, BEGINS_S + 1) is PictureFault.BLACK
    assert faults.see(black, BEGINS_S + 1 + ENDS_S / 2) is PictureFault.BLACK
    assert faults.see(usual, BEGINS_S + 3) is PictureFault.BLACK
    assert faults.see(usual, BEGINS_S + 3 + ENDS_S) is None


def test_a_flash_and_a_blink_are_none() -> None:
    faults, black = PictureFaults(), np.zeros((64, 64, 3), np.uint8)
    assert {faults.see(room() if k % 3 else black, float(k)) for k in range(60)} == {None}


def test_what_blinds_a_camera_is_not_read() -> None:
    assert [fault for fault in PictureFault if not fault.blinds] == [PictureFault.DARK, PictureFault.OVEREXPOSED]


def test_no_alarm_in_any_photo_and_any_clip(shared_data: Path) -> None:
    """Of two clips some frames; all of all clips are looked at by benches/picture_faults.py."""
    for path in sorted((shared_data / "photos").glob("*.jpg")):
        picture = cv2.imread(str(path))
        assert picture is not None
        assert fault_in(np.ascontiguousarray(picture[:, :, ::-1], np.uint8)) is None, path.name
    for name in ("no_face.mp4", "man_leaves.mov"):
        faults, said = PictureFaults(), set()
        with av.open(str(shared_data / "clips" / name)) as container:
            for number, frame in enumerate(islice(container.decode(video=0), 60)):
                if number % 10 == 0:
                    said.add(faults.see(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), number / 25))
        assert said == {None}, name
