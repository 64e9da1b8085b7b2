"""What to leave out when the processor cannot keep up, and when to have it back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

AVERAGE_BLOCKS: Final = 24
"""Blocks over which the load is averaged: a quarter of a second."""
HEAVY: Final = 0.85
"""Share of the time there is that making blocks may take in the mean."""
LATE: Final = 2
"""Late blocks within `AVERAGE_BLOCKS` that are too many, whatever the mean."""
EASY: Final = 0.45
"""Below this mean the next better rung is worth a try: no rung costs twice what the one below it does."""
SETTLE_BLOCKS: Final = 48
"""Blocks after a step down in which its effect is only waited for."""
CLIMB_BLOCKS: Final = 600
"""Blocks (6 s) of an easy load before a step up; twice as many after each step up that had to be taken back."""
PATIENCE: Final = 16
"""How often that may double at most."""


class QualityLevel(IntEnum):
    """What the engine does, from the best to the cheapest."""

    FULL = 0
    SINGLE_BAND = 1
    """One window in the stretcher instead of two: cheaper, but attacks are smeared."""
    NO_ROOM = 2
    """And neither wah nor reverberation."""
    RESAMPLE = 3
    """The track's own samples, read faster or slower, and so higher or lower, too."""


_NO_ROOM: Final = frozenset({"wah", "wet", "reverb_s"})
UNHEARD: Final[Mapping[QualityLevel, frozenset[str]]] = MappingProxyType(
    {
        QualityLevel.FULL: frozenset(),
        QualityLevel.SINGLE_BAND: frozenset(),
        QualityLevel.NO_ROOM: _NO_ROOM,
        QualityLevel.RESAMPLE: _NO_ROOM | {"semitones"},
    }
)
"""Parameters of a target that cannot be heard on a rung."""


class QualityControl:
    """Goes down a rung when blocks are late, and up again when there has been time to spare for a while."""

    def __init__(self) -> None:
        self.level = QualityLevel.FULL
        self._load = 0.0
        self._late = 0.0  # late blocks of lately
        self._since = SETTLE_BLOCKS  # blocks since the last step
        self._easy = 0  # blocks in a row
        self._climbed = False  # whether the last step was up
        self._wait = 1  # times CLIMB_BLOCKS

    def observe(self, load: float) -> QualityLevel:
        """The rung to go on with.

        Args:
            load: how long the latest block took to make, as a share of how long it lasts; above 1 it was late.
        """
        share = 1.0 / AVERAGE_BLOCKS
        self._load += (min(load, 4.0) - self._load) * share
        self._since += 1
        if self._since > SETTLE_BLOCKS:
            self._late += (load > 1.0) - self._late * share
        self._easy = self._easy + 1 if self._load < EASY and load <= 1.0 else 0
        heavy = self._load > HEAVY or self._late > LATE - 0.5
        if heavy and self._since > SETTLE_BLOCKS and self.level is not QualityLevel.RESAMPLE:
            self._wait = min(PATIENCE, 2 * self._wait) if self._climbed else 1
            self._step(1)
        elif self._easy >= CLIMB_BLOCKS * self._wait and self.level is not QualityLevel.FULL:
            self._step(-1)
        return self.level

    def _step(self, down: int) -> None:
        self.level = QualityLevel(self.level + down)
        self._climbed = down < 0
        self._since = self._easy = 0
        self._late = 0.0
