"""Teaching on the page: lessons of your own expressions and gestures, and the sets that they make."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from soundit_edge.control.actor import Role
from soundit_edge.control.refusals import InvalidChange
from soundit_edge.page.route import Route
from soundit_edge.page.routes.changes import EmptyBody
from soundit_edge.page.teaching.jpeg import MAX_JPEG, decoded
from soundit_edge.page.teaching.lesson import MAX_TAKE_S, MIN_TAKE_S, CameraName
from soundit_edge.page.teaching.status import TeachingStatus
from soundit_edge.page.teaching.teacher import Teacher
from soundit_edge.senses.own.labels import MAX_LABELS, Kind

MAX_LESSON: Final = 16_384
"""Largest body with the labels of a lesson, in bytes."""

TakeSeconds = Annotated[float, Field(ge=MIN_TAKE_S, le=MAX_TAKE_S, allow_inf_nan=False)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LabelBody(_Body):
    """A label; what it may be called is checked, and said, by the teacher."""

    name: str
    emotion: str


class NewLesson(_Body):
    """A lesson of a new set."""

    kind: Kind
    name: str
    labels: list[LabelBody]
    camera: CameraName
    seconds: TakeSeconds


class ResumedLesson(_Body):
    """A lesson of a set that is there."""

    set: str
    camera: CameraName
    seconds: TakeSeconds


class TakeBody(_Body):
    """The label of a take, by its position."""

    label: Annotated[int, Field(strict=True, ge=0, lt=MAX_LABELS)]


class NameBody(_Body):
    """What a set is called."""

    name: str


class UseBody(_Body):
    """Which set is used of a kind; null: none."""

    kind: Kind
    set: str | None


def routes(teacher: Teacher) -> list[Route]:
    """Return the routes of teaching, all for administrators: it changes how the device reads everybody."""

    async def status() -> TeachingStatus:
        return teacher.status()

    async def begin(body: NewLesson) -> TeachingStatus:
        labels = [label.model_dump() for label in body.labels]
        await teacher.begin(body.kind, body.name, labels, body.camera, body.seconds)
        return teacher.status()

    async def resume(body: ResumedLesson) -> TeachingStatus:
        await teacher.resume(body.set, body.camera, body.seconds)
        return teacher.status()

    async def end(body: EmptyBody) -> TeachingStatus:
        await teacher.end()
        return teacher.status()

    async def begin_take(body: TakeBody) -> TeachingStatus:
        teacher.begin_take(body.label)
        return teacher.status()

    async def drop_take(body: EmptyBody) -> TeachingStatus:
        await teacher.drop_take()
        return teacher.status()

    async def frame(request: Request) -> Response:
        jpeg = await request.body()
        if len(jpeg) > MAX_JPEG:
            raise InvalidChange("That picture is too large.")
        teacher.show(await asyncio.to_thread(decoded, jpeg))
        return Response(status_code=204)

    async def learn(body: EmptyBody) -> TeachingStatus:
        teacher.learn()
        return teacher.status()

    async def stop_learning(body: EmptyBody) -> TeachingStatus:
        await teacher.stop_learning()
        return teacher.status()

    async def keep(body: NameBody) -> TeachingStatus:
        await teacher.keep(body.name)
        return teacher.status()

    async def discard(body: EmptyBody) -> TeachingStatus:
        teacher.discard()
        return teacher.status()

    async def use(body: UseBody) -> TeachingStatus:
        await teacher.sets.use(body.kind, body.set)
        return teacher.status()

    async def export(name: str) -> Response:
        content = await teacher.sets.head_file(name)
        headers = {"content-disposition": f'attachment; filename="soundit-{content.info.kind}-{content.info.id}.json"'}
        return Response(content.model_dump_json(), media_type="application/json", headers=headers)

    async def forget(name: str, body: EmptyBody) -> TeachingStatus:
        await teacher.forget(name)
        return teacher.status()

    admin = Role.ADMIN
    return [
        Route("GET", "/api/own", admin, status),
        Route("POST", "/api/own/lesson", admin, begin, max_body=MAX_LESSON),
        Route("PUT", "/api/own/lesson", admin, resume),
        Route("DELETE", "/api/own/lesson", admin, end),
        Route("POST", "/api/own/take", admin, begin_take),
        Route("DELETE", "/api/own/take", admin, drop_take),
        Route("POST", "/api/own/frame", admin, frame, max_body=MAX_JPEG, body_types=("image/jpeg",)),
        Route("POST", "/api/own/learning", admin, learn),
        Route("DELETE", "/api/own/learning", admin, stop_learning),
        Route("POST", "/api/own/keep", admin, keep),
        Route("POST", "/api/own/discard", admin, discard),
        Route("PUT", "/api/own/use", admin, use),
        Route("GET", "/api/own/sets/{name}", admin, export),
        Route("DELETE", "/api/own/sets/{name}", admin, forget),
    ]
