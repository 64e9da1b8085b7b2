"""Draws the demo's face, with enough shading for face detectors to find it."""

from __future__ import annotations

import colorsys
import math
from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.drawn.journey import DrawnPose

WIDTH: Final = 640
HEIGHT: Final = 480
_SHIFT: Final = 4  # OpenCV's fixed-point drawing: 1/16 of a pixel

Colour = tuple[int, int, int]
Image = npt.NDArray[np.uint8]

SKIN: Final[Colour] = (222, 178, 150)
SHADOW: Final[Colour] = (172, 122, 98)
LIGHT: Final[Colour] = (244, 210, 186)
HAIR: Final[Colour] = (62, 42, 32)
LIP: Final[Colour] = (176, 86, 84)
INSIDE: Final[Colour] = (70, 22, 26)
TEETH: Final[Colour] = (244, 240, 232)
IRIS: Final[Colour] = (74, 92, 78)


def draw(pose: DrawnPose, t: float) -> Image:
    """Return the face in its scene at `t` seconds, uint8 [480, 640, 3]; it sways, breathes and blinks."""
    image = _scene(pose)
    head = _Head(image, 320 + 12 * math.sin(0.7 * t), 236 + 5 * math.sin(1.1 * t + 1), 1.0)
    # The eyes blink for 0.15 s every 4 s.
    blink = max(0.0, 1 - abs((t % 4.0) - 2.0) / 0.075)
    head.draw(pose, blink)
    return head.image


def _scene(pose: DrawnPose) -> Image:
    """Return a room of the pose's colour, lighter above and darker at the sides."""
    rgb = np.array(colorsys.hsv_to_rgb(pose.hue % 360 / 360, pose.saturation, pose.light), np.float32) * 255
    rows, columns = np.mgrid[0:HEIGHT:8, 0:WIDTH:8].astype(np.float32)
    fall = 1.0 - 0.35 * rows / HEIGHT - 0.25 * np.abs(columns / WIDTH - 0.5)
    coarse = fall[..., None] * rgb
    return np.asarray(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR), np.uint8)


