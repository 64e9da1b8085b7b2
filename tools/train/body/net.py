"""The body network: a causal temporal convolutional network (Bai et al. 2018) over two seconds of motion."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional


class _Causal(nn.Module):
    """A convolution over time that sees the past only."""

    def __init__(self, inputs: int, outputs: int, dilation: int) -> None:
        super().__init__()
        self.past = 2 * dilation
        self.convolution = nn.Conv2d(inputs, outputs, (3, 1), dilation=(dilation, 1), bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.norm(self.convolution(functional.pad(x, (0, 0, self.past, 0))))
        return y


class _Residual(nn.Module):
    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.first = _Causal(width, width, dilation)
        self.second = _Causal(width, width, dilation)
        self.dropout = nn.Dropout2d(dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.second(self.dropout(functional.relu(self.first(x))))
        return functional.relu(x + y)


class BodyNet(nn.Module):
    """Logits [n, outputs] for motion [n, channels, frames, 1]."""

    def __init__(self, channels: int, outputs: int, *, width: int = 40, dropout: float = 0.2) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU())
        self.blocks = nn.Sequential(*(_Residual(width, dilation, dropout) for dilation in (1, 2, 4)))
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.output(self.dropout(self.blocks(self.stem(x)).mean((2, 3))))
        return logits


class ShippedBody(nn.Module):
    """A body network as it ships: channels last, logits out as they are.

    Softmax over the classes and a sigmoid for arousal differ in their scales: to join them, the file would have to
    convert between the two. What reads it does both.
    """

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.net(x.permute(0, 3, 1, 2))
        return logits
