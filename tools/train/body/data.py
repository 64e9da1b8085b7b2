"""The distortions that a training window of motion goes through: as many cameras as there are windows."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.body.motion import HIPS, JOINTS, LONGEST_GAP, WINDOW, Motion, window
from tools.data.bodies import BodyClip

MIRRORED: Final = (0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13)
"""Each joint's counterpart on the other side."""
LEGS: Final = (9, 10, 11, 12, 13, 14)
ARM: Final = ((3, 5), (4, 6))


class Distorter:
    """Makes training windows of clips, as cameras of all heights and distances would show them."""

    def __init__(self, rng: np.random.Generator, *, mirror: bool = True) -> None:
        """Args:
        rng: of all chances.
        mirror: swap left and right now and then; not where a label may mean one side.
        """
        self._rng = rng
        self._mirror = mirror

    def motion(self, clip: BodyClip) -> Motion:
        """Return a window somewhere in a clip, by another camera and side, of another body, with trembling points."""
        rng = self._rng
        joints, times = self._sampled(clip)
        joints = joints * rng.normal(1, 0.05, 3)
        if self._mirror and rng.random() < 0.5:
            joints = joints[:, MIRRORED] * [-1, 1, 1]
        joints = joints @ self._turned().T
        hips = joints[:, HIPS].mean(1)
        joints = joints - hips[:, None]
        # What is nearer to the camera is larger; the landmark model allows for most of it, but not for all.
        joints[..., :2] *= 1 + joints[..., 2:] / rng.uniform(4, 20)
        joints[..., 2] *= rng.uniform(0.6, 1.2)
        joints += self._trembling(joints.shape)
        root = hips[:, :2] + np.asarray(rng.normal(0, rng.uniform(0, 0.01), (len(times), 2)))
        visibility = np.broadcast_to(clip.visibility * self._visible(), joints.shape[:2])
        return window(times, joints.astype(np.float32), root.astype(np.float32), visibility.astype(np.float32))

    def _sampled(self, clip: BodyClip) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return joints at the moments at which a camera of 7 to 15 pictures a second would catch them, unevenly."""
        rng = self._rng
        length = (len(clip.joints) - 1) / clip.fps
        seconds = min(length, WINDOW + LONGEST_GAP / 2)
        begin = rng.uniform(0, length - seconds)
        rate = rng.uniform(7, 15)
        count = max(2, int(seconds * rate))
        times = np.linspace(0, seconds, count)
        times = np.sort(np.clip(times + rng.uniform(-0.2, 0.2, count) / rate, 0, seconds))
        # No two at once: a window needs moments that differ.
        times += 1e-4 * np.arange(count)
        places = np.minimum((begin + times) * clip.fps, len(clip.joints) - 1)
        low = np.floor(places).astype(np.int64)
        high = np.minimum(low + 1, len(clip.joints) - 1)
        share = (places - low)[:, None, None]
        return (1 - share) * clip.joints[low] + share * clip.joints[high], times

    def _turned(self) -> npt.NDArray[np.float64]:
        """Return a camera anywhere round the person, a little above or below, held not quite level."""
        rng = self._rng
        yaw, pitch, roll = rng.uniform(-math.pi, math.pi), rng.normal(0, 0.15), rng.normal(0, 0.05)
        if rng.random() < 0.5:
            yaw *= 0.25
        cy, sy, cp, sp, cr, sr = (f(a) for a in (yaw, pitch, roll) for f in (math.cos, math.sin))
        about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        return np.asarray(about_z @ about_x @ about_y)

    def _trembling(self, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Return landmarks that are a little off all the time, and tremble; more so in depth."""
        rng = self._rng
        depth = np.array([1, 1, 2.5])
        off = rng.normal(0, rng.uniform(0, 0.03), (1, *shape[1:])) * depth
        return np.asarray(off + rng.normal(0, rng.uniform(0, 0.015), shape) * depth)

    def _visible(self) -> npt.NDArray[np.float64]:
        """Return what is seen behind a table or beyond an edge: legs, an arm or some joints are hidden."""
        rng = self._rng
        visible = np.ones(len(JOINTS))
        if rng.random() < 0.3:
            visible[list(LEGS)] = 0
        if rng.random() < 0.1:
            visible[list(ARM[rng.integers(2)])] = 0
        if rng.random() < 0.2:
            visible[rng.random(len(JOINTS)) < 0.15] = 0
        return visible
