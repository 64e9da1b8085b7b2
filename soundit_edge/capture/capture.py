"""The protocol of the sources of pictures and sound, and the items that they give."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError

SOUND_RATE: Final = 16_000
"""Samples a second of all captured sound."""


class CaptureError(SounditError):
    """A source cannot be opened or understood. The message names it and says what to do."""


class CaptureLost(CaptureError):
    """A source that worked is gone (unplugged); it can be opened again once it is back."""


Rgb = npt.NDArray[np.uint8]
"""A picture: uint8 [height, width, 3]."""


class DeferredRgb:
    """A picture that is converted when it is first read. Safe between threads.

    Most frames of a camera are read by nobody, and a conversion costs as much as a small network.
    """

    def __init__(self, convert: Callable[[], Rgb]) -> None:
        """Convert nothing yet.

        Args:
            convert: returns the picture; called once, or never.
        """
        self._lock = threading.Lock()
        self._convert: Callable[[], Rgb] | None = convert
        self._rgb: Rgb | None = None

    def rgb(self) -> Rgb:
        """Return the picture."""
        with self._lock:
            if self._convert is not None:
                self._rgb, self._convert = self._convert(), None
            assert self._rgb is not None
            return self._rgb


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture.

    Attributes:
        t: the moment it shows, in seconds of the source's clock.
        picture: itself, or how it is converted when somebody reads `rgb`.
        camera: which of several cameras it is of, from 0.
    """

    t: float
    picture: Rgb | DeferredRgb
    camera: int = 0

    @property
    def rgb(self) -> Rgb:
        """Return the picture, uint8 [height, width, 3]."""
        return self.picture.rgb() if isinstance(self.picture, DeferredRgb) else self.picture


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch of sound.

    Attributes:
        t: the moment of the first sample, in seconds of the source's clock.
        samples: float32 [n], mono, `SOUND_RATE` samples a second, nominally within -1 to 1.
    """

    t: float
    samples: npt.NDArray[np.float32]

    @property
    def end(self) -> float:
        """Return the moment just after the last sample, in seconds."""
        return self.t + len(self.samples) / SOUND_RATE


class Capture(Protocol):
    """A source of frames, sound or both.

    A capture is a context manager: entering opens it, leaving closes it, and it may be opened again afterwards.

    Attributes:
        name: the name that the user sees.
        live: whether items come in real time (camera, microphone) or as fast as they are consumed (clip, demo).
    """

    name: str
    live: bool

    def __enter__(self) -> Capture:
        """Open the source.

        Raises:
            CaptureError: the source does not exist or cannot be used.
        """
        ...

    def __exit__(self, *exc: object) -> None: ...

    def items(self) -> Iterator[Frame | Sound]:
        """Yield frames and sound in order of time, with `t` beginning near 0; wait for the next item of a live source.

        The iterator ends where the source ends, or soon after the source was closed from another thread.

        Raises:
            CaptureLost: the source went away.
        """
        ...
