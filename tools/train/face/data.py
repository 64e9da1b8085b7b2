"""FER2013 with FER+ votes as arrays, and the distortions that a training picture goes through."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.senses.face.expression import FERPLUS, SIDE, prepare

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


def distorted(picture: Pictures, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return a training input, float32 [48, 48]: turned, scaled, moved, mirrored, lit, blurred, noisy, covered."""
    angle, scale = rng.uniform(-0.3, 0.3), rng.uniform(0.85, 1.18)
    matrix = cv2.getRotationMatrix2D((SIDE / 2 - 0.5, SIDE / 2 - 0.5), np.degrees(angle), scale)
    matrix[:, 2] += np.asarray(rng.uniform(-0.1, 0.1, 2) * SIDE)
    if rng.random() < 0.5:
        picture = picture[:, ::-1]
    x = cv2.warpAffine(np.ascontiguousarray(picture), matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.2:
        side = int(rng.integers(18, 40))
        x = cv2.resize(cv2.resize(x, (side, side), interpolation=cv2.INTER_AREA), (SIDE, SIDE))
    if rng.random() < 0.5:
        gamma = float(np.exp(rng.uniform(-0.6, 0.6)))
        table = np.asarray(np.linspace(0, 1, 256) ** gamma * 255, dtype=np.uint8)
        x = cv2.LUT(x, table)
    y = x.astype(np.float32)
    if rng.random() < 0.3:
        y += np.asarray(rng.normal(0, rng.uniform(2, 12), (SIDE, SIDE)), dtype=np.float32)
    if rng.random() < 0.2:
        y *= 1 + rng.uniform(-0.5, 0.5) * np.linspace(-1, 1, SIDE, dtype=np.float32)
    if rng.random() < 0.3:
        h, w = rng.integers(6, 20, 2)
        top, left = rng.integers(0, SIDE - h), rng.integers(0, SIDE - w)
        y[top : top + h, left : left + w] = rng.uniform(0, 255)
    return prepare(np.clip(y, 0, 255).astype(np.uint8))
