"""Draws by weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def drawn(random: np.random.Generator, weights: Mapping[T, float]) -> T:
    """Return one of the keys, each as often as its weight says beside the others."""
    names, numbers = list(weights), np.fromiter(weights.values(), float, len(weights))
    return names[int(random.choice(len(names), p=numbers / numbers.sum()))]
