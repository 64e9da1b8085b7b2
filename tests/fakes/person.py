"""A drawn person, whom the pose models take for one: for tests of everything that follows bodies."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion

SKIN = (214, 168, 140)
SHIRT = (40, 90, 160)
TROUSERS = (60, 55, 60)
WIDTH, HEIGHT = 480, 640


def person(left_arm: float = 0.3, right_arm: float = 0.3, *, bend: float = 0.2, x: int = 240) -> npt.NDArray[np.uint8]:
    """A person standing in front of a wall, uint8 [640, 480, 3].

    Args:
        left_arm: angle of the person's left upper arm from hanging down (0) to straight up (pi).
        right_arm: likewise.
        bend: further angle of the forearms.
        x: column of the person's middle.
    """
    picture = np.full((HEIGHT, WIDTH, 3), (205, 200, 190), np.uint8)
    picture[540:] = (120, 100, 80)
    neck, hips = (x, 190), (x, 360)
    for side in (-1, 1):
        hip, knee, foot = (x + 24 * side, 360), (x + 28 * side, 460), (x + 30 * side, 560)
        _limb(picture, hip, knee, 44, TROUSERS)
        _limb(picture, knee, foot, 34, TROUSERS)
        _limb(picture, foot, (foot[0] + 14 * side, foot[1] + 12), 18, (30, 25, 25))
    body = np.array([(x - 58, 200), (x + 58, 200), (x + 44, hips[1] + 10), (x - 44, hips[1] + 10)])
    cv2.fillConvexPoly(picture, body, SHIRT)
    _limb(picture, (x - 50, 205), (x + 50, 205), 34, SHIRT)
    # The person's left is on the picture's right.
    for side, angle in ((1, left_arm), (-1, right_arm)):
        shoulder = (x + 58 * side, 208)
        elbow = _end(shoulder, angle * side, 82)
        wrist = _end(elbow, (angle + bend) * side, 74)
        _limb(picture, shoulder, elbow, 32, SHIRT)
        _limb(picture, elbow, wrist, 22, SKIN)
        cv2.circle(picture, _end(wrist, (angle + bend) * side, 12), 15, SKIN, -1, cv2.LINE_AA)
    _limb(picture, neck, (x, 160), 34, SKIN)
    head = _head()
    mask = np.zeros((110, 92), np.uint8)
    cv2.ellipse(mask, (46, 55), (42, 54), 0, 0, 360, (255,), -1)
    part = picture[70:180, x - 46 : x + 46]
    part[mask > 0] = head[mask > 0]
    return np.asarray(cv2.GaussianBlur(picture, (3, 3), 0), np.uint8)


def waving(seconds: float, *, fps: float = 10.0, hertz: float = 1.0, still: bool = False) -> Iterator[Frame]:
    """Frames of a person who waves with the left arm, or stands still."""
    for i in range(round(seconds * fps)):
        t = i / fps
        lift = 0.3 if still else 2.0 + 0.7 * math.sin(2 * math.pi * hertz * t)
        yield Frame(t, person(left_arm=lift))


@cache
def _head() -> npt.NDArray[np.uint8]:
    face = draw(POSES[Emotion.NEUTRAL], 1.0)
    return np.asarray(cv2.resize(face[60:420, 170:470], (92, 110), interpolation=cv2.INTER_AREA), np.uint8)


def _end(start: tuple[int, int], angle: float, length: float) -> tuple[int, int]:
    return round(start[0] + length * math.sin(angle)), round(start[1] + length * math.cos(angle))


def _limb(
    picture: npt.NDArray[np.uint8], a: tuple[int, int], b: tuple[int, int], width: int, colour: tuple[int, int, int]
) -> None:
    cv2.line(picture, a, b, colour, width, cv2.LINE_AA)
