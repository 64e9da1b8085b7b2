"""Clips of a static half face, such as GRID's of 184x104 pixels, as the device would have cropped their mouths."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.senses.face.mesh import PRESENT, FaceMesh, Mesh
from soundit_edge.senses.geometry import Square
from soundit_edge.senses.lips.crops import Mouth, crop, mouth_of, smoothed
from soundit_edge.senses.lips.grid import SILENCE

RATE: Final = 25
SUFFIXES: Final = (".mp4", ".mpg", ".avi", ".mov", ".mkv", ".webm")
_TICKS: Final = 1000
"""Units of an .align file to a frame."""
ABOVE, BESIDE, BELOW = 120, 60, 60
"""Pixels by which a half face is framed, so that the mesh has a whole face's room."""
USUAL: Final = Square(92, 22, 200)
"""Where a face lies in GRID's crops, half of it above them."""


def read_grey(path: Path) -> npt.NDArray[np.uint8]:
    """Return the frames of a clip, uint8 [n, height, width].

    Raises:
        SounditError: it cannot be read.
    """
    capture = cv2.VideoCapture(str(path))
    frames = []
    while True:
        more, frame = capture.read()
        if not more:
            break
        frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))
    capture.release()
    if not frames:
        raise SounditError(f"{path}: not a clip that can be read")
    return np.stack(frames).astype(np.uint8, copy=False)


class HalfFaces:
    """Cuts the mouths out of clips whose faces lack their upper half. The mesh is the device's."""

    def __init__(self) -> None:
        self._mesh = FaceMesh()

    def mouths(self, frames: npt.NDArray[np.uint8]) -> list[Mouth]:
        """Return where the mouth is in each frame of a clip uint8 [n, height, width], at the clip's own scale.

        The scale is not measured, for eyes that are not to be seen are only guessed; it is that of the camera.
        """
        height, width = frames.shape[1:]
        usual = Square(USUAL.x * width / 184, USUAL.y * height / 104, USUAL.side * width / 184)
        found: list[Mouth | None] = []
        last: Mouth | None = None
        face: Mesh | None = None
        for frame in frames:
            framed = cv2.copyMakeBorder(frame, ABOVE, BELOW, BESIDE, BESIDE, cv2.BORDER_REPLICATE)
            rgb = np.asarray(cv2.cvtColor(framed, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
            if face is None:
                face = self._mesh.fit(rgb, Square(usual.x + BESIDE, usual.y + ABOVE, usual.side))
            face = self._mesh.fit(rgb, face.square())
            if face.presence >= PRESENT:
                seen = mouth_of(face)
                last = smoothed(last, Mouth(seen.x - BESIDE, seen.y - ABOVE, 184 / width, seen.angle), 1 / RATE)
                found.append(last)
            else:
                face = None
                found.append(last)
        first = next((mouth for mouth in found if mouth is not None), Mouth(width / 2, 0.52 * height, 184 / width, 0.0))
        return [mouth or first for mouth in found]

    def crops(self, frames: npt.NDArray[np.uint8], *, margin: int = 0) -> npt.NDArray[np.uint8]:
        """Return the mouths of a clip uint8 [n, height, width]: uint8 [n, 32 + 2 margin, 56 + 2 margin]."""
        places = self.mouths(frames)
        return np.stack([crop(frame, place, margin=margin) for frame, place in zip(frames, places, strict=True)])


def read_align(path: Path) -> list[tuple[int, int, str]]:
    """Return first frame, frame after the last, and word of each line of an .align file.

    Raises:
        SounditError: the file is not of this form.
    """
    try:
        rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
        return [(round(int(a) / _TICKS), round(int(b) / _TICKS), word) for a, b, word in rows]
    except (OSError, ValueError) as error:
        raise SounditError(f"{path}: not the times of words ({error})") from error


def frame_labels(times: Sequence[tuple[int, int, str]], names: Sequence[str], frames: int) -> npt.NDArray[np.int64]:
    """Return each frame's word as a position in `names`, int64 [frames]; what is no word ("sp", a gap) is silence."""
    labels = np.full(frames, names.index(SILENCE), np.int64)
    for first, end, word in times:
        if word in names:
            labels[first : max(end, first + 1)] = names.index(word)
    return labels


def words_of(times: Sequence[tuple[int, int, str]]) -> tuple[str, ...]:
    """Return what was said, without silences."""
    return tuple(word for _, _, word in times if word not in (SILENCE, "sp"))


def find_clips(folder: Path) -> list[tuple[Path, Path]]:
    """Return the clips of a folder with their times: *_mouth/NAME.mp4 and *_align/NAME.align, or both side by side.

    Raises:
        SounditError: there is none.
    """
    films = [path for path in [*folder.glob("*_mouth/*"), *folder.glob("*")] if path.suffix.lower() in SUFFIXES]
    pairs = []
    for film in sorted(films):
        aligned = film.parent.with_name(film.parent.name.replace("_mouth", "_align")) / f"{film.stem}.align"
        if aligned.is_file():
            pairs.append((film, aligned))
    if not pairs:
        raise SounditError(f"{folder}: no clip (NAME.mp4) with the times of its words (NAME.align beside it)")
    return pairs


def to_length(crops: npt.NDArray[np.uint8], frames: int) -> npt.NDArray[np.uint8]:
    """Return a clip cut or, by its last frame, filled up to a number of frames."""
    missing = frames - len(crops)
    return crops[:frames] if missing <= 0 else np.concatenate([crops, np.repeat(crops[-1:], missing, 0)])
