"""The voice network: 2-D convolutions over the log-mel picture, squeeze and excitation, attention over time."""

from __future__ import annotations

from typing import Final

import torch
from torch import nn
from torch.nn import functional

STEM: Final = 24
WIDTHS: Final = (36, 64, 88)
STRIDES: Final = ((2, 2), (2, 2), (1, 2))
"""Of time and frequency, of the three blocks."""
MIXED: Final = 128


class _Block(nn.Module):
    """Two convolutions beside a skip, the first striding, with squeeze and excitation (Hu et al. 2018) at the end."""

    def __init__(self, inputs: int, outputs: int, stride: tuple[int, int]) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.skip = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.squeeze = nn.Conv2d(outputs, outputs // 4, 1)
        self.excite = nn.Conv2d(outputs // 4, outputs, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.body(x)
        gate = self.excite(functional.relu(self.squeeze(y.mean((2, 3), keepdim=True))))
        return functional.relu(y * torch.sigmoid(gate) + self.skip(x))


class VoiceNet(nn.Module):
    """Logits [n, classes] for log-mel pictures [n, 1, frames, bands]; while it learns, valence and arousal as well."""

    def __init__(self, classes: int = 8, dropout: float = 0.3) -> None:
        super().__init__()
        # Frames of 40 ms each 12.5 ms overlap: a quarter of them is enough for what follows, and takes half the time.
        self.stem = nn.Sequential(
            nn.Conv2d(1, STEM, (7, 5), (4, 2), (3, 2), bias=False), nn.BatchNorm2d(STEM), nn.ReLU()
        )
        ends = zip((STEM, *WIDTHS[:-1]), WIDTHS, STRIDES, strict=True)
        self.blocks = nn.Sequential(*(_Block(inputs, outputs, stride) for inputs, outputs, stride in ends))
        # What is left of the frequency axis becomes channels: where in the spectrum something happens matters.
        self.mix = nn.Sequential(nn.Conv2d(WIDTHS[-1], MIXED, (1, 4), bias=False), nn.BatchNorm2d(MIXED), nn.ReLU())
        self.attention = nn.Conv2d(MIXED, 1, 1)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(MIXED, classes)
        self.place = nn.Linear(MIXED, 2)

    def heard(self, x: torch.Tensor) -> torch.Tensor:
        """Return what is known of each picture, [n, MIXED]."""
        y = self.mix(self.blocks(self.stem(x)))[..., 0]
        weights = torch.softmax(self.attention(y[..., None])[..., 0], -1)
        known: torch.Tensor = self.dropout((y * weights).sum(-1))
        return known

    def both(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the logits, and valence and arousal [n, 2], each from -1 to 1."""
        heard = self.heard(x)
        return self.output(heard), torch.tanh(self.place(heard))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.output(self.heard(x))
        return logits
