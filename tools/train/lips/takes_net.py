"""The network of single words and phrases: an encoder per frame, convolutions over time, one head a label set."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from tools.evaluate.isolated_words import CHANNELS, FRAMES, SIDE
from tools.train.lips.net import Temporal, convolution

WIDTH = 96
DILATIONS = (1, 2, 4)


class TakesNet(nn.Module):
    """Logits for takes as channels-last pictures [n, 16 x 32, 32, 5]; all label sets share everything but the head."""

    def __init__(self, heads: Mapping[str, int], dropout: float = 0.3) -> None:
        super().__init__()
        self.encoder = nn.Sequential(convolution(CHANNELS, 32, 5, 4), convolution(32, 64, 3, 2))
        self.squeeze = nn.Sequential(nn.Conv2d(64, WIDTH, SIDE // 8, bias=False), nn.BatchNorm2d(WIDTH), nn.ReLU())
        self.dropout = nn.Dropout(dropout)
        self.temporal = nn.Sequential(*(Temporal(WIDTH, d, dropout) for d in DILATIONS))
        self.heads = nn.ModuleDict({name: nn.Linear(WIDTH, count) for name, count in heads.items()})

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """Bring [n, 16 x 32, 32, 5] to [n, 96]."""
        n = len(x)
        pictures = x.reshape(n * FRAMES, SIDE, SIDE, CHANNELS).permute(0, 3, 1, 2)
        series = self.squeeze(self.encoder(pictures)).reshape(n, FRAMES, WIDTH).permute(0, 2, 1)[:, :, None]
        pooled: torch.Tensor = self.temporal(self.dropout(series)).mean((2, 3))
        return self.dropout(pooled)

    def forward(self, x: torch.Tensor, head: str) -> torch.Tensor:
        """Return logits of one label set."""
        logits: torch.Tensor = self.heads[head](self.features(x))
        return logits


class ShippedTakes(nn.Module):
    """The network with one head as it ships: channels last, probabilities out."""

    def __init__(self, net: TakesNet, head: str) -> None:
        super().__init__()
        self.net = net
        self.head = head

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.net(x, self.head), -1)
