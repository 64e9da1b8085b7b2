"""How much the shipped head listens to the plain FER labels beside the FER+ votes, measured on `public_test`.

A head is fitted for each weight of the plain labels (face_heads.expressive_loss). The more it listens to them, the
better it tells the six expressions apart, and at some point the worse what voters agree on. Then neutral, which voters
give to faint faces, is made less likely, as far as what they agree on allows.
"""

from __future__ import annotations

import copy
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
LOWER: Final = tuple(round(0.05 * step, 2) for step in range(1, 21))
"""How much less neutral is made, in units of its logit."""

_NEUTRAL, _CONTEMPT = FERPLUS.index("neutral"), FERPLUS.index("contempt")

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Point:
    """One point of the curve and what the network does there on `public_test`, as shares of 1.

    Attributes:
        weight: of the plain labels beside the votes.
        lowered: how much neutral's logit is lowered.
        majority: accuracy on FER+ majorities, 8 classes.
        uar: unweighted average recall on them.
        plain: accuracy on the plain labels, 7 classes.
        plain_uar: unweighted average recall on them.
        six: accuracy on the plain labels, neutral put aside.
        six_uar: unweighted average recall on them.
    """

    weight: float
    lowered: float
    majority: float
    uar: float
    plain: float
    plain_uar: float
    six: float
    six_uar: float


def curve(net: FaceNet, learn: Faces, watch: Faces) -> list[tuple[Point, nn.Linear]]:
    """Return every one of `WEIGHTS` with its head, measured on pictures that the network did not learn from."""
    seen, watched = features(net, learn), features(net, watch)
    points = []
    for weight in WEIGHTS:
        head = votes_head(seen, learn, weight)
        with torch.no_grad():
            points.append((Point(weight, 0.0, **_figures(head(watched).numpy(), watch)), head))
    return points


def with_less_neutral(net: FaceNet, watch: Faces, chosen: tuple[Point, nn.Linear]) -> list[tuple[Point, nn.Linear]]:
    """Return the chosen head with less and less of neutral, measured as in `curve`, while it stays above `FLOOR`."""
    point, head = chosen
    watched, made = features(net, watch), [chosen]
    for lowered in LOWER:
        other = copy.deepcopy(head)
        with torch.no_grad():
            other.bias[_NEUTRAL] -= lowered
            figures = Point(point.weight, lowered, **_figures(other(watched).numpy(), watch))
        if figures.majority < FLOOR:
            break
        made.append((figures, other))
    return made


def most_expressive(points: list[tuple[Point, nn.Linear]]) -> tuple[Point, nn.Linear]:
    """Return the one that does best on the plain labels, accuracy and recall."""
    return max(points, key=lambda point: point[0].plain + point[0].plain_uar)


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
        "plain_uar": _recall(seven.argmax(1), plain),
        "six": _accuracy(said_six[expressive], plain[expressive]),
        "six_uar": _recall(said_six[expressive], plain[expressive]),
    }


def _accuracy(said: npt.NDArray[np.int64], true: npt.NDArray[np.int64]) -> float:
    return float((said == true).mean())


def _recall(said: npt.NDArray[np.int64], true: npt.NDArray[np.int64]) -> float:
    return float(np.mean([(said[true == c] == c).mean() for c in np.unique(true)]))
