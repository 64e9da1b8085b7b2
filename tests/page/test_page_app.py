"""The page's routes and what they answer."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from importlib import resources

import httpx
import pytest
import pytest_asyncio
from starlette.routing import Route

from soundit_edge.errors import SounditError
from soundit_edge.page.app import create_app
from tests.fakes.control import FakeControl, full_status

HOST = "http://localhost:8080"
ROUTES = {
    ("GET", "/"),
    ("GET", "/static/{name}"),
    ("GET", "/favicon.ico"),
    ("GET", "/api/status"),
    ("GET", "/api/events"),
    ("PUT", "/api/volume"),
}


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


@pytest_asyncio.fixture
async def client(control: FakeControl) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(control))
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


def static_names() -> list[str]:
    return [entry.name for entry in (resources.files("soundit_edge.page") / "static").iterdir()]


def test_there_are_these_routes_and_no_others() -> None:
    routes = create_app(FakeControl()).routes
    assert all(isinstance(route, Route) for route in routes)
    assert {(m, route.path) for route in routes if isinstance(route, Route) for m in route.methods or ()} == ROUTES


async def test_the_status_has_the_promised_shape(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/status")
    assert answer.headers["content-type"] == "application/json"
    status = answer.json()
    assert status == json.loads(full_status().model_dump_json())
    assert set(status) == {"version", "t", "mood", "senses", "sources", "music", "volume"}
    assert len(status["mood"]["probabilities"]) == 8


async def test_many_questions_in_one_tick_build_one_status(client: httpx.AsyncClient, control: FakeControl) -> None:
    for _ in range(20):
        await client.get("/api/status")
    assert control.asked <= 3


@pytest.mark.parametrize("name", static_names())
async def test_static_files_are_served_whole(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/static/{name}")
    assert answer.status_code == 200
    assert answer.content == (resources.files("soundit_edge.page") / "static" / name).read_bytes()
    kind = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    assert answer.headers["content-type"].startswith(kind[name.rpartition(".")[2]])


async def test_the_page_and_its_icon_are_there(client: httpx.AsyncClient) -> None:
    assert "<h1" in (await client.get("/")).text
    assert (await client.get("/favicon.ico")).headers["content-type"] == "image/svg+xml"


def test_nothing_on_the_page_is_inline_or_from_elsewhere() -> None:
    static = resources.files("soundit_edge.page") / "static"
    page = (static / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=|javascript:", page)
    for name in static_names():
        addresses = re.findall(
            r"(?:https?:)?//[\w.-]+\.\w+[^\s\"')]*", re.sub(r"^\s*//.*$", "", (static / name).read_text(), flags=re.M)
        )
        assert [a for a in addresses if "www.w3.org/2000/svg" not in a] == []


@pytest.mark.parametrize("volume", [0, 0.25, 1, 1.0])
async def test_the_volume_reaches_the_device(client: httpx.AsyncClient, control: FakeControl, volume: float) -> None:
    await client.get("/api/status")
    answer = await client.put("/api/volume", json={"volume": volume})
    assert (answer.status_code, answer.json()) == (200, {"volume": volume})
    assert control.volumes == [volume]
    assert (await client.get("/api/status")).json()["volume"] == volume


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"0.5",
        b"{}",
        b'{"volume": -0.01}',
        b'{"volume": 1.01}',
        b'{"volume": NaN}',
        b'{"volume": Infinity}',
        b'{"volume": 1e999}',
        b'{"volume": "0.5"}',
        b'{"volume": true}',
        b'{"volume": null}',
        b'{"volume": 0.5, "path": "/etc"}',
        b'{"volume": \xff}',
        b"[" * 1000,
    ],
)
async def test_what_is_no_volume_is_refused(client: httpx.AsyncClient, control: FakeControl, body: bytes) -> None:
    answer = await client.put("/api/volume", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert isinstance(answer.json()["detail"], str)
    assert control.volumes == []


async def test_a_device_that_cannot_says_why(client: httpx.AsyncClient, control: FakeControl) -> None:
    control.refusal = SounditError("The speaker is gone: plug it in again.")
    answer = await client.put("/api/volume", json={"volume": 0.5})
    assert (answer.status_code, answer.json()) == (503, {"detail": "The speaker is gone: plug it in again."})
