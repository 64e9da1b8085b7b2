"""Quality control: what the engine leaves out when the processor cannot keep up, and when it is restored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

AVERAGE_BLOCKS: Final = 24
"""Blocks over which the load is averaged: a quarter of a second."""
HEAVY: Final = 0.85
"""Mean load, as a share of the blocks' own length, above which quality is reduced."""
LATE: Final = 2
"""Late blocks within `AVERAGE_BLOCKS` that are too many, whatever the mean."""
EASY: Final = 0.45
"""Mean load below which the next better level is worth a try: no level costs twice as much as the next cheaper one."""
SETTLE_BLOCKS: Final = 48
"""Blocks after a step down during which no further step is made, so that its effect shows."""
CLIMB_BLOCKS: Final = 600
"""Blocks (6 s) of an easy load before a step up; twice as many after each step up that had to be taken back."""
PATIENCE: Final = 16
"""Largest multiple of `CLIMB_BLOCKS` that this doubling reaches."""


class QualityLevel(IntEnum):
    """The quality levels of the engine, from the best to the cheapest."""

    FULL = 0
    SINGLE_BAND = 1
    """One window in the stretcher instead of two: cheaper, but attacks are smeared."""
    NO_ROOM = 2
    """As `SINGLE_BAND`, and without wah and reverberation."""
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
"""Parameters of a target that cannot be heard at a quality level."""


class QualityControl:
    """Lowers the quality level when blocks are late, and raises it again after a while of easy load."""

    def __init__(self) -> None:
        self.level = QualityLevel.FULL
        self._load = 0.0
        self._late = 0.0  # running count of late blocks, which decays over AVERAGE_BLOCKS
        self._since = SETTLE_BLOCKS  # blocks since the last step
        self._easy = 0  # blocks of easy load in a row
        self._climbed = False  # whether the last step was up
        self._wait = 1  # multiple of CLIMB_BLOCKS before the next step up

    def observe(self, load: float) -> QualityLevel:
        """Take the load of the latest block into account, and return the quality level of the next one.

        Args:
            load: how long the latest block took to render, as a share of how long it lasts; above 1 it was late.
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
