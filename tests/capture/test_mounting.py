"""Cameras that hang upside down, on their side, or before a mirror."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.capture.mounting import upright_camera
from tests.fakes.capture import ScriptedCapture

# Which corner is which is told by the first channel.
PICTURE = np.zeros((2, 3, 3), np.uint8)
PICTURE[:, :, 0] = [[1, 2, 3], [4, 5, 6]]


def shown(rotation: int, mirrored: bool) -> list[list[int]]:
    with upright_camera(ScriptedCapture([Frame(1.5, PICTURE, 2)]), rotation, mirrored) as camera:
        [frame] = camera.items()
    assert isinstance(frame, Frame)
    assert (frame.t, frame.camera) == (1.5, 2)
    assert frame.rgb.flags.c_contiguous
    return frame.rgb[:, :, 0].tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("rotation", "mirrored", "picture"),
    [
        (0, False, [[1, 2, 3], [4, 5, 6]]),
        (90, False, [[4, 1], [5, 2], [6, 3]]),
        (180, False, [[6, 5, 4], [3, 2, 1]]),
        (270, False, [[3, 6], [2, 5], [1, 4]]),
        (0, True, [[3, 2, 1], [6, 5, 4]]),
        (180, True, [[4, 5, 6], [1, 2, 3]]),
        (90, True, [[6, 3], [5, 2], [4, 1]]),
    ],
)
def test_pictures_are_turned_clockwise_once_they_are_mirrored(
    rotation: int, mirrored: bool, picture: list[list[int]]
) -> None:
    assert shown(rotation, mirrored) == picture


def test_a_camera_that_hangs_as_it_should_is_itself() -> None:
    camera = ScriptedCapture([])
    assert upright_camera(camera, 0, False) is camera


def test_it_is_the_camera_in_all_else() -> None:
    sound = Sound(0.0, np.zeros(8, np.float32))
    camera = ScriptedCapture([sound], live=False, name="porch")
    with upright_camera(camera, 180, False) as turned:
        assert (turned.name, turned.live, list(turned.items())) == ("porch", False, [sound])
    assert camera.closed == 1
