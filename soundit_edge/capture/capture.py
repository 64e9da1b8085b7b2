"""Where pictures and sound come from: camera, microphone, clip and the drawn demo, behind one protocol."""

from __future__ import annotations

from collections.abc import Iterator
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
    """A source that worked is gone (unplugged); it may come back and be opened again."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture.

    Attributes:
        t: the moment it shows, in seconds of the source's clock.
        rgb: uint8 [height, width, 3].
    """

    t: float
    rgb: npt.NDArray[np.uint8]


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
        """The moment just after the last sample."""
        return self.t + len(self.samples) / SOUND_RATE


class Capture(Protocol):
    """A source of frames, sound or both.

    A capture is a context manager: entering opens it, leaving closes it, and both may be done again after the other.

    Attributes:
        name: what the user calls it.
        live: whether items come when they happen (camera, microphone) or as fast as they are asked for (clip, demo).
    """

    name: str
    live: bool

    def __enter__(self) -> Capture:
        """Open the source.

        Raises:
            CaptureError: it is not there or cannot be used.
        """
        ...

    def __exit__(self, *exc: object) -> None: ...

    def items(self) -> Iterator[Frame | Sound]:
        """What the source gives, in order of time, with `t` beginning near 0; waits for a live source's next item.

        Ends where the source ends, or soon after it was closed from another thread.

        Raises:
            CaptureLost: the source went away.
        """
        ...
