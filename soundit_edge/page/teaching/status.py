"""What the page sees of a lesson, of the sets on the device, and of what a head says live."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from soundit_edge.emotion import Emotion, most_likely
from soundit_edge.page.background import WorkStatus
from soundit_edge.page.teaching.lesson import CameraName, LessonPicture, Stage
from soundit_edge.senses.own.head import Head, HeadAnswer
from soundit_edge.senses.own.labels import Kind, OwnLabel
from soundit_edge.senses.own.report import HeadReport
from soundit_edge.senses.own.takes import Takes


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True)


class SetStatus(_Seen):
    """One set of the user's own.

    Attributes:
        id: names it in requests.
        kind: "expression" or "gesture".
        name: for people.
        created: the day it was begun.
        labels: what is told apart.
        takes: how many there are of each label.
        report: how good its head is; None where it was not kept.
        in_use: whether its head reads now.
        note: why it cannot be used, or "".
    """

    id: str
    kind: Kind
    name: str
    created: str
    labels: tuple[OwnLabel, ...]
    takes: tuple[int, ...]
    report: HeadReport | None
    in_use: bool
    note: str = ""


class AttemptStatus(_Seen):
    """What a head and the shipped models say of the newest picture, beside each other.

    Attributes:
        label: the name that the head finds likeliest.
        share: its probability, 0 to 1.
        familiarity: 0 to 1; at 0 the shipped models read alone.
        emotion: what both together make of it.
        shipped: what the shipped models make of it.
    """

    label: str
    share: float
    familiarity: float
    emotion: Emotion
    shipped: Emotion


class LessonStatus(_Seen):
    """The lesson that is given.

    Attributes:
        set: the set that is recorded.
        camera: whose pictures are looked at.
        learning: how the learning stands.
        report: how good the head is that was learnt and neither kept nor discarded yet, or None.
        trial: what a head says live; None where there is none, or nothing to be seen.
        (and the attributes of `LessonPicture`)
    """

    set: SetStatus
    camera: CameraName
    stage: Stage
    label: int | None
    left_s: float
    frames: int
    usable: int
    people: int
    hint: str
    note: str
    learning: WorkStatus
    report: HeadReport | None
    trial: AttemptStatus | None


class TeachingStatus(_Seen):
    """All of it.

    Attributes:
        refusal: why no lesson can be given now, or "".
        note: why the last lesson ended by itself, or "".
        lesson: the one that is given, or None.
        sets: those on the device.
    """

    refusal: str
    note: str
    lesson: LessonStatus | None
    sets: tuple[SetStatus, ...]


def set_status(takes: Takes, report: HeadReport | None, *, in_use: bool, note: str = "") -> SetStatus:
    """Describe a set."""
    info = takes.info
    return SetStatus(
        id=info.id,
        kind=info.kind,
        name=info.name,
        created=info.created,
        labels=info.labels,
        takes=takes.counts,
        report=report,
        in_use=in_use,
        note=note,
    )


def trial_status(head: Head, answer: HeadAnswer, shipped: tuple[float, ...]) -> AttemptStatus:
    """Describe what a head and the shipped models say of one moment."""
    return AttemptStatus(
        label=head.labels[answer.best].name,
        share=round(answer.probabilities[answer.best], 3),
        familiarity=round(answer.familiarity, 3),
        emotion=most_likely(head.joined(answer, shipped)),
        shipped=most_likely(shipped),
    )


def lesson_status(
    whole: SetStatus,
    camera: CameraName,
    picture: LessonPicture,
    learning: WorkStatus,
    report: HeadReport | None,
    trial: AttemptStatus | None,
) -> LessonStatus:
    """Put together what is seen of a lesson."""
    return LessonStatus(
        set=whole,
        camera=camera,
        stage=picture.stage,
        label=picture.label,
        left_s=picture.left_s,
        frames=picture.frames,
        usable=picture.usable,
        people=picture.people,
        hint=picture.hint,
        note=picture.note,
        learning=learning,
        report=report,
        trial=trial,
    )
