"""Takes that nobody performed, an observer that sees what it is shown as a number, and a shelf in a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from soundit_edge.capture.capture import Frame
from soundit_edge.emotion import Emotion, one_hot
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.own.features import SIZES, Features
from soundit_edge.senses.own.head import Head
from soundit_edge.senses.own.heads import OwnHeads, basis_of
from soundit_edge.senses.own.labels import Kind, OwnLabel
from soundit_edge.senses.own.observe import Sight
from soundit_edge.senses.own.shelf import Shelf
from soundit_edge.senses.own.takes import SetInfo, TakeMoment, Takes, no_takes

LABELS = (OwnLabel(name="smirk", emotion=Emotion.DISGUSTED), OwnLabel(name="beam", emotion=Emotion.HAPPY))


def info(kind: Kind = "expression", labels: tuple[OwnLabel, ...] = LABELS, name: str = "0123456789abcdef") -> SetInfo:
    """The description of a set."""
    basis = basis_of(kind, ModelSet(default_folder()))
    return SetInfo(id=name, kind=kind, name="Mine", created="2026-11-28", labels=labels, basis=basis)


def features_of(label: int, rng: np.random.Generator, kind: Kind = "expression", *, person: float = 0.0) -> Features:
    """Features of a moment: each label has a direction of its own, and a person is elsewhere altogether."""
    size = SIZES[kind]
    x = np.full(size, person) + 0.05 * rng.standard_normal(size)
    x[10 * label : 10 * label + 10] += 0.5
    return np.asarray(x, np.float32)


def recorded(
    each: int = 3, moments: int = 12, *, kind: Kind = "expression", labels: tuple[OwnLabel, ...] = LABELS, seed: int = 0
) -> Takes:
    """A set with so many takes of each label, which the shipped model takes for neutral."""
    rng = np.random.default_rng(seed)
    takes = no_takes(info(kind, labels))
    for _ in range(each):
        for label in range(len(labels)):
            seen = [TakeMoment(features_of(label, rng, kind), one_hot(Emotion.NEUTRAL)) for _ in range(moments)]
            takes = takes.with_take(label, seen)
    return takes


def head_beside_shipped(heads: OwnHeads, kind: Kind = "expression") -> Head | None:
    """The head that senses with the shipped models get."""
    return heads.of(kind, basis_of(kind, ModelSet(default_folder())))


def head_of_noise(kind: Kind) -> Head:
    """A head that was learnt from nothing worth mentioning."""
    size = SIZES[kind]
    return Head(
        LABELS,
        mean=np.zeros(size),
        scale=np.ones(size),
        axes=np.zeros((size, 1)),
        variances=np.ones(1),
        noise=1.0,
        weights=np.zeros((2, len(LABELS))),
        temperature=1.0,
        limit=1.0,
    )


def shelf_in(folder: Path) -> Shelf:
    """A shelf in a test's own folder."""
    return Shelf(folder / "state", folder / "heads")


class NumberObserver:
    """Sees the first label in dark pictures, the second one in bright ones, and nobody in a black one."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)

    def look(self, frame: Frame) -> Sight:
        level = int(frame.rgb[0, 0, 0])
        if level == 0:
            return Sight(None, 0, "No face is seen: come into the picture.")
        return Sight(TakeMoment(features_of(int(level > 127), self._rng), one_hot(Emotion.NEUTRAL)), 1)


def picture(level: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A picture of one brightness."""
    return np.full((32, 32, 3), level, np.uint8)
