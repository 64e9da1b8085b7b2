"""How much the shipped head listens to the plain FER labels beside the FER+ votes, measured on `public_test`.

A head is fitted for each weight of the plain labels (face_heads.expressive_loss). The more it listens to them, the
better it tells the six expressions apart, and at some point the worse what voters agree on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from soundit_edge.senses.face.expression import FERPLUS
from tools.evaluate.face import FER
from tools.train.face.data import Faces
from tools.train.face.heads import features, votes_head
from tools.train.face.net import FaceNet

WEIGHTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
FLOOR: Final = 0.895
"""FER+ majority that no choice falls below: 89 % is wanted, and int8 costs up to 0.5 points."""

_NEUTRAL, _CONTEMPT = FERPLUS.index("neutral"), FERPLUS.index("contempt")

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Point:
    """One point of the curve and what the network does there on `public_test`, as shares of 1.

    Attributes:
        weight: of the plain labels beside the votes.
        majority: accuracy on FER+ majorities, 8 classes.
        uar: unweighted average recall on them.
        plain: accuracy on the plain labels, 7 classes.
        six: accuracy on the plain labels, neutral put aside.
        six_uar: unweighted average recall on them.
    """

    weight: float
    majority: float
    uar: float
    plain: float
    six: float
    six_uar: float


def curve(net: FaceNet, learn: Faces, watch: Faces) -> list[tuple[Point, nn.Linear]]:
    """Return every one of `WEIGHTS` with its head, measured on pictures that the network did not learn from."""
    seen, watched = features(net, learn), features(net, watch)
    points = []
    for weight in WEIGHTS:
        head = votes_head(seen, learn, weight)
        with torch.no_grad():
            points.append((Point(weight, **_figures(head(watched).numpy(), watch)), head))
    return points


def knee(points: list[tuple[Point, nn.Linear]]) -> tuple[Point, nn.Linear]:
    """Return the one that does best on the six expressions, accuracy and recall, and stays above `FLOOR`; where none
    does, the one with the best majority."""
    able = [point for point in points if point[0].majority >= FLOOR]
    if not able:
        return max(points, key=lambda point: point[0].majority)
    return max(able, key=lambda point: point[0].six + point[0].six_uar)


def _figures(logits: Array, faces: Faces) -> dict[str, float]:
    clear = faces.majority >= 0
    plain = np.array([FERPLUS.index(name) for name in FER])[faces.fer]
    expressive = plain != _NEUTRAL
    seven = np.delete(logits, _CONTEMPT, 1)  # contempt is last, so places stay
    six = seven.copy()
    six[:, _NEUTRAL] = -np.inf
    said, said_six = logits.argmax(1), six.argmax(1)
    return {
        "majority": _accuracy(said[clear], faces.majority[clear]),
        "uar": _recall(said[clear], faces.majority[clear]),
        "plain": _accuracy(seven.argmax(1), plain),
        "six": _accuracy(said_six[expressive], plain[expressive]),
        "six_uar": _recall(said_six[expressive], plain[expressive]),
    }


def _accuracy(said: npt.NDArray[np.int64], true: npt.NDArray[np.int64]) -> float:
    return float((said == true).mean())


def _recall(said: npt.NDArray[np.int64], true: npt.NDArray[np.int64]) -> float:
    return float(np.mean([(said[true == c] == c).mean() for c in np.unique(true)]))
