"""The routes of cameras, microphones and speakers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from soundit_edge.control.actor import Role
from soundit_edge.control.refusals import NotNow
from soundit_edge.page.app import create_app
from soundit_edge.page.routes import devices as routes_module
from tests.fakes.control import FakeControl
from tests.fakes.devices import FakeDevices


@pytest.fixture
def devices() -> FakeDevices:
    return FakeDevices()


@pytest_asyncio.fixture
async def client(devices: FakeDevices) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(FakeControl(), routes_module.routes(devices)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_what_is_connected_seen_and_heard(client: httpx.AsyncClient, devices: FakeDevices) -> None:
    assert (await client.get("/api/devices")).json() == devices.now.model_dump(mode="json")
    sight = (await client.get("/api/sight")).json()
    assert (sight["width"], sight["height"], sight["age_s"]) == (640, 480, 0.05)
    assert [figure["kind"] for figure in sight["figures"]] == ["face", "body"]
    assert (await client.get("/api/hearing")).json() == {"rms_db": -23.4, "peak_db": -9.0}


async def test_a_choice_a_test_and_a_public_place(client: httpx.AsyncClient, devices: FakeDevices) -> None:
    assert (await client.put("/api/devices/camera", json={"name": "2"})).status_code == 200
    assert (await client.post("/api/speaker/test", json={})).status_code == 200
    assert (await client.put("/api/public-place", json={"public_place": True})).status_code == 200
    assert (devices.chosen, devices.tests, devices.public) == ([("camera", "2")], 1, [True])


async def test_a_password_in_an_address_is_not_said_back(client: httpx.AsyncClient) -> None:
    answer = await client.put("/api/devices/camera", json={"name": "rtsp://admin:geheim@porch/1"})
    assert answer.json() == {"name": "rtsp://porch/1"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/devices/trumpet", {"name": "2"}),
        ("/api/devices/camera", {"name": 2}),
        ("/api/devices/camera", {"name": ""}),
        ("/api/devices/camera", {"name": "x" * 801}),
        ("/api/devices/camera", {"name": "2", "by": "me"}),
        ("/api/devices/camera", {}),
        ("/api/public-place", {"public_place": "yes"}),
    ],
)
async def test_what_is_no_choice_is_refused_with_a_sentence(
    client: httpx.AsyncClient, devices: FakeDevices, path: str, body: dict[str, object]
) -> None:
    answer = await client.put(path, json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")
    assert devices.chosen == []


async def test_what_cannot_be_now_is_409_with_the_reason(client: httpx.AsyncClient, devices: FakeDevices) -> None:
    devices.refusal = NotNow("camera 2 is not there")
    for method, path, body in (
        ("PUT", "/api/devices/camera", {"name": "2"}),
        ("POST", "/api/speaker/test", {}),
        ("GET", "/api/sight", None),
        ("GET", "/api/hearing", None),
    ):
        answer = await client.request(method, path, json=body)
        assert (answer.status_code, answer.json()) == (409, {"detail": "camera 2 is not there"})


def test_who_may_ask() -> None:
    roles = {f"{one.method} {one.path}": one.role for one in routes_module.routes(FakeDevices())}
    assert roles == {
        "GET /api/devices": Role.ADMIN,
        "PUT /api/devices/{kind}": Role.ADMIN,
        "PUT /api/public-place": Role.ADMIN,
        "POST /api/speaker/test": Role.OPERATOR,
        "GET /api/sight": Role.OPERATOR,
        "GET /api/hearing": Role.OPERATOR,
    }
