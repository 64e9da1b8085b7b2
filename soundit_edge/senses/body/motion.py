"""A body's motion: fifteen joints over time, resampled, turned to face the camera and scaled to one size.

Positions are in metres of a body whose trunk (shoulders' middle to hips' middle) is half a metre long: x to the right
of the picture, y up, z towards the camera.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.body.landmarks import Pose

FRAMES: Final = 30
RATE: Final = 15.0
"""Frames a second of a window of two seconds, which is long enough for a gesture; cameras are read at ten."""
WINDOW: Final = FRAMES / RATE
LONGEST_GAP: Final = 0.5
"""Seconds without the body after which its window starts again."""

JOINTS: Final = (
    "head", "l_shoulder", "r_shoulder", "l_elbow", "r_elbow", "l_wrist", "r_wrist",
    "l_hip", "r_hip", "l_knee", "r_knee", "l_ankle", "r_ankle", "l_toe", "r_toe",
)  # fmt: skip
"""In the order of every array of joints; left and right are the person's own."""
HEAD: Final = 0
SHOULDERS: Final = (1, 2)
ELBOWS: Final = (3, 4)
WRISTS: Final = (5, 6)
HIPS: Final = (7, 8)

_LANDMARKS: Final = (
    (7, 8),
    (11,),
    (12,),
    (13,),
    (14,),
    (15,),
    (16,),
    (23,),
    (24,),
    (25,),
    (26,),
    (27,),
    (28,),
    (31,),
    (32,),
)
"""MediaPipe's landmarks of which each joint is the mean: the head is between the ears."""
_TRUNK: Final = 0.5
_SHORTEST_TRUNK: Final = 0.2

Joints = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PoseMoment:
    """A body at one moment.

    Attributes:
        t: seconds.
        joints: float32 [15, 3] in metres relative to the middle of the hips.
        visibility: float32 [15], 0 to 1.
        pixels: float32 [15, 2], the joints in the picture, y down.
    """

    t: float
    joints: Joints
    visibility: npt.NDArray[np.float32]
    pixels: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Motion:
    """Two seconds of a body.

    Attributes:
        joints: float32 [30, 15, 3], relative to the middle of the hips, facing the camera.
        root: float32 [30, 2], how the whole body moves across the picture: x and y in the same metres, beginning at 0.
        visibility: float32 [15], the mean over the window.
        coverage: share of the window that was observed, 0 to 1; the rest is mirrored from it.
    """

    joints: Joints
    root: npt.NDArray[np.float32]
    visibility: npt.NDArray[np.float32]
    coverage: float


def moment_of(pose: Pose, t: float) -> PoseMoment:
    """Return the fifteen joints of a pose at `t` seconds."""
    world = np.stack([pose.world[list(part)].mean(0) for part in _LANDMARKS])
    pixels = np.stack([pose.points[list(part)].mean(0) for part in _LANDMARKS])
    visibility = np.array([pose.visibility[list(part)].mean() for part in _LANDMARKS], np.float32)
    return PoseMoment(t, world * np.array([1, -1, -1], np.float32), visibility, pixels)


class PoseTrack:
    """The last moments of one body."""

    def __init__(self) -> None:
        self._moments: deque[PoseMoment] = deque()

    def add(self, moment: PoseMoment) -> None:
        """Add a moment; the track starts again where it is earlier than the last, or more than `LONGEST_GAP` later."""
        if self._moments and not 0 < moment.t - self._moments[-1].t <= LONGEST_GAP:
            self._moments.clear()
        self._moments.append(moment)
        while moment.t - self._moments[0].t > WINDOW + LONGEST_GAP:
            self._moments.popleft()

    @property
    def end(self) -> float:
        """Return the last moment, in seconds."""
        return self._moments[-1].t

    def motion(self) -> Motion | None:
        """Return the window that ends at the last moment; None before the second moment."""
        if len(self._moments) < 2:
            return None
        times = np.array([m.t for m in self._moments])
        joints = np.stack([m.joints for m in self._moments])
        visibility = np.stack([m.visibility for m in self._moments])
        root = root_of(joints, np.stack([m.pixels for m in self._moments]), visibility)
        return window(times, joints, root, visibility)


