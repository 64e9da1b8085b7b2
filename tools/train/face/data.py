"""FER2013 with FER+ votes as arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.senses.face.expression import FERPLUS

Pictures = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Faces:
    """Some rows of the data set.

    Attributes:
        pictures: uint8 [n, 48, 48].
        votes: float32 [n, 8], the FER+ votes as shares (single votes, unknown and not-a-face left out).
        majority: int64 [n], the class with more than 5 of 10 votes, or -1.
        fer: int64 [n], FER's own label.
    """

    pictures: Pictures
    votes: npt.NDArray[np.float32]
    majority: npt.NDArray[np.int64]
    fer: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pictures)


def majority_label(votes: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return the class with more than 5 of each row of votes [n, 10]; -1 for none, unknown or not-a-face."""
    winner = votes.argmax(1)
    clear = (votes.max(1) > 5) & (winner < len(FERPLUS))
    return np.where(clear, winner, -1).astype(np.int64)


def load(path: Path, voted: bool = True) -> tuple[Faces, Faces]:
    """Return the rows to learn from (split `train`) and those to choose by (`public_test`).

    Left out of the first: the twins, pixel by pixel, of a row of the second, and, unless `voted` is False, rows
    without usable votes.
    """
    data = np.load(path, allow_pickle=False)
    png, offset, split = data["png"], data["offset"], data["split"].astype(str)
    names = list(data["ferplus_columns"].astype(str))
    if tuple(names[: len(FERPLUS)]) != FERPLUS:
        raise SounditError(f"{path}: unexpected order of votes: {names}")
    votes, matched = data["ferplus"], data["ferplus_ok"].astype(bool)
    wanted = np.flatnonzero((split == "train") | (split == "public_test"))
    pictures = np.stack([cv2.imdecode(png[offset[i] : offset[i + 1]], 0) for i in wanted]).astype(np.uint8)
    split, votes, matched, fer = split[wanted], votes[wanted], matched[wanted], data["labels"][wanted].astype(np.int64)

    shares = np.where(votes[:, : len(FERPLUS)] > 1, votes[:, : len(FERPLUS)], 0).astype(np.float32)
    # A picture whose voters mostly saw no face, or nothing they could name, teaches nothing.
    usable = matched & (shares.sum(1) > 0) & (votes.argmax(1) < len(FERPLUS))
    shares /= np.maximum(shares.sum(1, keepdims=True), 1)
    test = split == "public_test"
    held_out = {p.tobytes() for p in pictures[test]}
    twin = np.array([not t and p.tobytes() in held_out for p, t in zip(pictures, test, strict=True)])
    majority = np.where(matched, majority_label(votes), -1)

    def part(rows: npt.NDArray[np.bool_]) -> Faces:
        return Faces(pictures[rows], shares[rows], majority[rows], fer[rows])

    return part(~test & ~twin & (usable | (not voted))), part(test)


def joined(*parts: Faces) -> Faces:
    """Return the rows of several sets as one."""
    return Faces(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Faces)))


def chances_of(votes: npt.NDArray[np.float32], balance: float) -> npt.NDArray[np.float64]:
    """Return how often each picture is drawn: the mean over its votes of inverse class frequency ** `balance`.

    A class that nobody votes for draws nothing.
    """
    shares = votes.mean(0, dtype=np.float64)
    weights = votes.astype(np.float64) @ np.where(shares > 0, np.maximum(shares, 1e-12) ** -balance, 0.0)
    return np.asarray(weights / weights.sum(), dtype=np.float64)
