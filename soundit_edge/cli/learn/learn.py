"""What `soundit learn` does: looks at recordings, learns a head, says how good it is, and has it used or refused."""

from __future__ import annotations

import datetime
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from soundit_edge import console, settings
from soundit_edge.cli.learn.recordings import NothingSeen, Recordings, RecordingsError, find_recordings, look_at
from soundit_edge.console import progress_bar
from soundit_edge.inference.models import ModelSet
from soundit_edge.page.teaching.teacher import IN_PUBLIC
from soundit_edge.senses.own import head_file
from soundit_edge.senses.own.heads import basis_of
from soundit_edge.senses.own.labels import SENSE_OF, Kind
from soundit_edge.senses.own.learn import learn
from soundit_edge.senses.own.observe import Observer, observer_of
from soundit_edge.senses.own.report import HeadReport
from soundit_edge.senses.own.shelf import MAX_SETS, Shelf
from soundit_edge.senses.own.takes import SetInfo, Takes, no_takes
from soundit_edge.text import presentable
from soundit_edge.update.sets.active import active_set


def learn_from(kind: Kind, folder: Path, means: Sequence[str], *, name: str, keep: bool, as_json: bool) -> bool:
    """Learn from the recordings in a folder, and print how well labels are told apart.

    Args:
        kind: of the set.
        folder: has a folder of films for each label.
        means: what labels count as, each "LABEL=EMOTION".
        name: of the set, for people.
        keep: whether it is used from now on, where nothing speaks against it.
        as_json: one JSON object in place of a table.

    Returns:
        Whether the labels are told apart.

    Raises:
        SounditError: the recordings, the settings or a model cannot be used; there are too few takes; the device stands
            in a public place; nothing can be written.
    """
    if settings.load(settings.default_path()).privacy.public_place:
        raise RecordingsError(IN_PUBLIC)
    recordings = find_recordings(folder, means)
    models, shelf = ModelSet(active_set().folder), Shelf.of_user()
    if keep and len(shelf.sets()) >= MAX_SETS:
        raise RecordingsError(f"There are {MAX_SETS} sets already: delete one on the page first, or use --try.")
    began = time.monotonic()
    info = _info(kind, name, recordings, models)
    takes, left_out = _recorded(no_takes(info), recordings, lambda: observer_of(kind, models))
    head, report = learn(takes)
    why = report.doubt()
    if keep and not why:
        shelf.write(takes)
        shelf.keep(head_file.of_head(head, info, report))
        shelf.use(kind, info.id)
    said = _described(takes, report, left_out, kept=keep and not why, seconds=time.monotonic() - began)
    if as_json:
        console.json_result(said)
    else:
        _print(said, kind, keep=keep)
    return not why


def _info(kind: Kind, name: str, recordings: Recordings, models: ModelSet) -> SetInfo:
    try:
        return SetInfo(
            id=secrets.token_hex(8),
            kind=kind,
            name=name,
            created=datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            labels=recordings.labels,
            basis=basis_of(kind, models),
        )
    except ValueError as error:
        raise RecordingsError(f"--name {presentable(name)}: a name has 1 to 40 characters that can be seen") from error


def _recorded(takes: Takes, recordings: Recordings, observer: Callable[[], Observer]) -> tuple[Takes, list[str]]:
    """Return the takes, and what is said of the recordings that are none."""
    left_out = []
    with progress_bar() as progress:
        bar = progress.add_task("looking at the takes", total=sum(map(len, recordings.files)))
        for label, files in enumerate(recordings.files):
            for file in files:
                try:
                    takes = takes.with_take(label, look_at(file, observer()))
                except NothingSeen as error:
                    left_out.append(str(error))
                progress.advance(bar)
    return takes, left_out


def _described(takes: Takes, report: HeadReport, left_out: list[str], *, kept: bool, seconds: float) -> dict[str, Any]:
    return {
        "kind": takes.info.kind,
        "set": takes.info.id if kept else None,
        "labels": [
            {"name": label.name, "emotion": label.emotion.value, "takes": sum(row), "right": row[i]}
            for i, (label, row) in enumerate(zip(takes.labels, report.confusion, strict=True))
        ],
        "confusion": [list(row) for row in report.confusion],
        "right": report.right,
        "takes": report.takes,
        "confidence": round(report.right / report.takes, 4),
        "interval": [round(report.low, 4), round(report.high, 4)],
        "left_out": left_out,
        "kept": kept,
        "refused": report.doubt(),
        "seconds": round(seconds, 2),
    }


def _print(said: dict[str, Any], kind: Kind, *, keep: bool) -> None:
    for line in said["left_out"]:
        console.say(f"left out: {line}")
    width = max(len(label["name"]) for label in said["labels"])
    for label in said["labels"]:
        counts = f"{label['right']} of {label['takes']} takes named rightly"
        console.result(f"{label['name']:<{width}}  counts as {label['emotion']:<9}  {counts}")
    low, high = (100 * limit for limit in said["interval"])
    share = 100 * said["confidence"]
    console.result(f"\nTold apart by heads that never saw the take: {share:.0f} % ({low:.0f} to {high:.0f}).")
    if said["refused"]:
        console.result(f"Not kept: {said['refused']}")
    elif said["kept"]:
        console.result(f"Kept, and used by {SENSE_OF[kind]} from the next start; the page lists it under Teach it.")
    elif not keep:
        console.result("Nothing was kept (--try).")
