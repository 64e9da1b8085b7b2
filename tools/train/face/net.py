"""The expression network: a plain residual network (He et al. 2016) over 48x48 grey crops, 0.64 M parameters."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

WIDTH = 128
"""Features that the mean over the picture leaves."""


def _convolution(inputs: int, outputs: int, size: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs))


class _Residual(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = _convolution(inputs, outputs, 3, stride)
        self.second = _convolution(outputs, outputs, 3, 1)
        same = inputs == outputs and stride == 1
        self.skip = nn.Identity() if same else _convolution(inputs, outputs, 1, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.second(functional.relu(self.first(x)))
        return functional.relu(y + self.skip(x))


class FaceNet(nn.Module):
    """Logits of the eight FER+ classes and of the seven FER labels, from the same features."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            _convolution(1, 24, 3, 1),
            nn.ReLU(),
            _Residual(24, 48, 2),
            _Residual(48, 48, 1),
            _Residual(48, 96, 2),
            _Residual(96, 96, 1),
            _Residual(96, WIDTH, 2),
        )
        self.dropout = nn.Dropout(0.2)
        self.ferplus = nn.Linear(WIDTH, 8)
        self.fer = nn.Linear(WIDTH, 7)

    def both(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits [n, 8] and [n, 7] for pictures [n, 1, 48, 48]."""
        pooled = self.dropout(self.features(x).mean((2, 3)))
        return self.ferplus(pooled), self.fer(pooled)


class OneHead(nn.Module):
    """The same features under one linear layer: what ships."""

    def __init__(self, features: nn.Module, head: nn.Linear) -> None:
        super().__init__()
        self.features = features
        self.head = head

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.features(x).mean((2, 3)))
        return logits
