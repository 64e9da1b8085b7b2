"""A mixture of two experts (Jacobs et al. 1991): one of a single corpus, one of all, and a gate that hears whom to ask.

The emotions of RAVDESS are eight, played by many, in one room: a network of it alone knows them better than one that
learnt from all corpora, and knows other languages worse. The gate belongs to the second network: it tells how much a
picture is of the first one's kind. But to one of no corpus that either has learnt from, both know half of it: in each
language that was left out, their mean did better than the better one. So the expert always has its say. Mixed are
logits, so what leaves the network is a softmax as before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tools.train.stored import Layer, layers_of
from tools.train.voice.net import EXPERT, VoiceNet

MIN_SHARE: Final = 0.4
"""Of the expert, however strange a picture is to it; chosen among 0, 0.2, 0.3, 0.4 and 0.5 by corpora left out."""

Gates = TypeVar("Gates", torch.Tensor, npt.NDArray[np.float32])


def share_of(gates: Gates) -> Gates:
    """Return the expert's share, `MIN_SHARE` to 1, for what the gate says, 0 to 1."""
    return MIN_SHARE + (1 - MIN_SHARE) * gates


class MixtureOfExperts(nn.Module):
    """Logits [n, classes] of a general network and an expert, mixed by the general one's gate."""

    def __init__(self, general: VoiceNet, expert: VoiceNet) -> None:
        super().__init__()
        self.general, self.expert = general, expert

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        heard = self.general.heard(x)
        share = share_of(torch.sigmoid(self.general.gate(heard)))
        return share * self.expert(x) + (1 - share) * self.general.output(heard)


@torch.no_grad()
def stored_expert(path: Path) -> VoiceNet:
    """Return the network of `EXPERT`'s plan whose weights an int8 file holds, its batch norms merged into them."""
    net = VoiceNet(plan=EXPERT).eval()
    layers = iter(layers_of(path))
    _fill(net.stem[0], net.stem[1], next(layers))
    for block in net.blocks:
        _fill(block.body[0], block.body[1], next(layers))
        _fill(block.body[3], block.body[4], next(layers))
        _put(block.squeeze, next(layers))
        _put(block.excite, next(layers))
        _fill(block.skip[0], block.skip[1], next(layers))
    _fill(net.mix[0], net.mix[1], next(layers))
    _put(net.attention, next(layers))
    _put(net.output, next(layers))
    return net


def _put(module: nn.Module, layer: Layer) -> None:
    module.weight.copy_(torch.from_numpy(layer.weights).reshape(module.weight.shape))  # type: ignore[operator, union-attr]
    module.bias.copy_(torch.from_numpy(layer.biases))  # type: ignore[operator, union-attr]


def _fill(convolution: nn.Module, norm: nn.Module, layer: Layer) -> None:
    """Put a layer into a convolution, and its biases into the batch norm behind it, which is one no longer."""
    convolution.weight.copy_(torch.from_numpy(layer.weights))  # type: ignore[operator, union-attr]
    norm.weight.fill_(1)  # type: ignore[operator]
    norm.bias.copy_(torch.from_numpy(layer.biases))  # type: ignore[operator, union-attr]
    norm.running_mean.zero_()  # type: ignore[operator, union-attr]
    norm.running_var.fill_(1 - norm.eps)  # type: ignore[operator]
