"""The voice network: 2-D convolutions over the log-mel picture, squeeze and excitation, attention over time."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional


class _Block(nn.Module):
    """Two convolutions beside a skip, the first striding, with squeeze and excitation (Hu et al. 2018) at the end."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.skip = nn.Sequential(nn.Conv2d(inputs, outputs, 1, 2, bias=False), nn.BatchNorm2d(outputs))
        self.squeeze = nn.Conv2d(outputs, outputs // 4, 1)
        self.excite = nn.Conv2d(outputs // 4, outputs, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.body(x)
        gate = self.excite(functional.relu(self.squeeze(y.mean((2, 3), keepdim=True))))
        return functional.relu(y * torch.sigmoid(gate) + self.skip(x))


class VoiceNet(nn.Module):
    """Logits [n, classes] for log-mel pictures [n, 1, frames, bands]."""

    def __init__(self, classes: int = 8, dropout: float = 0.3) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 20, 5, 2, 2, bias=False), nn.BatchNorm2d(20), nn.ReLU())
        self.blocks = nn.Sequential(_Block(20, 32), _Block(32, 56), _Block(56, 80))
        # What is left of the frequency axis becomes channels: where in the spectrum something happens matters.
        self.mix = nn.Sequential(nn.Conv2d(80, 128, (1, 4), bias=False), nn.BatchNorm2d(128), nn.ReLU())
        self.attention = nn.Conv2d(128, 1, 1)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(128, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.mix(self.blocks(self.stem(x)))[..., 0]
        weights = torch.softmax(self.attention(y[..., None])[..., 0], -1)
        logits: torch.Tensor = self.output(self.dropout((y * weights).sum(-1)))
        return logits
