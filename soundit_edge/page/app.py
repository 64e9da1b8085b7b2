"""The routes of the page."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from importlib import resources
from pathlib import PurePath
from typing import Any, Final

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.control import Control
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.errors import SounditError
from soundit_edge.page import vocabulary
from soundit_edge.page.changes import CHANGES, Change, wanted
from soundit_edge.page.event_stream import Live
from soundit_edge.page.guard import Guard

log = logging.getLogger(__name__)

USER: Final = Actor(Kind.PAGE, Role.OPERATOR)
"""Whoever sits at this machine may see the page, and set what it lets one set."""

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_CODES: Final[dict[type[SounditError], int]] = {InvalidChange: 422, NotNow: 409, NotAllowed: 403}
"""How refusals are answered; any other failure is 503."""


def create_app(control: Control) -> FastAPI:
    """Put the page over a control surface. `app.state.live` is its stream, which `serve` closes when it ends."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_middleware(Guard)
    app.state.live = live = Live(control)
    # The files are few and fixed: held in memory by name, there is no path that a request could climb.
    static = resources.files("soundit_edge.page") / "static"
    files = {entry.name: entry.read_bytes() for entry in static.iterdir()}
    files[vocabulary.MODULE_NAME] = vocabulary.module()

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

    for change in CHANGES:
        route = _route(change, control, live)
        app.add_api_route(change.path, route, methods=[change.method], response_model_exclude_unset=True)
    texts = {change.path: wanted(change.body) for change in CHANGES}

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        # The framework's own answer repeats what was sent, which fails on NaN and need not be repeated at all.
        return JSONResponse({"detail": f"The body must be {texts[request.url.path]}."}, 422)

    @app.exception_handler(SounditError)
    async def failed(request: Request, error: SounditError) -> Response:
        log.warning("%s %s: %s", request.method, request.url.path, error)
        return JSONResponse({"detail": str(error)}, _CODES.get(type(error), 503))

    return app


def _route(change: Change, control: Control, live: Live) -> Callable[..., Awaitable[Any]]:
    """Return what answers a request for a change: its body, once it is done."""

    async def answer(body: Any) -> Any:
        await change.act(control, body, USER)
        live.forget()
        return body

    answer.__annotations__ = {"body": change.body, "return": change.body}
    return answer
