"""The description of the API: whole, of this device alone, and true, which random requests try."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from fastapi import FastAPI
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance

from soundit_edge.page.app import create_app
from soundit_edge.page.openapi import PATH
from tests.fakes.control import FakeControl

HOST = "http://localhost:8080"
STREAMS = "/api/events"
"""What never ends is not called at random."""


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(FakeControl())


async def test_it_is_served_whole_and_names_no_other_place(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST) as client:
        answer = await client.get(PATH)
    assert answer.status_code == 200
    described = answer.json()
    asked = {(method.upper(), path) for path, rows in described["paths"].items() for method in rows}
    assert asked == {(route.method, route.path.replace(":path}", "}")) for route in app.state.routes}
    assert "http" not in json.dumps(described).replace("HTTP", "")


async def test_every_route_says_what_it_does_and_for_whom(app: FastAPI) -> None:
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            assert operation["x-role"] in (None, "viewer", "operator", "admin")


class Synchronous(httpx.BaseTransport):
    """Asks an application in this thread, for a tool that knows no event loop."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def ask() -> httpx.Response:
            whole = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
            answer = await self._transport.handle_async_request(whole)
            whole_answer = httpx.ByteStream(await answer.aread())
            headers = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
            return httpx.Response(answer.status_code, headers=headers, stream=whole_answer)

        return asyncio.run(ask())


def test_no_request_is_answered_by_a_failure(app: FastAPI) -> None:
    schema = schemathesis.openapi.from_dict(app.openapi())
    asked = 0
    client = httpx.Client(transport=Synchronous(app), base_url=HOST)
    for found in schema.exclude(path=STREAMS).get_all_operations():
        assert isinstance(found, Ok)

        @hypothesis.given(case=found.ok().as_strategy())
        @hypothesis.settings(max_examples=8, deadline=None, database=None, derandomize=True)
        def ask(case: schemathesis.Case[Any]) -> None:
            nonlocal asked
            asked += 1
            request = case.as_transport_kwargs(base_url=HOST)
            answer = client.request(**{name: value for name, value in request.items() if name != "cookies"})
            case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])

        ask()
    assert asked >= len(app.state.routes)
