"""What every picture of the device is made of.

Numbers are rounded to four decimals, so that a sum that misses its range by a rounding error is no failure and the
events stay small. Words are presentable whatever they were made of (names of files and devices may hold any bytes), so
that a picture can always be sent.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat

from soundit_edge.text import presentable

FLOOR_DB: Final = -120.0
"""The level of digital silence: minus infinity is no JSON."""


def rounded(value: object) -> object:
    """Return a number with four decimals; anything else as it is."""
    return round(value, 4) if isinstance(value, float) else value


def _presentable(value: object) -> object:
    return presentable(value) if isinstance(value, str) else value


def _audible(level: float) -> float:
    return max(FLOOR_DB, level)


Text = Annotated[str, BeforeValidator(_presentable)]
Number = Annotated[FiniteFloat, BeforeValidator(rounded)]
Amount = Annotated[FiniteFloat, BeforeValidator(rounded), Field(ge=0)]
Share = Annotated[FiniteFloat, BeforeValidator(rounded), Field(ge=0, le=1)]
Signed = Annotated[FiniteFloat, BeforeValidator(rounded), Field(ge=-1, le=1)]
Decibels = Annotated[float, BeforeValidator(rounded), AfterValidator(_audible)]


class StatusModel(BaseModel):
    """A part of what clients see: it never changes, and has nothing that is not described."""

    model_config = ConfigDict(frozen=True, extra="forbid")
