"""What is asked of the two heads, and how each is fitted again, to undistorted pictures, on features that stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from soundit_edge.senses.face.expression import FERPLUS, prepare
from tools.evaluate.face import FER
from tools.train import common
from tools.train.face.data import Faces
from tools.train.face.net import WIDTH, FaceNet

STEPS: Final = 300
SHRINKING: Final = 1e-4
"""Weight of the squares of a head's weights."""
EXPRESSIVE = 1.0
"""Weight of `expressive_loss` beside the votes while the features are trained."""

_SIX: Final = [FERPLUS.index(name) for name in FER if name != "neutral"]
_SIX_OF_FER: Final = [i for i, name in enumerate(FER) if name != "neutral"]


def expressive_loss(logits: torch.Tensor, fer: torch.Tensor) -> torch.Tensor:
    """Return cross-entropy of the six expressions among themselves against the plain labels.

    Voters call faint faces neutral and fear surprise, so their shares alone say little of which of the six a face
    shows. This asks it of the same outputs, and leaves to the votes whether it shows any at all.

    Args:
        logits: of the eight FER+ classes, [n, 8].
        fer: shares of the seven plain labels, [n, 7]; what of them is neutral counts for nothing.
    """
    said = functional.log_softmax(logits[:, _SIX], 1)
    wanted = fer[:, _SIX_OF_FER]
    return -(wanted * said).sum() / wanted.sum().clamp(min=1.0)


@torch.no_grad()
def features(net: FaceNet, faces: Faces) -> torch.Tensor:
    """Return what the heads see of pictures, [n, WIDTH]: the mean over picture and mirror image, as on the device."""
    common.channels_last(net).eval()
    x = torch.from_numpy(np.stack([prepare(p) for p in faces.pictures])[:, None])
    seen = [
        net.features(view.contiguous(memory_format=torch.channels_last)).mean((2, 3))
        for part in torch.split(x, 256)
        for view in (part, part.flip(3))
    ]
    return (torch.cat(seen[::2]) + torch.cat(seen[1::2])) / 2


def votes_head(seen: torch.Tensor, learn: Faces, expressive: float) -> nn.Linear:
    """Return the head for the votes, with that weight of `expressive_loss`; every picture counts the same."""
    votes, fer = torch.from_numpy(learn.votes), _one_hot(learn)

    def loss(logits: torch.Tensor) -> torch.Tensor:
        return functional.cross_entropy(logits, votes) + expressive * expressive_loss(logits, fer)

    return _fitted(nn.Linear(WIDTH, len(FERPLUS)), seen, loss)


def plain_head(seen: torch.Tensor, learn: Faces) -> nn.Linear:
    """Return the head for the plain labels."""
    fer = _one_hot(learn)
    return _fitted(nn.Linear(WIDTH, len(FER)), seen, lambda logits: functional.cross_entropy(logits, fer))


def _one_hot(faces: Faces) -> torch.Tensor:
    return functional.one_hot(torch.from_numpy(faces.fer), len(FER)).float()


def _fitted(head: nn.Linear, seen: torch.Tensor, loss_of: Callable[[torch.Tensor], torch.Tensor]) -> nn.Linear:
    """Fit multinomial logistic regression to features [n, WIDTH], all at once, to its end: no seed plays a part."""
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    optimiser = torch.optim.LBFGS(head.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe")

    def step() -> torch.Tensor:
        optimiser.zero_grad()
        loss = loss_of(head(seen)) + SHRINKING * head.weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(step)
    return head
