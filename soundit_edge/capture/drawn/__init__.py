"""The built-in demo: a drawn face and scene, and a synthetic voice, that move through the emotions.

It replaces a missing camera, and shows what the device does without a person in view.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from soundit_edge.capture.capture import DeferredRgb, Frame, Sound
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import pose_at
from soundit_edge.capture.drawn.voice import Voice

FPS: Final = 10


class Drawn:
    """The demo as a source: ten frames and ten blocks of sound a second, endless, and the same in every run."""

    name = "drawn demo"
    live = False

    def __init__(self, *, sound: bool = True) -> None:
        """Choose what the demo gives.

        Args:
            sound: whether to give sound; not where a real microphone is used.
        """
        self._sound = sound
        self._closed = True

    def __enter__(self) -> Drawn:
        self._closed = False
        return self

    def __exit__(self, *exc: object) -> None:
        self._closed = True

    def items(self) -> Iterator[Frame | Sound]:
        """Yield frames and sound in order of time; see `Capture.items`."""
        voice = Voice()
        number = 0
        while not self._closed:
            t = number / FPS
            yield Frame(t, DeferredRgb(partial(draw, pose_at(t), t)))
            if self._sound:
                yield voice.next_block()
            number += 1
