"""How often each clip is drawn, and with which other it is mixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from tools.train.voice.data import Clip

MIX_UP: Final = 0.3


def chances(clips: Sequence[Clip]) -> npt.NDArray[np.float64]:
    """Return how often each clip is drawn, [n], summing to one; see `tools.train.voice.batches.CorpusBatches`."""
    corpora, of_corpus, sizes = np.unique([c.corpus for c in clips], return_inverse=True, return_counts=True)
    weights = np.zeros(len(clips))
    speakers, labels = np.array([c.speaker for c in clips]), np.array([c.label for c in clips])
    for number in range(len(corpora)):
        own = of_corpus == number
        persons = np.unique(speakers[own])
        for person in persons:
            his = own & (speakers == person)
            classes, counts = np.unique(labels[his], return_counts=True)
            for label, count in zip(classes, counts, strict=True):
                weights[his & (labels == label)] = np.sqrt(sizes[number]) / len(persons) / len(classes) / count
    return np.asarray(weights / weights.sum())


def partners(corpora: npt.NDArray[np.str_]) -> npt.NDArray[np.int64]:
    """Return for each of sorted corpora's names the place of another of the same corpus: its block turned round."""
    order = np.arange(len(corpora))
    for corpus in np.unique(corpora):
        block = np.flatnonzero(corpora == corpus)
        order[block] = block[::-1]
    return order


def mixed(
    x: npt.NDArray[np.float32],
    shares: npt.NDArray[np.float32],
    partner: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Mix each picture and its shares with its partner's in half of the batches (mix-up, Zhang et al. 2018)."""
    if rng.random() < 0.5:
        return x, shares
    share = np.float32(rng.beta(MIX_UP, MIX_UP))
    return share * x + (1 - share) * x[partner], share * shares + (1 - share) * shares[partner]
