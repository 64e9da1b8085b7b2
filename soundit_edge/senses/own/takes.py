"""Takes: what is kept of a recording, which is features and never a picture."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from soundit_edge.emotion import EMOTIONS
from soundit_edge.errors import SounditError
from soundit_edge.senses.own.features import SIZES, VERSION, Features
from soundit_edge.senses.own.labels import Kind, OwnLabel, OwnLabels, ShownName

MAX_TAKES: Final = 120
"""Of one set."""
MAX_MOMENTS: Final = 60
"""Of one take: more are thinned out evenly."""
MIN_MOMENTS: Final = 5
"""A take in which fewer moments were seen is not kept."""
_MARK: Final = b"soundit takes 1\n"
"""Begins a file of takes; the SHA-256 of the rest follows, so that no damaged byte reaches what unpacks it."""
_ARRAYS: Final = {"features": "f", "shipped": "f", "label": "i", "take": "i"}


class TakesError(SounditError):
    """Takes are damaged, or of another version."""


class SetInfo(BaseModel):
    """What is known of a set beside its takes.

    Attributes:
        version: of the features.
        id: its name among files.
        kind: expressions of faces, or gestures of bodies.
        name: for people.
        created: the day, such as "2026-11-28".
        labels: what is told apart.
        basis: SHA-256 of the shipped model whose outputs are among the features.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(default=VERSION, ge=VERSION, le=VERSION)
    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    kind: Kind
    name: ShownName
    created: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    labels: OwnLabels
    basis: str = Field(pattern=r"^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class TakeMoment:
    """One usable moment of a take.

    Attributes:
        features: float32 [n].
        shipped: what the shipped models read, in the order of `EMOTIONS`.
    """

    features: Features
    shipped: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Takes:
    """The takes of a set, m moments in all.

    Attributes:
        info: what set they are of.
        features: float32 [m, n].
        shipped: float32 [m, 8], what the shipped models read.
        label: int64 [m], positions in the set's labels.
        take: int64 [m], which take each moment is of.
    """

    info: SetInfo
    features: npt.NDArray[np.float32]
    shipped: npt.NDArray[np.float32]
    label: npt.NDArray[np.int64]
    take: npt.NDArray[np.int64]

    @property
    def labels(self) -> tuple[OwnLabel, ...]:
        """Return the labels of the set."""
        return self.info.labels

    @property
    def counts(self) -> tuple[int, ...]:
        """Return how many takes there are of each label."""
        return tuple(len(np.unique(self.take[self.label == i])) for i in range(len(self.labels)))

    def with_take(self, label: int, moments: list[TakeMoment]) -> Takes:
        """Return these and one more take, whose moments are thinned out to `MAX_MOMENTS`."""
        places = np.unique(np.linspace(0, len(moments) - 1, MAX_MOMENTS).round().astype(np.int64))
        kept = [moments[place] for place in places]
        number = int(self.take.max(initial=-1)) + 1
        return replace(
            self,
            features=np.concatenate([self.features, np.stack([m.features for m in kept])]),
            shipped=np.concatenate([self.shipped, np.array([m.shipped for m in kept], np.float32)]),
            label=np.append(self.label, np.full(len(kept), label)),
            take=np.append(self.take, np.full(len(kept), number)),
        )

    def without_last(self) -> Takes:
        """Return these without the take that was recorded last."""
        rows = self.take != self.take.max(initial=-1)
        return replace(
            self,
            features=self.features[rows],
            shipped=self.shipped[rows],
            label=self.label[rows],
            take=self.take[rows],
        )


def no_takes(info: SetInfo) -> Takes:
    """Return a set before its first take."""
    whole = np.zeros(0, np.int64)
    return Takes(
        info, np.zeros((0, SIZES[info.kind]), np.float32), np.zeros((0, len(EMOTIONS)), np.float32), whole, whole
    )


def to_bytes(takes: Takes) -> bytes:
    """Return takes as the content of a file."""
    content = io.BytesIO()
    arrays: dict[str, npt.NDArray[Any]] = {name: getattr(takes, name) for name in _ARRAYS}
    np.savez_compressed(content, info=np.frombuffer(takes.info.model_dump_json().encode(), np.uint8), **arrays)
    packed = content.getvalue()
    return _MARK + hashlib.sha256(packed).digest() + packed


def from_bytes(content: bytes) -> Takes:
    """Return the takes in the content of a file.

    Raises:
        TakesError: it is damaged, of another version, or holds numbers that are none.
    """
    head = len(_MARK) + hashlib.sha256().digest_size
    packed = content[head:]
    if content[:head] != _MARK + hashlib.sha256(packed).digest():
        raise TakesError("the file is damaged, or of another version")
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as file:
            info = SetInfo.model_validate_json(file["info"].tobytes())
            arrays = {name: file[name] for name in _ARRAYS}
        _check(info, arrays)
        return Takes(
            info,
            arrays["features"].astype(np.float32),
            arrays["shipped"].astype(np.float32),
            arrays["label"].astype(np.int64),
            arrays["take"].astype(np.int64),
        )
    except ValidationError as error:
        raise TakesError(f"its description is not understood ({error.errors()[0]['msg']})") from error
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise TakesError(f"it holds no takes ({error})") from error


def _check(info: SetInfo, arrays: dict[str, npt.NDArray[Any]]) -> None:
    count = len(arrays["label"])
    shapes = {"features": (count, SIZES[info.kind]), "shipped": (count, len(EMOTIONS))}
    for name, kind in _ARRAYS.items():
        array = arrays[name]
        if array.dtype.kind != kind or array.shape != shapes.get(name, (count,)):
            raise ValueError(f"{name} has another form")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds what is no number")
    label, take = arrays["label"], arrays["take"]
    if count and not (label.min() >= 0 and label.max() < len(info.labels) and len(np.unique(take)) <= MAX_TAKES):
        raise ValueError("labels or takes are out of range")
    if (arrays["shipped"] < 0).any():
        raise ValueError("shipped holds what is no share")
