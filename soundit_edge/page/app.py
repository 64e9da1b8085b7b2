"""The page as an application: its routes behind the guard, and refusals as answers."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from soundit_edge.control.control import Control
from soundit_edge.errors import SounditError
from soundit_edge.page.answers import refusal_answer
from soundit_edge.page.auth.access import Access
from soundit_edge.page.event_stream import Live
from soundit_edge.page.http.guard import Guard
from soundit_edge.page.http.hosts import Hosts
from soundit_edge.page.openapi import describe, description_route
from soundit_edge.page.route import Route, add_routes
from soundit_edge.page.routes import changes, files, live, session, users
from soundit_edge.page.wording import wanted

log = logging.getLogger(__name__)


def create_app(
    control: Control, more: Iterable[Route] = (), access: Access | None = None, hosts: Hosts | None = None
) -> FastAPI:
    """Put the page over a control surface. `app.state.live` is its stream, which `serve` closes when it ends.

    Args:
        control: the device.
        more: routes of what this device has beside it, such as a library.
        access: says who may ask; None: nobody has claimed the device, and who does is forgotten at the end.
        hosts: knows the device's names; None: it has none but localhost and its addresses.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.live = stream = Live(control)
    access = access or Access()
    own = [*files.routes(), *live.routes(stream), *changes.routes(control, stream), description_route()]
    table = [*own, *session.routes(access), *users.routes(access), *more]
    app.state.routes = table
    app.add_middleware(Guard, routes=table, gate=access.gate, hosts=hosts or Hosts())
    add_routes(app, table)
    describe(app, table)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        # The framework's own answer repeats what was sent, which fails on NaN and need not be repeated at all.
        return JSONResponse({"detail": wanted(request.scope["route"], error)}, 422)

    @app.exception_handler(SounditError)
    async def failed(request: Request, error: SounditError) -> Response:
        log.warning("%s %s: %s", request.method, request.url.path, error)
        return refusal_answer(error)

    return app
