"""Both heads anew on the features of a network that is there: a linear layer each, fitted to undistorted pictures."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from tools.train import common
from tools.train.face_blend import features
from tools.train.face_data import Faces
from tools.train.face_net import FaceNet

EPOCHS = 40
BATCH = 1024


def fit_heads(net: FaceNet, learn: Faces) -> None:
    """Fit the votes' head to the shares of votes and the plain head to the plain labels; the features stay."""
    seen = features(common.channels_last(net).eval(), learn)
    _fit(net.ferplus, seen, torch.from_numpy(learn.votes))
    _fit(net.fer, seen, functional.one_hot(torch.from_numpy(learn.fer), 7).float())


def _fit(head: nn.Linear, seen: torch.Tensor, shares: torch.Tensor) -> None:
    """Multinomial logistic regression of shares [n, k] on features [n, m]."""
    optimiser = torch.optim.AdamW(head.parameters(), weight_decay=0.01)
    steps = EPOCHS * (len(seen) // BATCH)
    for step in range(steps):
        rows = torch.randint(len(seen), (BATCH,))
        for group in optimiser.param_groups:
            group["lr"] = common.cosine_rate(step, steps, 5e-3, steps // 20)
        loss = functional.cross_entropy(head(seen[rows]), shares[rows])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
