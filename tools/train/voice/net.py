"""The voice network: 2-D convolutions over the log-mel picture, squeeze and excitation, attention over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import torch
from torch import nn
from torch.nn import functional


@dataclass(frozen=True)
class Plan:
    """The size of a network.

    Attributes:
        stem: channels of the first convolution.
        kernel, step: its size and stride, of time and frequency.
        widths: channels of the three blocks.
        strides: theirs, of time and frequency.
        mixed: channels in which the frequency axis ends.
    """

    stem: int
    kernel: tuple[int, int]
    step: tuple[int, int]
    widths: tuple[int, int, int]
    strides: tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
    mixed: int


GENERAL: Final = Plan(16, (7, 5), (4, 2), (22, 36, 48), ((2, 2), (2, 2), (1, 2)), 80)
"""Frames of 40 ms each 12.5 ms overlap: a quarter of them is enough for what follows, and takes half the time."""
EXPERT: Final = Plan(20, (5, 5), (2, 2), (32, 56, 80), ((2, 2), (2, 2), (2, 2)), 128)


class Said(NamedTuple):
    """Logits [n, classes], valence and arousal [n, 2] from -1 to 1, and the gate's logits [n]."""

    logits: torch.Tensor
    places: torch.Tensor
    gates: torch.Tensor


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
    """Logits [n, classes] for log-mel pictures [n, 1, frames, bands].

    While it learns it says valence and arousal as well, and of each picture, how far it is of the kind that the expert
    of one corpus learnt from (`MixtureOfExperts`).
    """

    def __init__(self, classes: int = 8, dropout: float = 0.3, plan: Plan = GENERAL) -> None:
        super().__init__()
        padding = (plan.kernel[0] // 2, plan.kernel[1] // 2)
        self.stem = nn.Sequential(
            nn.Conv2d(1, plan.stem, plan.kernel, plan.step, padding, bias=False), nn.BatchNorm2d(plan.stem), nn.ReLU()
        )
        ends = zip((plan.stem, *plan.widths[:-1]), plan.widths, plan.strides, strict=True)
        self.blocks = nn.Sequential(*(_Block(inputs, outputs, stride) for inputs, outputs, stride in ends))
        # What is left of the frequency axis becomes channels: where in the spectrum something happens matters.
        self.mix = nn.Sequential(
            nn.Conv2d(plan.widths[-1], plan.mixed, (1, 4), bias=False), nn.BatchNorm2d(plan.mixed), nn.ReLU()
        )
        self.attention = nn.Conv2d(plan.mixed, 1, 1)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(plan.mixed, classes)
        self.place = nn.Linear(plan.mixed, 2)
        self.gate = nn.Linear(plan.mixed, 1)

    def heard(self, x: torch.Tensor) -> torch.Tensor:
        """Return what is known of each picture, [n, plan.mixed]."""
        y = self.mix(self.blocks(self.stem(x)))[..., 0]
        weights = torch.softmax(self.attention(y[..., None])[..., 0], -1)
        known: torch.Tensor = self.dropout((y * weights).sum(-1))
        return known

    def said(self, x: torch.Tensor) -> Said:
        """Return all that it says of pictures."""
        heard = self.heard(x)
        return Said(self.output(heard), torch.tanh(self.place(heard)), self.gate(heard)[:, 0])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.output(self.heard(x))
        return logits
