"""Accents that go against the metre: what a riff, the bass drum and the hits beat together."""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np

from soundit_edge.music.compose.metre import Metre

Accents = tuple[tuple[float, ...], ...]
"""The accented beats of each of two bars, which take turns."""

_GROUPS: Final = {  # of semiquavers
    16: ((3, 3, 3, 3, 4), (3, 3, 2, 3, 3, 2), (5, 5, 6), (3, 3, 4, 3, 3), (2, 3, 3, 2, 3, 3), (7, 5, 4), (6, 6, 4)),
    12: ((3, 3, 3, 3), (5, 5, 2), (4, 4, 4), (3, 2, 3, 4), (5, 4, 3), (2, 2, 3, 2, 3)),
}


def draw_accents(random: np.random.Generator, metre: Metre) -> Accents:
    """Return accents for two bars, in groups of semiquavers that are not the metre's own."""
    count = 2 * metre.pulses
    options = _GROUPS[count]
    first, second = (options[int(random.integers(len(options)))] for _ in range(2))
    return tuple(
        tuple(start / (2 * metre.division) for start in itertools.accumulate((0, *groups[:-1])))
        for groups in (first, second)
    )
