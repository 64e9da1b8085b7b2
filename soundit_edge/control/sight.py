"""What the device sees and hears at this moment, as lines and levels: never a picture, never a sound."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, NonNegativeInt

from soundit_edge.control.picture import Amount, Decibels, Number

Place = tuple[Number, Number]
"""x to the right and y down, in shares of the picture's width and height."""


class Glimpse(BaseModel):
    """What was so for a moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FigureStatus(Glimpse):
    """One face or body that was found.

    Attributes:
        kind: which of them.
        box: left, top, right, bottom in shares of the picture, possibly beyond its edges.
        lines: its outline, or its limbs.
    """

    kind: Literal["face", "body"]
    box: tuple[Number, Number, Number, Number]
    lines: tuple[tuple[Place, ...], ...]


class SightStatus(Glimpse):
    """What the senses found in the newest frame.

    Attributes:
        age_s: seconds since that frame; None where no sense has looked at one lately.
        width, height: of the frame, in pixels; 0 where there is none.
        figures: what was found.
    """

    age_s: Amount | None = None
    width: NonNegativeInt = 0
    height: NonNegativeInt = 0
    figures: tuple[FigureStatus, ...] = ()


class HearingStatus(Glimpse):
    """How loud the last moment was at the microphone.

    Attributes:
        rms_db: its mean level, in dB re full scale; None where nothing was heard lately.
        peak_db: its highest sample, likewise.
    """

    rms_db: Decibels | None = None
    peak_db: Decibels | None = None
