"""The models in use, and what their cards say of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, Literal

from fastapi import HTTPException, Response
from pydantic import BaseModel, ConfigDict

from soundit_edge.control.actor import Role
from soundit_edge.control.control import Control
from soundit_edge.inference.local import installed
from soundit_edge.inference.manifest import ModelEntry
from soundit_edge.inference.models import MEDIAPIPE, ModelSet, ModelSetError
from soundit_edge.inference.tuning.choice import choice_for
from soundit_edge.page.route import Route
from soundit_edge.page.teaching.sets import OwnSets
from soundit_edge.page.teaching.status import SetStatus

_LAW: Final = (
    "It reads how somebody looks or moves, not what they feel. Pictures are never kept: only numbers from which no "
    "picture can be made again, on this device alone."
)


class ModelInfo(BaseModel):
    """One model.

    Attributes:
        name: of the model.
        origin: "shipped", "own" (taught on the page or trained by a tool) or "mediapipe".
        version: the beginning of the SHA-256 of its file; "" of MediaPipe's and of heads.
        bytes: size of its file; 0 where that is not known.
        labels: what it tells apart.
        runs: on which runtime, with how many threads, and who said so; "" where that is not known.
        resource: what ran it, such as "cpu"; "" where it has not been called.
        milliseconds: of a call lately, the median; None where it has not been called.
        calls: since the start.
        card: whether there is a card to read.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    origin: Literal["shipped", "own", "mediapipe"]
    version: str = ""
    bytes: int = 0
    labels: tuple[str, ...] = ()
    runs: str = ""
    resource: str = ""
    milliseconds: float | None = None
    calls: int = 0
    card: bool = False


class ModelList(BaseModel):
    """The models of this device.

    Attributes:
        name: of the set in use.
        models: all of them.
        own: the user's own sets that are in use.
        note: why the user's own models are not used, or "".
    """

    name: str
    models: tuple[ModelInfo, ...]
    own: tuple[SetStatus, ...]
    note: str = ""


def routes(control: Control, sets: OwnSets) -> list[Route]:
    """Return the routes of the models: whoever may look may know by what they are looked at.

    Args:
        control: says what calls cost.
        sets: the user's own, and the model set in use.
    """

    async def listed() -> ModelList:
        return await asyncio.to_thread(_list, control, sets.models, sets)

    async def card(name: str) -> Response:
        text = await asyncio.to_thread(_card, sets.models, sets, name)
        if text is None:
            raise HTTPException(404, "There is no card of this model.")
        return Response(text, media_type="text/markdown; charset=utf-8")

    return [
        Route("GET", "/api/models", Role.VIEWER, listed),
        Route("GET", "/api/models/{name}/card", Role.VIEWER, card),
    ]


def _list(control: Control, models: ModelSet, sets: OwnSets) -> ModelList:
    own: dict[str, ModelEntry] = {}
    note = ""
    try:
        own = installed()
    except ModelSetError as error:
        note = str(error)
    called = {row.name: row for row in control.status().models}

    def described(name: str, origin: Literal["shipped", "own"], entry: ModelEntry) -> ModelInfo:
        figures = called.get(entry.file.removesuffix(".tflite")) or called.get(name)
        return ModelInfo(
            name=name,
            origin=origin,
            version=entry.sha256[:12],
            bytes=entry.bytes,
            labels=tuple(entry.labels),
            runs=str(choice_for(entry.sha256)),
            resource=figures.resource if figures else "",
            milliseconds=figures.milliseconds if figures else None,
            calls=figures.calls if figures else 0,
            card=origin == "shipped" and _card_file(models, name).is_file(),
        )

    def of_mediapipe(path: str) -> ModelInfo:
        name = path.rpartition("/")[2]
        figures = called.get(name)
        return ModelInfo(
            name=name,
            origin="mediapipe",
            resource=figures.resource if figures else "",
            milliseconds=figures.milliseconds if figures else None,
            calls=figures.calls if figures else 0,
        )

    rows = [
        *(described(name, "shipped", entry) for name, entry in models.manifest.models.items()),
        *(described(name, "own", entry) for name, entry in own.items()),
        *map(of_mediapipe, MEDIAPIPE),
    ]
    used = tuple(one for one in sets.all if one.in_use)
    return ModelList(name=models.manifest.name, models=tuple(rows), own=used, note=note)


def _card_file(models: ModelSet, name: str) -> Path:
    return models.folder / f"{name}.md"


def _card(models: ModelSet, sets: OwnSets, name: str) -> str | None:
    """Return the card of a model, or of a set in use; None where there is none."""
    if name in models.manifest.models:
        try:
            return _card_file(models, name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
    return next((_own_card(one) for one in sets.all if one.id == name and one.report is not None), None)


def _own_card(one: SetStatus) -> str:
    report = one.report
    assert report is not None
    names = [_escaped(label.name) for label in one.labels]
    share, low, high = (round(100 * value) for value in (report.right / report.takes, report.low, report.high))
    lines = [
        f"# {_escaped(one.name)}",
        "",
        f"Your own {one.kind}s, begun on {one.created}. {_LAW}",
        "",
        "## Accuracy",
        f"{report.right} of {report.takes} takes that it had not learnt from were named rightly,",
        f"{share} % ({low} to {high}).",
        f"The shipped model alone named the emotion of {report.shipped_right}.",
        "",
        f"| | {' | '.join(names)} |",
        f"|{'---|' * (len(names) + 1)}",
        *(f"| {name} | {' | '.join(map(str, row))} |" for name, row in zip(names, report.confusion, strict=True)),
        "",
        "Rows: what it was. Columns: what was said.",
    ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Return a name that stays one cell of a table."""
    return text.replace("|", "\u2223")
