"""Recordings in folders: which label each is of, what it counts as, and what is seen in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from soundit_edge.capture.capture import CaptureError, Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.emotion import Emotion
from soundit_edge.errors import SounditError
from soundit_edge.senses.own.labels import OwnLabel, OwnLabels
from soundit_edge.senses.own.observe import Observer
from soundit_edge.senses.own.takes import MAX_TAKES, MIN_MOMENTS, TakeMoment
from soundit_edge.text import presentable

FPS: Final = 10.0
"""Pictures a second that are looked at: as often as the page does."""


class RecordingsError(SounditError):
    """The folders are not what takes are learnt from."""


class NothingSeen(SounditError):
    """A recording shows too little to learn from."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """What there is to learn from.

    Attributes:
        labels: in the order of their folders.
        files: of each label, in the order of their names.
    """

    labels: tuple[OwnLabel, ...]
    files: tuple[tuple[Path, ...], ...]


def find_recordings(folder: Path, means: Sequence[str]) -> Recordings:
    """Return the recordings below a folder.

    Args:
        folder: has a folder for each label.
        means: what labels count as, each "LABEL=EMOTION".

    Raises:
        RecordingsError: there are no such folders, too many takes, or a label of which nobody said what it counts as.
    """
    if not folder.is_dir():
        raise RecordingsError(f"{folder}: no such folder; it holds a folder of films for each label")
    counts_as = dict(_meaning(one) for one in means)
    places = sorted(place for place in folder.iterdir() if place.is_dir() and not place.name.startswith("."))
    if stray := sorted(counts_as.keys() - {place.name for place in places}):
        raise RecordingsError(f"{folder}: there is no folder “{presentable(stray[0])}” that --means could be of")
    files = tuple(
        tuple(sorted(file for file in place.iterdir() if file.is_file() and not file.name.startswith(".")))
        for place in places
    )
    if sum(map(len, files)) > MAX_TAKES:
        raise RecordingsError(f"{folder}: there are more than {MAX_TAKES} recordings; leave some out")
    labels = tuple({"name": place.name, "emotion": counts_as.get(place.name) or _own(place)} for place in places)
    try:
        return Recordings(TypeAdapter(OwnLabels).validate_python(labels), files)
    except ValidationError as error:
        found = f"{len(labels)} label{'' if len(labels) == 1 else 's'}"
        raise RecordingsError(f"{folder}: {found}, and {error.errors()[0]['msg'].lower()}") from error


def look_at(file: Path, observer: Observer) -> list[TakeMoment]:
    """Return the moments of a recording in which something can be learnt from.

    Args:
        file: a film.
        observer: a fresh one, which has seen nothing before.

    Raises:
        NothingSeen: there are too few, or it cannot be read.
    """
    moments, hints = [], dict[str, int]()
    try:
        with Clip(file, max_fps=FPS) as clip:
            for frame in clip.items():
                if isinstance(frame, Frame):
                    sight = observer.look(frame)
                    if sight.moment is not None:
                        moments.append(sight.moment)
                    elif sight.hint:
                        hints[sight.hint] = hints.get(sight.hint, 0) + 1
    except CaptureError as error:
        raise NothingSeen(str(error)) from error
    if len(moments) < MIN_MOMENTS:
        why = max(hints, key=hints.__getitem__) if hints else "It is too short: a take has 2 to 10 seconds."
        raise NothingSeen(f"{presentable(file.name)}: {why}")
    return moments


def _meaning(said: str) -> tuple[str, Emotion]:
    label, _, emotion = said.rpartition("=")
    if not label or emotion not in list(Emotion):
        raise RecordingsError(f"--means {presentable(said)}: say it as LABEL=EMOTION, with {', '.join(Emotion)}")
    return label, Emotion(emotion)


def _own(place: Path) -> Emotion:
    if place.name not in list(Emotion):
        name = presentable(place.name)
        raise RecordingsError(f"what does “{name}” count as? Say --means {name}=EMOTION, with {', '.join(Emotion)}")
    return Emotion(place.name)
