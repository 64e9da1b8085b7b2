"""What the page can change: one row a route. Names, ranges and texts come from the models of the settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, create_model

from soundit_edge.control.actor import Actor, Role
from soundit_edge.control.control import Control, Rating
from soundit_edge.control.patch import DevicePatch, LockPatch, SongNumber, patch_of
from soundit_edge.page.event_stream import Live
from soundit_edge.page.route import By, Route


@dataclass(frozen=True, slots=True)
class Change:
    """A route that changes something.

    Attributes:
        method: of the request.
        path: of the request.
        body: what the request has to bring, and what is answered.
        summary: what it does, in a sentence.
        act: does it.
    """

    method: Literal["PUT", "PATCH", "POST"]
    path: str
    body: type[BaseModel]
    summary: str
    act: Callable[[Control, Any, Actor], Awaitable[None]]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class RatingBody(_Body):
    """A rating of the song that plays."""

    rating: Rating


class SongBody(_Body):
    """A song of the library, by its number."""

    id: SongNumber


class EmptyBody(_Body):
    """Nothing: the request says it all."""


def _body_of(name: str) -> type[BaseModel]:
    """Return the model of a body that brings one field of the patch."""
    field = DevicePatch.model_fields[name]
    kind = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    fields: dict[str, Any] = {name: (kind, ...)}
    return create_model(f"{name.title()}Body", __base__=_Body, **fields)


async def _change_field(control: Control, body: BaseModel, by: Actor) -> None:
    await control.change(patch_of(body.model_dump()), by)


async def _change_locks(control: Control, body: LockPatch, by: Actor) -> None:
    await control.change(DevicePatch(locks=body), by)


async def _change_device(control: Control, body: DevicePatch, by: Actor) -> None:
    await control.change(body, by)


async def _rate(control: Control, body: RatingBody, by: Actor) -> None:
    await control.rate(body.rating, by)


async def _play_song(control: Control, body: SongBody, by: Actor) -> None:
    await control.play_song(body.id, by)


async def _next_track(control: Control, body: EmptyBody, by: Actor) -> None:
    await control.next_track(by)


CHANGES: Final[tuple[Change, ...]] = (
    Change("PUT", "/api/volume", _body_of("volume"), "Set the volume.", _change_field),
    Change("PUT", "/api/policy", _body_of("policy"), "Choose what the music does with the mood.", _change_field),
    Change("PUT", "/api/preset", _body_of("preset"), "Choose how far the music goes.", _change_field),
    Change("PATCH", "/api/locks", LockPatch, "Hold parameters of the music, or let them go.", _change_locks),
    Change("PATCH", "/api/device", DevicePatch, "Change what the device does: all of it or nothing.", _change_device),
    Change("PUT", "/api/rating", RatingBody, "Say what the song that plays is worth.", _rate),
    Change("POST", "/api/next", EmptyBody, "Go on to the next track.", _next_track),
    Change("POST", "/api/play/song", SongBody, "Play a song of the library.", _play_song),
)
"""Everything that can be changed, and how it is asked for."""


def routes(control: Control, live: Live) -> list[Route]:
    """Return the routes of the changes: operators may ask for them."""
    return [Route(one.method, one.path, Role.OPERATOR, _answer(one, control, live)) for one in CHANGES]


def _answer(change: Change, control: Control, live: Live) -> Callable[..., Awaitable[Any]]:
    """Return what answers a request for a change: its body, once it is done."""

    async def answer(body: Any, by: By) -> Any:
        await change.act(control, body, by)
        live.forget()
        return JSONResponse(body.model_dump(mode="json", exclude_unset=True))  # what was asked for, and no more

    answer.__doc__ = change.summary
    answer.__annotations__ = {"body": change.body, "by": By, "return": change.body}
    return answer
