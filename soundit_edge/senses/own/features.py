"""The frozen features that a head is learnt on: numbers from which no picture can be made again.

Of a face: where the points of its mesh lie around its own eyes, and what the face network said. Of a body: the mean and
the spread, over two seconds, of what the body network is given, and what it said.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.body.motion import Motion
from soundit_edge.senses.body.net import CHANNELS, prepare
from soundit_edge.senses.body.net import LABELS as BODY_LABELS
from soundit_edge.senses.face.expression import FERPLUS
from soundit_edge.senses.face.mesh import Mesh
from soundit_edge.senses.own.labels import Kind

Features = npt.NDArray[np.float32]
"""float32 [n]."""

VERSION: Final = 1
"""Of the features: a head is of no use with those of another version."""

_LIPS: Final = (
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 146, 91, 181, 84, 17, 314, 405, 321, 375,
    78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 95, 88, 178, 87, 14, 317, 402, 318, 324,
)  # fmt: skip
_EYES: Final = (
    246, 161, 160, 159, 158, 157, 173, 33, 7, 163, 144, 145, 153, 154, 155, 133,
    466, 388, 387, 386, 385, 384, 398, 263, 249, 390, 373, 374, 380, 381, 382, 362,
)  # fmt: skip
_BROWS: Final = (
    156, 70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 383, 300, 293, 334, 296, 336, 285, 295, 282, 283, 276,
)  # fmt: skip
_REST: Final = (9, 1, 48, 278, 129, 358, 50, 280, 205, 425, 152, 199)
"""Between the brows, nose, cheeks and chin."""
POINTS: Final = (*_LIPS, *_EYES, *_BROWS, *_REST)
"""The points of the mesh that expressions move."""
_OUTER: Final = (33, 263)
"""The outer corners of the eyes, which hardly any expression moves."""
_RAREST: Final = 1e-3
"""Smaller probabilities count as this one."""

SIZES: Final[dict[Kind, int]] = {
    "expression": 2 * len(POINTS) + len(FERPLUS),
    "gesture": 2 * CHANNELS + len(BODY_LABELS),
}
"""How many features there are."""


def of_face(mesh: Mesh, said: npt.NDArray[np.float32]) -> Features:
    """Return the features of a face, float32 [220].

    The points are turned and scaled so that the outer corners of the eyes lie one unit apart on a level line.

    Args:
        mesh: its landmarks.
        said: the face network's probabilities of the eight FER+ classes.
    """
    left, right = mesh.points[list(_OUTER)].astype(np.float64)
    across = complex(*(right - left)) or 1.0
    placed = (mesh.points[list(POINTS)] - (left + right) / 2).astype(np.float64) @ np.array([1, 1j]) / across
    logs = np.log(np.maximum(said, _RAREST))
    return np.asarray(np.concatenate([placed.real, placed.imag, logs]), np.float32)


def of_body(motion: Motion, said: npt.NDArray[np.float32], arousal: float | None) -> Features:
    """Return the features of two seconds of a body, float32 [189].

    Args:
        motion: its motion.
        said: the body network's probabilities of its four classes.
        arousal: the network's, 0 to 1; None counts as 0.5.
    """
    x = prepare(motion)[:, 0]
    logs = np.log(np.maximum(said, _RAREST))
    stirred = [0.5 if arousal is None else arousal]
    return np.asarray(np.concatenate([x.mean(0), x.std(0), logs, stirred]), np.float32)
