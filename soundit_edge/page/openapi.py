"""The description of the page's API for programs: OpenAPI, made from the table of routes and served by the device."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from soundit_edge import __version__
from soundit_edge.page.route import Route

PATH: Final = "/api/openapi.json"

_ABOUT: Final = """What the page of this device does, programs may do, too.

Bodies are JSON (uploads excepted). Who may ask stands at each route as `x-role`: a viewer looks, an operator also
changes the music, an administrator also the device; null is everybody. A program shows its token as
`Authorization: Bearer ...`. A request that is refused changes nothing, and is answered with one sentence: 401 (sign in
first), 403 (not for you), 404 (there is none), 409 (not at this moment), 413 (too large), 415 (another type), 422 (not
possible), 429 (too often)."""


def description_route() -> Route:
    """Return the route of the description: everybody may read it, for it is the same in every device."""

    async def description(request: Request) -> Response:
        """Describe this API."""
        return JSONResponse(request.app.openapi())

    return Route("GET", PATH, None, description)


def describe(app: FastAPI, routes: list[Route]) -> None:
    """Let `app.openapi` tell also who may ask for what, and how refusals look.

    Args:
        app: to which the routes were added.
        routes: all of them.
    """
    app.title, app.version, app.description = "soundit edge", __version__, _ABOUT
    plain = app.openapi
    roles = {(route.path.replace(":path}", "}"), route.method.lower()): route.role for route in routes}

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            whole = plain()
            for path, operations in whole["paths"].items():
                for method, operation in operations.items():
                    operation["x-role"] = roles[path, method]
        schema: dict[str, Any] = app.openapi_schema or {}
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
