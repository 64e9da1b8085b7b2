"""How good a head is, by the takes that were kept from it while it learnt."""

from __future__ import annotations

import math

from pydantic import BaseModel, ConfigDict, Field


class HeadReport(BaseModel):
    """What heads said of takes that they had not learnt from.

    Attributes:
        takes: how many there were.
        right: how many of them were named rightly.
        low, high: the share of all such takes that would be, 0 to 1: Wilson's interval of 95 %.
        shipped_right: of how many the shipped model alone named the emotion that the label counts as.
        confusion: how many takes of each label (row) were called which (column).
        alike: pairs of names that it often mistakes for each other.
        certain: whether it is surely better than guessing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    takes: int = Field(ge=1)
    right: int = Field(ge=0)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    shipped_right: int = Field(ge=0)
    confusion: tuple[tuple[int, ...], ...]
    alike: tuple[tuple[str, str], ...]
    certain: bool

    def doubt(self) -> str:
        """Return why such a head is of no use, in a sentence; "" where nothing speaks against it."""
        if self.alike:
            name, other = self.alike[0]
            return f"“{name}” and “{other}” are not told apart: show them more differently, or record more takes."
        return "" if self.certain else "They are told apart no better than by guessing: record more takes."


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's (1927) 95 % interval of a share that was measured on n >= 1 samples."""
    z = 1.96
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)
