"""The routes of the page."""

from __future__ import annotations

import logging
from importlib import resources
from pathlib import PurePath
from typing import Annotated, Final

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from soundit_edge.control.control import Control, Rating
from soundit_edge.errors import SounditError
from soundit_edge.page.guard import Guard
from soundit_edge.page.live import Live
from soundit_edge.settings import LockSettings, PolicyName, PresetName

log = logging.getLogger(__name__)

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


_WANTED: Final = {
    "/api/volume": '{"volume": a number from 0 to 1}',
    "/api/policy": '{"policy": "follow", "lift" or "calm"}',
    "/api/preset": '{"preset": "musical" or "dramatic"}',
    "/api/locks": "{a parameter: a number in its range, or null to let it go}",
    "/api/rating": '{"rating": "liked" or "disliked"}',
    "/api/next": "{}",
}


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class VolumeChange(_Change):
    """The body of PUT /api/volume: a number from 0 (silent) to 1 (full)."""

    volume: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class PolicyChange(_Change):
    """The body of PUT /api/policy."""

    policy: PolicyName


class PresetChange(_Change):
    """The body of PUT /api/preset."""

    preset: PresetName


class LockChange(LockSettings):
    """The body of PATCH /api/locks: what is left out stays, null lets go."""

    model_config = ConfigDict(strict=True)


class RatingChange(_Change):
    """The body of PUT /api/rating, about the song that plays."""

    rating: Rating


class Nothing(_Change):
    """The body of POST /api/next."""


def create_app(control: Control) -> FastAPI:
    """The page over a control surface. `app.state.live` is its stream, which `serve` closes when it ends."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_middleware(Guard)
    app.state.live = live = Live(control)
    # The files are few and fixed: held in memory by name, there is no path that a request could climb.
    static = resources.files("soundit_edge.page") / "static"
    files = {entry.name: entry.read_bytes() for entry in static.iterdir()}

    def file(name: str) -> Response:
        if name not in files:
            raise HTTPException(404)
        return Response(files[name], media_type=_TYPES[PurePath(name).suffix], headers={"cache-control": "no-cache"})

    @app.get("/")
    async def page() -> Response:
        return file("index.html")

    @app.get("/static/{name}")
    async def asset(name: str) -> Response:
        return file(name)

    @app.get("/favicon.ico")
    async def icon() -> Response:
        return file("icon.svg")

    @app.get("/api/status")
    async def status() -> Response:
        return Response(live.json(), media_type="application/json")

    @app.get("/api/events")
    async def events() -> Response:
        return StreamingResponse(live.events(), media_type="text/event-stream")

    @app.put("/api/volume")
    async def set_volume(change: VolumeChange) -> VolumeChange:
        await control.set_volume(change.volume)
        live.forget()
        return change

    @app.put("/api/policy")
    async def set_policy(change: PolicyChange) -> PolicyChange:
        await control.set_policy(change.policy)
        live.forget()
        return change

    @app.put("/api/preset")
    async def set_preset(change: PresetChange) -> PresetChange:
        await control.set_preset(change.preset)
        live.forget()
        return change

    @app.patch("/api/locks", response_model_exclude_unset=True)
    async def set_locks(change: LockChange) -> LockChange:
        await control.set_locks(change.model_dump(exclude_unset=True))
        live.forget()
        return change

    @app.put("/api/rating")
    async def rate(change: RatingChange) -> RatingChange:
        await control.rate(change.rating)
        live.forget()
        return change

    @app.post("/api/next")
    async def next_track(nothing: Nothing) -> Nothing:
        await control.next_track()
        live.forget()
        return nothing

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        # The framework's own answer repeats what was sent, which fails on NaN and need not be repeated at all.
        return JSONResponse({"detail": f"The body must be {_WANTED[request.url.path]}."}, 422)

    @app.exception_handler(SounditError)
    async def failed(request: Request, error: SounditError) -> Response:
        log.warning("%s %s: %s", request.method, request.url.path, error)
        return JSONResponse({"detail": str(error)}, 503)

    return app