def root_of(
    joints: Joints, pixels: npt.NDArray[np.float32], visibility: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Return the middle of the hips in the plane of the picture, float32 [n, 2] in metres, y up.

    The scale makes the joints' spread in the picture equal to their spread in space.

    Args:
        joints: [n, 15, 3].
        pixels: [n, 15, 2].
        visibility: [n, 15].
    """
    weights = (visibility + 1e-3)[..., None] / (visibility + 1e-3).sum(1)[:, None, None]
    across = joints[..., :2]
    flat = pixels * np.array([1, -1], np.float32)
    middle_space, middle_flat = (weights * across).sum(1), (weights * flat).sum(1)
    spread_space = (weights * np.square(across - middle_space[:, None])).sum((1, 2))
    spread_flat = (weights * np.square(flat - middle_flat[:, None])).sum((1, 2))
    scale = np.sqrt(np.median(spread_space) / max(float(np.median(spread_flat)), 1e-6))
    return np.asarray(scale * middle_flat - middle_space, np.float32)


def window(
    times: npt.NDArray[np.float64],
    joints: Joints,
    root: npt.NDArray[np.float32],
    visibility: npt.NDArray[np.float32],
) -> Motion:
    """Return the last two seconds of a sequence at `RATE`, smoothed, facing the camera, with a trunk of half a metre.

    Args:
        times: float64 [n >= 2] in seconds, ascending, at any rate.
        joints: float32 [n, 15, 3] in metres, y up.
        root: float32 [n, 2].
        visibility: float32 [n, 15].
    """
    grid = times[-1] - np.arange(FRAMES - 1, -1, -1) / RATE
    coverage = min(1.0, float(times[-1] - times[0]) * RATE / (FRAMES - 1))
    # The part that was not observed is mirrored from the other: a still body would mean that nobody moved.
    observed_s = float(times[-1] - times[0])
    phase = (times[-1] - grid) % (2 * observed_s)
    grid = times[-1] - np.minimum(phase, 2 * observed_s - phase)
    flat = np.concatenate([joints.reshape(len(times), -1), root], 1)
    even = np.stack([np.interp(grid, times, column) for column in flat.T], 1)
    even = _smooth(even)
    positions = even[:, :-2].reshape(FRAMES, len(JOINTS), 3)
    positions = positions - positions[:, HIPS].mean(1, keepdims=True)
    trunk = float(np.median(np.linalg.norm(positions[:, SHOULDERS].mean(1), axis=1)))
    scale = _TRUNK / max(trunk, _SHORTEST_TRUNK)
    shift = even[:, -2:] - even[:1, -2:]
    return Motion(
        (scale * _facing(positions)).astype(np.float32),
        (scale * shift).astype(np.float32),
        visibility[times >= times[-1] - WINDOW].mean(0).astype(np.float32),
        coverage,
    )


def velocity(positions: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return metres a second between neighbouring frames, the first repeated, in the shape of `positions`."""
    steps = np.diff(positions, axis=0) * np.float32(RATE)
    return np.concatenate([steps[:1], steps])


def _smooth(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Smooth binomially over seven frames: landmarks jitter from frame to frame, recorded bodies do not."""
    padded = np.pad(values, ((3, 3), (0, 0)), mode="reflect", reflect_type="odd")
    taps = (1, 6, 15, 20, 15, 6, 1)
    return np.asarray(sum(w * padded[i : i + len(values)] for i, w in enumerate(taps)) / sum(taps))


def _facing(positions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Turn positions about the vertical until shoulders and hips lie across the picture, the left side on its right."""
    across = (positions[:, [1, 7]] - positions[:, [2, 8]]).mean((0, 1))
    length = np.hypot(across[0], across[2])
    cos, sin = (across[0] / length, across[2] / length) if length > 1e-6 else (1.0, 0.0)
    return np.asarray(positions @ np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]]))
