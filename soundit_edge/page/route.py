"""A route of the page: what is asked for, who may ask, and how much may come with it. A route without a row is none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, Field

from soundit_edge.control.actor import Actor, Role

Method = Literal["GET", "PUT", "PATCH", "POST", "DELETE"]

JSON: Final = "application/json"
MAX_JSON: Final = 1024
"""Largest body of a change, in bytes, where a route says nothing else."""


class Problem(BaseModel):
    """Why a request is refused."""

    detail: str = Field(description="One sentence for people.")


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table of routes.

    Attributes:
        method: of the request; HEAD is answered as GET.
        path: with names in braces, such as "/api/songs/{song}".
        role: what whoever asks must be at least; None: everybody may ask, also before the device is claimed.
        answer: an endpoint of FastAPI; it takes who asks as a parameter of the type `By`. The first line of its
            docstring is what the API's description says of it.
        max_body: largest body, in bytes.
        body_types: media types that the body may have; one that ends with "/" stands for all that begin with it.
    """

    method: Method
    path: str
    role: Role | None
    answer: Callable[..., Awaitable[Any]]
    max_body: int = MAX_JSON
    body_types: tuple[str, ...] = (JSON,)


def actor_of(request: Request) -> Actor:
    """Return who asks, whom the gate has recognised."""
    actor: Actor = request.state.actor
    return actor


By = Annotated[Actor, Depends(actor_of)]
"""Who asks, as a parameter of an endpoint."""


def add_routes(app: FastAPI, routes: Iterable[Route]) -> None:
    """Let an application answer these routes; the guard before it lets only those ask who may."""
    for route in routes:
        app.add_api_route(
            route.path,
            route.answer,
            methods=[route.method],
            summary=(route.answer.__doc__ or "").partition("\n")[0].rstrip("."),
            tags=[_subject(route.path)],
            responses={"4XX": {"model": Problem, "description": "Refused, and nothing was changed."}},
        )


def _subject(path: str) -> str:
    """Return what a route is about: the first name under /api, or "page" where it is a file of the page."""
    first, *rest = path.strip("/").split("/")
    return rest[0] if first == "api" else "page"
