"""The face model on a file of labelled pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.face.crops import largest_face_crop
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.expression import MODEL, ExpressionNet
from soundit_edge.senses.face.mesh import FaceMesh
from tools.evaluate.scoring import Answers

TIGHT: Final = 96
"""Pictures smaller than this are tight face crops; in larger ones the detector looks for the face."""

FER: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""FER2013's labels 0 to 6, by the names that FER+ uses."""
_ALIASES: Final = {
    "angry": "anger",
    "disgusted": "disgust",
    "fearful": "fear",
    "afraid": "fear",
    "happy": "happiness",
    "sad": "sadness",
    "surprised": "surprise",
}


def name_of(label: str) -> str:
    """Return a class's name as FER+ spells it."""
    lower = label.strip().lower()
    return _ALIASES.get(lower, lower)


def ferplus_truth(data: dict[str, Any], names: list[str]) -> npt.NDArray[np.int64]:
    """Return the class with more than 5 of the 10 votes for each row; -1 where there is none that the network knows."""
    votes = np.asarray(data["ferplus"])
    default = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF"]
    columns = [name_of(str(c)) for c in data.get("ferplus_columns", default)]
    position = np.array([names.index(c) if c in names else -1 for c in columns])
    truth = np.where(votes.max(1) > 5, position[votes.argmax(1)], -1)
    matched = np.asarray(data.get("ferplus_ok", np.ones(len(votes), dtype=bool)), dtype=bool)
    return np.where(matched, truth, -1).astype(np.int64)


def label_truth(data: dict[str, Any], names: list[str]) -> npt.NDArray[np.int64]:
    """Return the plain label of each row as a position in `names`; -1 for classes that are not there."""
    classes = [name_of(str(c)) for c in data.get("class_names", FER)]
    position = np.array([names.index(c) if c in names else -1 for c in classes])
    return np.asarray(position[np.asarray(data["labels"]).astype(np.int64)], dtype=np.int64)


def evaluate(
    path: Path,
    model_set: ModelSet,
    *,
    labels: str | None,
    split: str | None,
    model: str | None,
    without: str | None,
    progress: Callable[[Iterable[int]], Iterable[int]],
) -> tuple[Answers, dict[str, Any]]:
    """Return the answers to the pictures of an .npz, and what was left out and why.

    Raises:
        SounditError: the file cannot be read or lacks an array.
    """
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            data = {key: file[key] for key in file.files}
        png, offset = data["png"], data["offset"]
        kind = labels or ("ferplus" if "ferplus" in data else "fer")
        net = ExpressionNet(model_set, model or MODEL)
        # The plain labels know no contempt: its output is put aside, and the rest decides.
        names = list(net.labels) if kind == "ferplus" else [n for n in net.labels if n in FER]
        names = [n for n in names if without is None or n != name_of(without)]
        truth = ferplus_truth(data, names) if kind == "ferplus" else label_truth(data, names)
        chosen = np.ones(len(truth), dtype=bool) if split is None else data["split"].astype(str) == split
    except (OSError, EOFError, BadZipFile, ValueError, KeyError, IndexError) as error:
        raise SounditError(f"{path}: not a set of labelled pictures ({error})") from error
    rows = np.flatnonzero(chosen & (truth >= 0))
    outputs = [net.labels.index(name) for name in names]
    probabilities = np.full((len(rows), len(names)), np.nan, dtype=np.float32)
    without_face, finder = 0, FaceFinder()
    for place in progress(range(len(rows))):
        row = rows[place]
        crop = tight_crop(png[offset[row] : offset[row + 1]], f"{path}, picture {row}", finder)
        if crop is None:
            without_face += 1
            continue
        said = net.classify(crop)[outputs]
        probabilities[place] = said / said.sum()
    report = {
        "model": model or MODEL,
        "labels": kind,
        "split": split,
        "without": without,
        "left_out": int(chosen.sum() - len(rows)),
        "no_face": without_face,
    }
    return Answers(names, truth[rows], probabilities), report


class FaceFinder:
    """Cuts the largest face out of a picture as the device would. The models are loaded when they are first needed."""

    def __init__(self) -> None:
        self._models: tuple[FaceDetector, FaceMesh] | None = None

    def crop(self, rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8] | None:
        """Return the aligned grey crop, or None where no face is found."""
        if self._models is None:
            self._models = FaceDetector(), FaceMesh()
        return largest_face_crop(rgb, *self._models)


def tight_crop(png: npt.NDArray[np.uint8], where: str, finder: FaceFinder) -> npt.NDArray[np.uint8] | None:
    """Return the face of one encoded picture, uint8 [h, w]; None where the picture is large and shows none."""
    grey = cv2.imdecode(png, cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise SounditError(f"{where}: not a picture")
    if max(grey.shape) < TIGHT:
        return np.asarray(grey, dtype=np.uint8)
    rgb = cv2.cvtColor(cv2.imdecode(png, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    return finder.crop(np.asarray(rgb, dtype=np.uint8))
