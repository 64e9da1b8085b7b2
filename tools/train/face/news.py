"""Faces of news photographs (expressions of Labeled Faces in the Wild), as rows beside FER2013's."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.senses.face.expression import FERPLUS
from tools.evaluate.face import FER, label_truth
from tools.train.face.data import Faces

HELD: Final = 5
"""One person of so many is not learnt from."""


def load_news(path: Path) -> tuple[Faces, Faces]:
    """Return the faces of the people to learn from, and those of the others.

    There are no votes: the one label, of which one in ten is doubtful, stands in for them and for the majority.
    """
    with np.load(path, allow_pickle=False) as data:
        png, offset = data["png"], data["offset"]
        pictures = np.stack([cv2.imdecode(png[a:b], cv2.IMREAD_GRAYSCALE) for a, b in pairwise(offset)])
        people, fer = data["subject"].astype(str), label_truth(dict(data), list(FER))
        ferplus = label_truth(dict(data), list(FERPLUS))
    held_out = np.isin(people, np.unique(people)[::HELD])
    votes = np.eye(len(FERPLUS), dtype=np.float32)[ferplus]

    def part(rows: npt.NDArray[np.bool_]) -> Faces:
        return Faces(pictures[rows].astype(np.uint8), votes[rows], ferplus[rows], fer[rows])

    return part(~held_out), part(held_out)
