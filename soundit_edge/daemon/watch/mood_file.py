"""The file in which the history of the mood is kept."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, FiniteFloat, ValidationError

from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.files import replacing
from soundit_edge.perception.mood_history import MAX_MARKS, MAX_MEANS, MAX_WORDS, Mark, MarkKind, MeanMood, MoodRecord

log = logging.getLogger(__name__)

MAX_FILE_BYTES: Final = 1_000_000
"""A larger file is none of ours."""

_Signed = Annotated[FiniteFloat, Field(ge=-1, le=1)]
_Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
_Time = Annotated[FiniteFloat, Field(ge=0, le=1e11)]


class _File(BaseModel):
    """What the file holds; of a mean its time, the number of moods, valence, arousal, confidence and headline."""

    version: Literal[1] = 1
    means: list[tuple[_Time, Annotated[int, Field(ge=1, le=1_000_000)], _Signed, _Signed, _Share, Emotion]] = Field(
        max_length=MAX_MEANS
    )
    marks: list[tuple[_Time, MarkKind, Annotated[str, Field(max_length=MAX_WORDS)]]] = Field(max_length=MAX_MARKS)


def load(path: Path) -> MoodRecord:
    """Return the history in a file; an empty one where there is no file, or none that can be read."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ValueError("it is too large")
        kept = _File.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return MoodRecord()
    except (OSError, ValueError) as error:
        why = "it is damaged" if isinstance(error, ValidationError) else error
        log.warning("%s: the history of the mood begins again: %s", path, why)
        return MoodRecord()
    means = [
        MeanMood(t, valence, arousal, confidence, tuple(count * (one is emotion) for one in EMOTIONS))
        for t, count, valence, arousal, confidence, emotion in kept.means
    ]
    return MoodRecord(means, [Mark(*mark) for mark in kept.marks])


def save(path: Path, record: MoodRecord) -> None:
    """Write a history for its owner alone, whole or not at all; an empty one leaves no file.

    Raises:
        OSError: it cannot be written, or not removed.
    """
    if not record.means and not record.marks:
        path.unlink(missing_ok=True)
        return
    content = _File.model_construct(
        version=1,
        means=[
            (
                round(mean.t, 1),
                mean.count,
                *(round(value, 3) for value in (mean.valence, mean.arousal, mean.confidence)),
                mean.emotion,
            )
            for mean in record.means
        ],
        marks=[(round(mark.t, 1), mark.kind, mark.words) for mark in record.marks],
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.touch(0o600)
        temporary.write_text(content.model_dump_json(), encoding="utf-8")
