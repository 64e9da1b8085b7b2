"""The routes of updates: each does what it says, and answers how updates stand."""

from __future__ import annotations

import httpx

from soundit_edge.page.app import create_app
from soundit_edge.page.routes.sets import updates
from tests.fakes.control import FakeControl
from tests.fakes.updates import READY, FakeUpdates


async def test_the_routes_do_what_they_say_and_answer_how_it_stands() -> None:
    control = FakeControl()
    fake = FakeUpdates(control)
    app = create_app(control, updates.routes(fake))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    headers = {"x-soundit": "page"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8347", headers=headers) as client:
        picture = (await client.get("/api/updates")).json()
        assert picture["now"] == READY.model_dump(mode="json")
        assert picture["refused"] == [{"id": "1-00000000000a", "why": "you went back from it"}]
        steps = [
            ("POST", "/look", {}, "look"),
            ("POST", "/take", {}, "take"),
            ("DELETE", "/take", {}, "stop"),
            ("POST", "/back", {}, "back"),
            ("PUT", "/pin", {"pinned": True}, "pin"),
            ("DELETE", "/refused/1-00000000000a", {}, "allow"),
        ]
        for method, path, body, what in steps:
            answer = await client.request(method, f"/api/updates{path}", json=body)
            assert answer.status_code == 200, path
            assert fake.asked[-1][0] == what
        for wrong in ({}, {"pinned": "yes"}, {"pinned": True, "x": 1}):
            assert (await client.put("/api/updates/pin", json=wrong)).status_code == 422
