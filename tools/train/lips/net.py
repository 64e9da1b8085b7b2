"""The lip-reading network: a convolutional encoder per frame and dilated convolutions over time.

After LipNet (Assael et al. 2016), made of what an int8 runtime has: five neighbouring frames as channels stand in for
its 3-D convolutions, a temporal convolutional network (Bai et al. 2018) for its recurrent layers.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from soundit_edge.senses.lips.crops import HEIGHT, WIDTH

NEIGHBOURS = 2
DILATIONS = (1, 2, 4, 8, 1, 2)


def convolution(inputs: int, outputs: int, size: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class Temporal(nn.Module):
    """A dilated convolution over time and a mixing of channels beside a skip; [n, channels, 1, frames]."""

    def __init__(self, channels: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, (1, 3), padding=(0, dilation), dilation=(1, dilation), bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.relu(x + self.body(x))


class LipsNet(nn.Module):
    """Frame-wise logits of words and, while training, of the sounds that CTC is taught by."""

    def __init__(self, words: int, sounds: int = 0, width: int = 192, dropout: float = 0.35) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            convolution(2 * NEIGHBOURS + 1, 24, 5, 2), convolution(24, 48, 3, 2), convolution(48, 96, 3, 2)
        )
        self.squeeze = nn.Sequential(nn.Conv2d(96, width, (4, 7), bias=False), nn.BatchNorm2d(width), nn.ReLU())
        self.dropout = nn.Dropout(dropout)
        self.temporal = nn.Sequential(*(Temporal(width, d, dropout) for d in DILATIONS))
        self.words = nn.Conv2d(width, words, 1)
        self.sounds = nn.Conv2d(width, sounds, 1) if sounds else None

    def features(self, stacks: torch.Tensor, clips: int) -> torch.Tensor:
        """Bring [clips frames, 5, 32, 56] to [clips, width, 1, frames]."""
        encoded = self.squeeze(self.encoder(stacks))
        series = encoded.reshape(clips, len(stacks) // clips, -1).permute(0, 2, 1)[:, :, None]
        features: torch.Tensor = self.temporal(self.dropout(series))
        return features

    def both(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits [n, frames, words] and [n, frames, sounds] of clips [n, frames, 32, 56]."""
        features = self.features(stacked(x), len(x))
        assert self.sounds is not None, "a network for shipping has no sounds"
        return self.words(features)[:, :, 0].permute(0, 2, 1), self.sounds(features)[:, :, 0].permute(0, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.words(self.features(stacked(x), len(x)))
        return logits[:, :, 0].permute(0, 2, 1)


class ShippedLips(nn.Module):
    """The network as it ships: [1, 75 x 32, 56, 5], the frames below each other, to probabilities [1, 75, words]."""

    def __init__(self, net: LipsNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pictures = x.reshape(-1, HEIGHT, WIDTH, 2 * NEIGHBOURS + 1).permute(0, 3, 1, 2)
        logits = self.net.words(self.net.features(pictures, 1))
        return torch.softmax(logits[:, :, 0].permute(0, 2, 1), -1)


def stacked(x: torch.Tensor) -> torch.Tensor:
    """Return clips [n, frames, 32, 56] with each frame's neighbours as channels: [n frames, 5, 32, 56].

    The first and last frames stand for those before and after.
    """
    frames = x.shape[1]
    padded = torch.cat([x[:, :1]] * NEIGHBOURS + [x] + [x[:, -1:]] * NEIGHBOURS, 1)
    # Stacked as the last dimension and only seen as channels first, which is the layout that convolves fastest.
    stacks = torch.stack([padded[:, i : i + frames] for i in range(2 * NEIGHBOURS + 1)], -1)
    return stacks.flatten(0, 1).permute(0, 3, 1, 2)
