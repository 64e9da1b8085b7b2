"""Turns decoded frames into what a viewer sees: RGB, upright, with square pixels, limited in size and rate."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import numpy as np

from soundit_edge.capture.capture import DeferredRgb, Frame, Rgb

MAX_SIDE: Final = 1920
"""Pixels; a larger picture is scaled down when it is decoded."""
MAX_ASPECT: Final = 8
"""A pixel aspect ratio above this, or below its inverse, is taken for an error: the pixels count as square."""

EARLY_S: Final = 0.02
"""A frame that is early by up to this is on time: a 25 fps film keeps all frames at a limit of 25 fps."""


class FrameConverter:
    """Turns the decoded frames of one video stream into `Frame`, and drops those above a frame rate."""

    def __init__(self, stream: Any, max_fps: float, begin_s: float = 0.0) -> None:
        """Set the frame rate and the beginning.

        Args:
            stream: the video stream (PyAV) before its first frame, or None.
            max_fps: the highest frame rate to give.
            begin_s: earlier frames are left out.
        """
        self._aspect = None if stream is None else PixelAspect(stream)
        self._spacing_s = 1 / max_fps
        self._due_s = self._next_s = begin_s
        rate = None if stream is None else stream.average_rate
        self._frame_s = float(1 / rate) if rate else self._spacing_s
        self._converted: tuple[Any, ...] | None = None

    def __call__(self, frame: Any, moment_s: float | None) -> Iterator[Frame]:
        """Yield a decoded frame, if it is due.

        Args:
            frame: a decoded frame (PyAV).
            moment_s: when it is shown; None: one frame after the one before.

        Raises:
            av.error.FFmpegError, ValueError: the frame is damaged and cannot be converted.
        """
        t = self._next_s if moment_s is None else moment_s
        self._next_s = t + self._frame_s
        if t < self._due_s - EARLY_S:
            return
        self._due_s = max(self._due_s, t) + self._spacing_s
        yield Frame(max(t, 0.0), self._picture(frame, self._aspect.now() if self._aspect else Fraction(1)))

    def _picture(self, frame: Any, aspect: Fraction) -> Rgb | DeferredRgb:
        """Return a picture that is converted when it is read, where it is sure that it can be."""
        kind = frame.format.name, frame.width, frame.height, frame.rotation, aspect
        # A large picture takes less memory when it has been scaled down.
        if kind == self._converted and max(frame.width, frame.height) <= MAX_SIDE:
            return DeferredRgb(lambda: upright(frame, aspect))
        rgb = upright(frame, aspect)
        self._converted = kind
        return rgb


def upright(frame: Any, aspect: Fraction = Fraction(1)) -> Rgb:
    """Return a frame upright and with square pixels, uint8 [height, width, 3].

    Args:
        frame: a decoded frame (PyAV).
        aspect: the aspect ratio of its pixels, width by height.

    Raises:
        av.error.FFmpegError, ValueError: the frame is damaged and cannot be converted.
    """
    # The shorter side of a pixel grows, so that no detail is lost.
    width, height = frame.width * max(1.0, float(aspect)), frame.height * max(1.0, float(1 / aspect))
    scale = min(1.0, MAX_SIDE / max(width, height))
    rgb = frame.reformat(max(1, round(width * scale)), max(1, round(height * scale))).to_ndarray(format="rgb24")
    # Telephones store the angle at which they were held instead of rotating the picture.
    return np.ascontiguousarray(np.rot90(rgb, round(frame.rotation / 90)))


class PixelAspect:
    """The aspect ratio of a video stream's pixels, width by height, which may change within a broadcast."""

    def __init__(self, stream: Any) -> None:
        """Watch a stream's decoder.

        Args:
            stream: a video stream (PyAV) before its first frame.
        """
        self._context = stream.codec_context
        self._coded = self._context.sample_aspect_ratio
        self._stated = stream.sample_aspect_ratio  # the container's statement overrides the coded one

    def now(self) -> Fraction:
        """Return the aspect ratio of the frame that was decoded last; 1 where none is stated, or see `MAX_ASPECT`."""
        coded = self._context.sample_aspect_ratio
        aspect = self._stated if coded == self._coded else coded
        if not aspect or not Fraction(1, MAX_ASPECT) <= aspect <= MAX_ASPECT:
            return Fraction(1)
        return Fraction(aspect)
