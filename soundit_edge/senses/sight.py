"""What senses found in a picture, as lines that can be drawn: where people are, never what they look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Line = tuple[tuple[float, float], ...]
"""Points that are joined: x to the right and y down, in shares of the picture's width and height."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One face or body.

    Attributes:
        kind: which of them.
        box: left, top, right, bottom in shares of the picture, possibly beyond its edges.
        lines: its outline, or its limbs.
    """

    kind: Literal["face", "body"]
    box: tuple[float, float, float, float]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one sense found in one frame.

    Attributes:
        t: the frame's moment, in seconds of its source's clock.
        width, height: of the frame, in pixels.
        outlines: what was found.
    """

    t: float
    width: int
    height: int
    outlines: tuple[Outline, ...] = ()


def line_through(points: npt.NDArray[np.floating[Any]], width: int, height: int) -> Line:
    """Return points of a picture, [n, 2] in its pixels, as a line in shares of its width and height."""
    return tuple((float(x) / width, float(y) / height) for x, y in points)
