"""Decoded frames as a viewer sees them: RGB, upright, with square pixels, no larger and no more often than needed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame

MAX_SIDE: Final = 1920
"""Pixels; a larger picture is scaled down when it is decoded."""
MAX_ASPECT: Final = 8
"""A pixel that is stated to be so many times as wide as high, or as high as wide, is taken for a square one."""

EARLY_S: Final = 0.02
"""A frame that comes so much early is on time: a 25 fps film stays whole where 25 fps are wanted."""


class Seeing:
    """Turns the decoded frames of one video stream into `Frame`, leaving out what comes more often than wanted."""

    def __init__(self, stream: Any, max_fps: float, begin_s: float = 0.0) -> None:
        """Args:
        stream: the video stream (PyAV) before its first frame, or None.
        max_fps: frames a second to give at most.
        begin_s: what begins earlier is left out.
        """
        self._aspect = None if stream is None else PixelAspect(stream)
        self._spacing_s = 1 / max_fps
        self._due_s = self._next_s = begin_s
        rate = None if stream is None else stream.average_rate
        self._frame_s = float(1 / rate) if rate else self._spacing_s

    def __call__(self, frame: Any, moment_s: float | None) -> Iterator[Frame]:
        """Give a frame that is shown at a moment, if it is due; None: after the one before.

        Raises:
            av.error.FFmpegError, ValueError: it cannot be converted, for it is damaged.
        """
        t = self._next_s if moment_s is None else moment_s
        self._next_s = t + self._frame_s
        if t < self._due_s - EARLY_S:
            return
        self._due_s = max(self._due_s, t) + self._spacing_s
        yield Frame(max(t, 0.0), upright(frame, self._aspect.now() if self._aspect else Fraction(1)))


def upright(frame: Any, aspect: Fraction = Fraction(1)) -> npt.NDArray[np.uint8]:
    """Return a frame (PyAV) as uint8 [height, width, 3].

    Args:
        frame: a decoded frame.
        aspect: width of its pixels by their height.

    Raises:
        av.error.FFmpegError, ValueError: it cannot be converted, for it is damaged.
    """
    # The shorter side of a pixel grows, so that no detail is lost.
    width, height = frame.width * max(1.0, float(aspect)), frame.height * max(1.0, float(1 / aspect))
    scale = min(1.0, MAX_SIDE / max(width, height))
    rgb = frame.reformat(max(1, round(width * scale)), max(1, round(height * scale))).to_ndarray(format="rgb24")
    # Telephones store how they were held instead of turning the picture.
    return np.ascontiguousarray(np.rot90(rgb, round(frame.rotation / 90)))


class PixelAspect:
    """The width of a video stream's pixels by their height, which a broadcast changes on the way."""

    def __init__(self, stream: Any) -> None:
        """Args:
        stream: a video stream (PyAV) before its first frame.
        """
        self._context = stream.codec_context
        self._coded = self._context.sample_aspect_ratio
        self._stated = stream.sample_aspect_ratio  # what the container says goes before what is coded

    def now(self) -> Fraction:
        """Return the aspect of the frame that was decoded last; 1 where none is stated, or none that can be."""
        coded = self._context.sample_aspect_ratio
        aspect = self._stated if coded == self._coded else coded
        if not aspect or not Fraction(1, MAX_ASPECT) <= aspect <= MAX_ASPECT:
            return Fraction(1)
        return Fraction(aspect)
