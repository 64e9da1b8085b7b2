"""Clips as one film of 640x480: decoded as it is read, or beforehand, so that decoding costs no chain anything."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from soundit_edge.capture.capture import Capture, Frame, Sound
from soundit_edge.capture.clip import Clip

SIZE: Final = (640, 480)
FPS: Final = 30.0


class Film:
    """Clips one after the other as one film of 640x480, decoded as it is read."""

    name = "film"
    live = False

    def __init__(self, clips: Sequence[Path]) -> None:
        """Name the clips."""
        self._clips = clips

    def __enter__(self) -> Capture:
        return self

    def __exit__(self, *exc: object) -> None: ...

    def items(self) -> Iterator[Frame | Sound]:
        """Yield frames and sound; see `Capture.items`."""
        begin = 0.0
        for path in self._clips:
            end = begin
            with Clip(path, max_fps=FPS) as clip:
                for item in clip.items():
                    item = replace(item, t=begin + item.t)
                    end = max(end, item.end if isinstance(item, Sound) else item.t + 1 / FPS)
                    yield Frame(item.t, _fitted(item.rgb)) if isinstance(item, Frame) else item
            begin = end


class DecodedFilm(Film):
    """The beginning of a film, decoded beforehand into a file, in whose pages a process finds its pictures."""

    def __init__(self, path: Path) -> None:
        """Open the file that `decode` wrote."""
        self._path = path

    def items(self) -> Iterator[Frame | Sound]:
        """Yield frames and sound; see `Capture.items`."""
        pictures = np.load(self._path, mmap_mode="r")
        others: list[float | Sound] = pickle.loads(_beside(self._path).read_bytes())
        number = 0
        for item in others:
            if isinstance(item, Sound):
                yield item
                continue
            yield Frame(item, np.array(pictures[number]))
            number += 1


def decode(clips: Sequence[Path], seconds: float, path: Path) -> None:
    """Write the beginning of a film of some clips into a file, for `DecodedFilm`.

    Args:
        clips: one after the other.
        seconds: how much of the film.
        path: a file *.npy; its sound and moments go into another one beside it.
    """
    pictures: list[Any] = []
    others: list[float | Sound] = []
    for item in Film(clips).items():
        if item.t >= seconds:
            break
        if isinstance(item, Frame):
            pictures.append(item.rgb)
        others.append(item.t if isinstance(item, Frame) else item)
    np.save(path, np.stack(pictures))
    _beside(path).write_bytes(pickle.dumps(others))


def _beside(path: Path) -> Path:
    return path.with_suffix(".pickle")


def _fitted(rgb: Any) -> Any:
    """Return a picture scaled up or down into 640x480, with black beside or above it."""
    width, height = SIZE
    scale = min(width / rgb.shape[1], height / rgb.shape[0])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    whole = np.zeros((height, width, 3), np.uint8)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    whole[top : top + small.shape[0], left : left + small.shape[1]] = small
    return whole