class _Head:
    """Draws a face around a centre; coordinates are pixels at scale 1, from the point between the eyes."""

    def __init__(self, image: Image, x: float, y: float, scale: float) -> None:
        self.image = image
        self._x, self._y, self._scale = x, y, scale

    def draw(self, pose: DrawnPose, blink: float) -> None:
        self._ellipse(0, 22, 126, 156, HAIR)
        self._polygon([(-46, 130), (46, 130), (64, 260), (-64, 260)], SHADOW)
        self._ellipse(0, 285, 190, 92, (70, 84, 112))
        self._ellipse(0, 40, 100, 138, SKIN)
        self._shade(pose)
        fringe = [(60, -62), (8, -72), (-56, -70)]
        self._polygon(
            _rounded([(-106, 34), (-98, -30), (-92, -96), (-44, -132), (44, -132), (92, -96), (98, -30), (106, 34)])
            + _rounded([(104, 30), (84, -44), *fringe, (-82, -44), (-104, 30)]),
            HAIR,
        )
        for side in (-1, 1):
            self._eye(side, pose, blink)
            self._brow(side, pose)
        self._nose(pose)
        self._mouth(pose)
        self.image = cv2.GaussianBlur(self.image, (5, 5), 0.9).astype(np.uint8)

    def _shade(self, pose: DrawnPose) -> None:
        """Draw soft light on forehead and cheeks, and shade at the sides, under the brows, the nose and the lip."""
        before, soft = self.image, self.image.copy()
        self.image = soft
        self._ellipse(0, -42, 58, 30, LIGHT)
        for side in (-1, 1):
            self._ellipse(side * 58, 52 - 10 * pose.cheeks, 27, 20 + 5 * pose.cheeks, LIGHT)
            self._ellipse(side * 93, 50, 14, 90, SHADOW)
            self._ellipse(side * 42, -6, 31, 13, SHADOW)
            # The fold from nose to mouth deepens with a smile and with a wrinkled nose.
            depth = max(pose.cheeks * max(pose.smile, 0), pose.nose)
            if depth > 0.05:
                self._line([(side * 24, 52 - 8 * pose.nose), (side * 46, 74), (side * 54, 96)], SHADOW, 2 + 5 * depth)
        self._ellipse(0, 126, 30, 9, SHADOW)
        self._ellipse(0, 156, 32, 14, LIGHT)
        self._ellipse(0, 66, 22, 8, SHADOW)
        # Three box filters are close to a Gaussian, at a fraction of its cost.
        left, top = max(0, round(self._x) - 110), max(0, round(self._y) - 130)
        part = np.s_[top : top + 310, left : left + 220]
        blurred = soft[part]
        for _ in range(3):
            blurred = np.asarray(cv2.blur(blurred, (17, 17)), np.uint8)
        shaded = cv2.addWeighted(blurred, 0.72, before[part], 0.28, 0)
        skin = np.zeros(before.shape[:2], np.uint8)
        cv2.ellipse(skin, self._point(0, 40), self._size(99, 137), 0, 0, 360, (255,), -1, cv2.LINE_8, _SHIFT)
        cv2.copyTo(shaded, skin[part], before[part])
        self.image = before

    def _eye(self, side: int, pose: DrawnPose, blink: float) -> None:
        x, y = side * 42.0, 2.0
        open_ = (8.5 + 4.5 * pose.eyes - 2.0 * pose.cheeks) * (1 - 0.92 * blink)
        open_ = max(open_, 1.0)
        lower = open_ * (0.75 - 0.25 * pose.cheeks)
        lids = [
            (x - 21, y + 1),
            (x - 11, y - 0.85 * open_),
            (x, y - open_),
            (x + 11, y - 0.85 * open_),
            (x + 21, y + 1),
        ]
        under = [(x + 11, y + 0.85 * lower), (x, y + lower), (x - 11, y + 0.85 * lower)]
        around = np.s_[round(self._y - 60) : round(self._y + 20), round(self._x + x - 30) : round(self._x + x + 30)]
        whole = self.image[around].copy()
        self._polygon(lids + under, (246, 244, 240))
        self._ellipse(x, y - 0.5, 9.5, 9.5, IRIS)
        self._ellipse(x, y - 0.5, 4.5, 4.5, (18, 16, 16))
        self._ellipse(x - 3, y - 4, 2, 2, (255, 255, 255))
        mask = np.zeros(self.image.shape[:2], np.uint8)
        cv2.fillPoly(mask, [self._points(lids + under)], (255,), cv2.LINE_AA, _SHIFT)
        inside = mask[around][..., None].astype(np.float32) / 255
        self.image[around] = (inside * self.image[around] + (1 - inside) * whole).astype(np.uint8)
        self._line(lids, (52, 34, 30), 3.5)
        self._line([lids[4], *under, lids[0]], SHADOW, 1.5 + pose.cheeks)
        self._line([(x - 20, y - open_ - 5), (x, y - open_ - 8 - 2 * pose.eyes), (x + 20, y - open_ - 5)], SHADOW, 1.5)

    def _brow(self, side: int, pose: DrawnPose) -> None:
        y = -25 - 13 * pose.brow
        inner = y - 11 * pose.brow_tilt
        outer = y + 5 + 4 * pose.brow_tilt
        near = 15 + 4 * min(pose.brow_tilt, pose.brow)
        self._line([(side * near, inner), (side * 38, y - 5), (side * 66, outer)], HAIR, 7.5)
        if pose.brow < -0.3 or pose.brow_tilt > 0.5:
            self._line([(side * 6, -34), (side * 8, -20)], SHADOW, 2)

    def _nose(self, pose: DrawnPose) -> None:
        lift = 5 * pose.nose
        self._line([(-6, 6), (-10, 38 - lift), (-17, 50 - lift)], SHADOW, 2)
        self._line([(17, 50 - lift), (10, 38 - lift), (7, 20)], SHADOW, 2)
        for side in (-1, 1):
            self._ellipse(side * 9, 56 - lift, 6, 3.2, (112, 66, 58))
        self._ellipse(-1, 43 - lift, 5, 9, LIGHT)
        if pose.nose > 0.3:
            for y in (4, 11, 18):
                self._line([(-9, y - 3), (0, y), (9, y - 3)], SHADOW, 1.5)

    def _mouth(self, pose: DrawnPose) -> None:
        half = 33 * (1 + 0.32 * pose.spread)
        y, corner = 92 - 3 * pose.nose, 92 - 13 * pose.smile
        gap = 34 * pose.jaw
        sag = 6 * max(pose.smile, 0)
        upper_in = y - 0.25 * gap + 0.55 * sag - 4 * pose.nose
        lower_in = y + 0.85 * gap + 1.0 * sag
        upper_out, lower_out = upper_in - 8, lower_in + 11
        outer = [
            (-half, corner),
            (-0.35 * half, upper_out - 1),
            (0, upper_out + 2),
            (0.35 * half, upper_out - 1),
            (half, corner),
        ]
        below = [
            (0.55 * half, 0.3 * corner + 0.7 * lower_out),
            (0, lower_out),
            (-0.55 * half, 0.3 * corner + 0.7 * lower_out),
        ]
        self._polygon(_rounded(outer) + _rounded([outer[-1], *below, outer[0]]), LIP)
        inner = [
            (-0.88 * half, corner + 1),
            (-0.4 * half, upper_in),
            (0, upper_in + 1),
            (0.4 * half, upper_in),
            (0.88 * half, corner + 1),
        ]
        lower = [
            (0.5 * half, 0.25 * corner + 0.75 * lower_in),
            (0, lower_in),
            (-0.5 * half, 0.25 * corner + 0.75 * lower_in),
        ]
        if gap > 2 or pose.nose > 0.5:
            self._polygon(_rounded(inner) + _rounded([inner[-1], *lower, inner[0]]), INSIDE)
            depth = min(9.0, 0.5 * gap + 1)
            edge = [(0.4 * half, upper_in + 0.7 * depth), (0, upper_in + depth), (-0.4 * half, upper_in + 0.7 * depth)]
            self._polygon(_rounded(inner[1:4]) + _rounded(edge), TEETH)
        else:
            self._line(inner, (110, 48, 48), 2.5)
        self._line([(-half - 3, corner - 2 * pose.smile), (-half + 4, corner + 1)], SHADOW, 3)
        self._line([(half + 3, corner - 2 * pose.smile), (half - 4, corner + 1)], SHADOW, 3)

    def _point(self, x: float, y: float) -> tuple[int, int]:
        return (
            round((self._x + self._scale * x) * (1 << _SHIFT)),
            round((self._y - 20 + self._scale * y) * (1 << _SHIFT)),
        )

    def _points(self, points: list[tuple[float, float]]) -> npt.NDArray[Any]:
        return np.array([self._point(x, y) for x, y in points], np.int32)

    def _size(self, a: float, b: float) -> tuple[int, int]:
        return round(a * self._scale * (1 << _SHIFT)), round(b * self._scale * (1 << _SHIFT))

    def _ellipse(self, x: float, y: float, a: float, b: float, colour: Colour, start: int = 0, end: int = 360) -> None:
        size = self._size(max(a, 0.5), max(b, 0.5))
        cv2.ellipse(self.image, self._point(x, y), size, 0, start, end, colour, -1, cv2.LINE_AA, _SHIFT)

    def _polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        cv2.fillPoly(self.image, [self._points(points)], colour, cv2.LINE_AA, _SHIFT)

    def _line(self, points: list[tuple[float, float]], colour: Colour, width: float) -> None:
        # A quadratic through each triple of points curves the line: brows and lips have no corners.
        curve = self._points(_rounded(points))
        cv2.polylines(self.image, [curve], False, colour, max(1, round(width * self._scale)), cv2.LINE_AA, _SHIFT)


def _rounded(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Cut the corners of a line twice (Chaikin 1974), and keep its ends."""
    for _ in range(2):
        cut = [points[0]]
        for (ax, ay), (bx, by) in pairwise(points):
            cut += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by), (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
        points = [*cut, points[-1]]
    return points
