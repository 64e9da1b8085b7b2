"""A mixture of two experts (Jacobs et al. 1991): one of a single corpus, one of all, and a gate that hears whom to ask.

The emotions of RAVDESS are eight, played by many, in one room: a network of it alone knows them better than one that
learnt from all corpora, and knows other languages worse. The gate belongs to the second network: it tells how much a
picture is of the first one's kind. But to one of no corpus that either has learnt from, both know half of it: in each
language that was left out, their mean did better than the better one. So the expert always has its say. Mixed are
logits, so what leaves the network is a softmax as before.
"""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tools.train.voice.net import VoiceNet

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
        general: torch.Tensor = self.general.output(heard)
        return general + share * (self.expert(x) - general)
