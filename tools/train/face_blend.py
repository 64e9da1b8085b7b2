"""One head from two: how far the shipped network listens to the plain FER labels beside the FER+ votes.

Both heads are linear over the same features, so a mean of their logits is one linear layer again: two parameters, the
share of the plain head and a power of the classes' frequency to divide by (Menon et al. 2021), move the shipped network
along a curve from what voters agree on to what the plain labels name. They are chosen on `public_test`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from soundit_edge.senses.expression import FERPLUS, prepare
from tools.evaluate_face import FER
from tools.train.face_data import Faces
from tools.train.face_net import FaceNet, OneHead

COST: Final = 0.002
"""What the plain labels may cost of the FER+ majority that the votes' head has by itself."""
SHARES: Final = tuple(np.round(np.arange(0, 1.001, 0.05), 2).tolist())
POWERS: Final = (-0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5)

_FER_OF: Final = [FER.index(name) if name in FER else FER.index("neutral") for name in FERPLUS]
_NEUTRAL, _CONTEMPT = FERPLUS.index("neutral"), FERPLUS.index("contempt")

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Point:
    """One point of the curve and what the network does there on `public_test`, as shares of 1.

    Attributes:
        share: of the plain head, 0 to 1.
        power: of the classes' frequency that the logits are divided by.
        majority: accuracy on FER+ majorities, 8 classes.
        uar: unweighted average recall on them.
        plain: accuracy on the plain labels, 7 classes.
        six: accuracy on the plain labels, neutral put aside.
        six_uar: unweighted average recall on them.
    """

    share: float
    power: float
    majority: float
    uar: float
    plain: float
    six: float
    six_uar: float


def blend(net: FaceNet, share: float, power: float, frequency: npt.NDArray[np.float64]) -> OneHead:
    """The network with one head: (1 - share) of the votes' logits and `share` of the plain ones, less the prior.

    The plain labels know no contempt, so there it stands to neutral as the votes' head has it.

    Args:
        net: with both heads.
        share, power: as in `Point`.
        frequency: of the eight classes in training, [8].
    """
    layers = []
    for votes, plain in ((net.ferplus.weight, net.fer.weight), (net.ferplus.bias, net.fer.bias)):
        as_votes = plain[_FER_OF].clone()
        as_votes[_CONTEMPT] += votes[_CONTEMPT] - votes[_NEUTRAL]
        layers.append(((1 - share) * votes + share * as_votes).detach())
    bias = layers[1] - power * torch.from_numpy(np.log(frequency)).float()
    return OneHead(net.features, layers[0], bias)


def plain_head(net: FaceNet, natural: npt.NDArray[np.float64], drawn: npt.NDArray[np.float64]) -> OneHead:
    """The network with the plain head alone, set from how often each class was drawn to how often it occurs, [7]."""
    shift = torch.from_numpy(np.log(natural / drawn)).float()
    return OneHead(net.features, net.fer.weight.detach(), net.fer.bias.detach() + shift)


@torch.no_grad()
def features(net: FaceNet, faces: Faces) -> torch.Tensor:
    """What the heads see of some pictures, [n, features]."""
    x = torch.from_numpy(np.stack([prepare(p) for p in faces.pictures])[:, None])
    parts = [net.features(part.to(memory_format=torch.channels_last)).mean((2, 3)) for part in torch.split(x, 256)]
    return torch.cat(parts)


def curve(net: FaceNet, faces: Faces, frequency: npt.NDArray[np.float64]) -> list[Point]:
    """Every pair of `SHARES` and `POWERS`, measured on pictures that the network did not learn from."""
    seen = features(net.eval(), faces)
    points = []
    for share in SHARES:
        for power in POWERS:
            head = blend(net, share, power, frequency).head
            logits = nn.functional.linear(seen, head.weight, head.bias).detach().numpy()
            points.append(Point(share, power, **_figures(logits, faces)))
    return points


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


def knee(points: list[Point]) -> Point:
    """The point that does best on the six expressions, in accuracy and recall alike, for at most `COST`."""
    alone = next(p.majority for p in points if p.share == 0 and p.power == 0)
    return max((p for p in points if p.majority >= alone - COST), key=lambda p: p.six + p.six_uar)
