"""The page as an application: its routes behind the guard, and refusals as answers."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.control import Control
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.errors import SounditError
from soundit_edge.page.event_stream import Live
from soundit_edge.page.http.guard import Guard
from soundit_edge.page.openapi import describe, description_route
from soundit_edge.page.route import Route, add_routes
from soundit_edge.page.routes import changes, files, live
from soundit_edge.page.wording import wanted

log = logging.getLogger(__name__)

LOCAL_USER: Final = Actor(Kind.PAGE, Role.ADMIN)
"""Whoever sits at this machine."""

_CODES: Final[dict[type[SounditError], int]] = {InvalidChange: 422, NotNow: 409, NotAllowed: 403}
"""How refusals are answered; any other failure is 503."""


def create_app(control: Control, more: Iterable[Route] = ()) -> FastAPI:
    """Put the page over a control surface. `app.state.live` is its stream, which `serve` closes when it ends.

    Args:
        control: the device.
        more: routes of what this device has beside it, such as a library.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.live = stream = Live(control)
    own = [*files.routes(), *live.routes(stream), *changes.routes(control, stream), description_route(app)]
    table = [*own, *more]
    app.state.routes = table
    app.add_middleware(Guard, routes=table, who=lambda scope: LOCAL_USER)
    add_routes(app, table)
    describe(app, table)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        # The framework's own answer repeats what was sent, which fails on NaN and need not be repeated at all.
        return JSONResponse({"detail": wanted(request.scope["route"], error)}, 422)

    @app.exception_handler(SounditError)
    async def failed(request: Request, error: SounditError) -> Response:
        log.warning("%s %s: %s", request.method, request.url.path, error)
        return JSONResponse({"detail": str(error)}, _CODES.get(type(error), 503))

    return app
