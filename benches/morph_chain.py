"""What the whole chain costs, and how often a block of it is late."""

from __future__ import annotations

import time

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.compose.theme.theme import theme
from soundit_edge.music.director.target import MusicTarget, target_of_row
from soundit_edge.music.morph.deck import Deck
from soundit_edge.music.morph.engine import MorphEngine

LOW = MusicTarget(0.8, -3, 3_000, 0.6, 0.05, -3, 60, 0.1, 0.1, 0.2, 0.2)
HIGH = MusicTarget(1.2, 3, 14_000, 2.8, 0.35, 2, 400, 0.6, 0.5, 1, 1)


def busy(seconds: float, every_blocks: int = 4) -> tuple[float, float, float]:
    """Percent of a core with every parameter on its way somewhere in every block: the mean, the median and the 99th
    percentile of the blocks; processor time of the thread."""
    random = np.random.default_rng(0)
    low, high = LOW.to_row(), HIGH.to_row()
    engine = MorphEngine(Deck(theme(1)))
    engine.render(RATE)
    shares = []
    for k in range(round(seconds * RATE / BLOCK)):
        if k % every_blocks == 0:
            engine.set(target_of_row(random.uniform(low, high)))
        began = time.thread_time()
        engine.render(BLOCK)
        shares.append(100 * (time.thread_time() - began) * RATE / BLOCK)
    return float(np.mean(shares)), float(np.median(shares)), float(np.quantile(shares, 0.99))
