"""The page's routes and what they answer."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from soundit_edge.control.actor import Kind
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.errors import SounditError
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.target import RANGES
from soundit_edge.page.app import create_app
from soundit_edge.page.event_stream import TICK_S
from soundit_edge.page.routes.files import page_files
from tests.fakes.control import FakeControl, full_status

HOST = "http://localhost:8080"


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


@pytest_asyncio.fixture
async def client(control: FakeControl) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(control))
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


def static_names() -> list[str]:
    folder = Path(str(resources.files("soundit_edge.page") / "static"))
    return [str(file.relative_to(folder)) for file in folder.rglob("*.*")]


async def test_the_status_has_the_promised_shape(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/status")
    assert answer.headers["content-type"] == "application/json"
    status = answer.json()
    assert status == json.loads(full_status().model_dump_json())
    whole = {"version", "t", "mood", "senses", "sources", "models", "music", "volume", "privacy", "override", "note"}
    assert set(status) == {
        *whole,
        "room",
        "schedule",
        "scene",
        "integrations",
        "welcomed",
        "claim",
        "update",
        "safe_mode",
    }
    assert len(status["mood"]["probabilities"]) == 8


async def test_many_questions_in_one_tick_build_one_status(client: httpx.AsyncClient, control: FakeControl) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    for _ in range(20):
        await client.get("/api/status")
    ticks = (loop.time() - began) / TICK_S
    assert control.asked <= ticks + 2


@pytest.mark.parametrize("name", static_names())
async def test_static_files_are_served_whole(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/static/{name}")
    assert answer.status_code == 200
    assert answer.content == (resources.files("soundit_edge.page") / "static" / name).read_bytes()
    kind = {
        "html": "text/html",
        "css": "text/css",
        "js": "text/javascript",
        "svg": "image/svg+xml",
        "json": "application/json",
        "png": "image/png",
        "webmanifest": "application/manifest+json",
    }
    assert answer.headers["content-type"].startswith(kind[name.rpartition(".")[2]])


def test_the_page_is_small() -> None:
    """What the first screen needs, all views together, and what only the kiosk loads."""
    sent = {name: len(gzip.compress(content, 9)) for name, content in page_files().items()}
    first = re.findall(r'(?:href|src)="/static/([^"]+)"', (page_files()["index.html"]).decode())
    assert sum(sent[name] for name in {*first, "index.html", "vocabulary.js"}) < 75_000
    kiosk = {name for name in sent if name.startswith(("kiosk", "scenes/"))}
    views = {name for name in sent if not name.startswith("languages/")} - kiosk
    assert sum(sent[name] for name in views) < 130_000
    assert sum(sent[name] for name in kiosk) < 30_000


async def test_the_page_and_its_icon_are_there(client: httpx.AsyncClient) -> None:
    assert "<h1" in (await client.get("/")).text
    assert (await client.get("/favicon.ico")).headers["content-type"] == "image/svg+xml"


def test_nothing_on_the_page_is_inline_or_from_elsewhere() -> None:
    static = resources.files("soundit_edge.page") / "static"
    for document in ("index.html", "kiosk.html"):
        page = (static / document).read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=|javascript:", page)
    for name in static_names():
        if name.endswith(".png"):
            continue
        addresses = re.findall(
            r"(?:https?:)?//[\w.-]+\.\w+[^\s\"')]*", re.sub(r"^\s*//.*$", "", (static / name).read_text(), flags=re.M)
        )
        assert [a for a in addresses if "www.w3.org/2000/svg" not in a and "//example.org/" not in a] == []


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


@pytest.mark.parametrize("policy", [policy.value for policy in Policy])
async def test_the_policy_reaches_the_device(client: httpx.AsyncClient, control: FakeControl, policy: str) -> None:
    answer = await client.put("/api/policy", json={"policy": policy})
    assert (answer.status_code, answer.json()) == (200, {"policy": policy})
    assert control.choices == [("policy", policy)]
    assert (await client.get("/api/status")).json()["music"]["policy"] == policy


@pytest.mark.parametrize("preset", PRESETS)
async def test_the_preset_reaches_the_device(client: httpx.AsyncClient, control: FakeControl, preset: str) -> None:
    answer = await client.put("/api/preset", json={"preset": preset})
    assert (answer.status_code, answer.json()) == (200, {"preset": preset})
    assert control.choices == [("preset", preset)]
    assert (await client.get("/api/status")).json()["music"]["preset"] == preset


@pytest.mark.parametrize("name", RANGES)
async def test_each_parameter_can_be_locked_and_let_go(
    client: httpx.AsyncClient, control: FakeControl, name: str
) -> None:
    for value in RANGES[name]:
        answer = await client.patch("/api/locks", json={name: value})
        assert (answer.status_code, answer.json()) == (200, {name: value})
        assert (await client.get("/api/status")).json()["music"]["locks"] == {name: value}
    answer = await client.patch("/api/locks", json={name: None})
    assert (answer.status_code, answer.json()) == (200, {name: None})
    assert (await client.get("/api/status")).json()["music"]["locks"] == {}
    assert control.choices[-1] == ("locks", {name: None})


async def test_a_lock_leaves_the_others_alone(client: httpx.AsyncClient, control: FakeControl) -> None:
    await client.patch("/api/locks", json={"tempo": 1.1, "wah": 0.5})
    await client.patch("/api/locks", json={"wah": None, "wet": 0})
    assert control.now.music.locks == {"tempo": 1.1, "wet": 0}
    assert control.choices == [("locks", {"tempo": 1.1, "wah": 0.5}), ("locks", {"wah": None, "wet": 0})]


async def test_the_next_track_is_asked_for(client: httpx.AsyncClient, control: FakeControl) -> None:
    answer = await client.post("/api/next", json={})
    assert (answer.status_code, answer.json()) == (200, {})
    assert control.choices == [("next", None)]


async def test_a_song_is_rated(client: httpx.AsyncClient, control: FakeControl) -> None:
    answer = await client.put("/api/rating", json={"rating": "liked"})
    assert (answer.status_code, answer.json()) == (200, {"rating": "liked"})
    assert control.choices == [("rating", "liked")]


WRONG = [
    *(
        ("PUT", f"/api/{what}", body)
        for what in ("policy", "preset")
        for body in (
            b"",
            b"{",
            b"[]",
            b'"lift"',
            b"{}",
            b'{"%s": null}' % what.encode(),
            b'{"%s": 1}' % what.encode(),
            b'{"%s": ""}' % what.encode(),
            b'{"%s": "wild"}' % what.encode(),
            b'{"%s": "Lift"}' % what.encode(),
            b'{"%s": ["lift"]}' % what.encode(),
            b'{"%s": "lift", "x": 1}' % what.encode(),
            b'{"%s": "\xff"}' % what.encode(),
            b"[" * 1000,
        )
    ),
    *(
        ("PATCH", "/api/locks", body)
        for body in (
            b"",
            b"{",
            b"[]",
            b"1.1",
            b'{"tempo": NaN}',
            b'{"tempo": -Infinity}',
            b'{"tempo": Infinity}',
            b'{"tempo": 1e999}',
            b'{"tempo": %s}' % (b"9" * 900),
            b'{"tempo": "1.1"}',
            b'{"tempo": true}',
            b'{"tempo": [1.1]}',
            b'{"tempo": {"value": 1.1}}',
            b'{"temp": 1.1}',
            b'{"volume": 0.5}',
            b'{"__class__": 1}',
            b'{"tempo": 1.1, "wah": 2}',
            b'{"tempo": 1.1, "policy": "lift"}',
            b'{"tempo": \xff}',
            b"[" * 1000,
        )
    ),
    *(("PUT", "/api/rating", body) for body in (b"{}", b'{"rating": "none"}', b'{"rating": 1}', b'{"rating": null}')),
    *(
        ("POST", "/api/play/song", body)
        for body in (
            b"{}",
            b'{"id": 0}',
            b'{"id": "1"}',
            b'{"id": true}',
            b'{"id": 1.5}',
            b'{"id": null}',
            b'{"id": %d}' % 2**63,
            b'{"id": %s}' % (b"9" * 900),
            b'{"id": "/etc/passwd"}',
            b'{"path": "/etc/passwd"}',
        )
    ),
    *(
        ("PATCH", "/api/device", body)
        for body in (
            b'{"play": "/etc/passwd"}',
            b'{"track": "/etc/passwd"}',
            b'{"track": %s}' % (b"9" * 900),
            b'{"paused": 1}',
            b'{"mood": "calm"}',
            b'{"mood": {"emotion": "bored"}}',
            b'{"mood": {"emotion": "calm", "minutes": 1e999}}',
            b'{"mood": {"emotion": "calm", "minutes": NaN}}',
            b'{"paused": true, "mood": {"emotion": "calm", "hours": 1}}',
        )
    ),
    *(("POST", "/api/next", body) for body in (b"", b"[]", b"null", b"1", b'{"path": "/etc/passwd"}', b"{")),
]


@pytest.mark.parametrize(("method", "path", "body"), WRONG)
async def test_what_is_no_choice_is_refused_whole(
    client: httpx.AsyncClient, control: FakeControl, method: str, path: str, body: bytes
) -> None:
    answer = await client.request(method, path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    detail = answer.json()["detail"]
    assert isinstance(detail, str)
    assert "passwd" not in detail
    assert control.choices == []


@pytest.mark.parametrize("name", RANGES)
async def test_a_lock_out_of_range_is_refused(client: httpx.AsyncClient, control: FakeControl, name: str) -> None:
    low, high = RANGES[name]
    for value in (low - 0.01, high + 0.01, -1e300, 1e300):
        assert (await client.patch("/api/locks", json={name: value})).status_code == 422
    assert control.choices == []


CHANGES = [
    ("PUT", "/api/volume", {"volume": 0.5}),
    ("PUT", "/api/policy", {"policy": "lift"}),
    ("PUT", "/api/preset", {"preset": "dramatic"}),
    ("PATCH", "/api/locks", {"tempo": 1.1}),
    ("PUT", "/api/rating", {"rating": "disliked"}),
    ("POST", "/api/next", {}),
    ("POST", "/api/play/song", {"id": 3}),
    ("PATCH", "/api/device", {"paused": True, "mood": {"emotion": "calm", "minutes": 60}}),
]


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (InvalidChange("volume: too much"), 422),
        (NotNow("There is no other track to go on to."), 409),
        (NotAllowed("Who may only look cannot change anything."), 403),
        (SounditError("The speaker is gone: plug it in again."), 503),
    ],
)
@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_a_device_that_refuses_says_why(
    client: httpx.AsyncClient,
    control: FakeControl,
    method: str,
    path: str,
    body: dict[str, object],
    refusal: SounditError,
    code: int,
) -> None:
    """A wrong moment was answered as if the device were broken."""
    control.refusal = refusal
    answer = await client.request(method, path, json=body)
    assert (answer.status_code, answer.json()) == (code, {"detail": str(refusal)})


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_the_device_knows_who_asks(
    client: httpx.AsyncClient, control: FakeControl, method: str, path: str, body: dict[str, object]
) -> None:
    await client.request(method, path, json=body)
    assert [(actor.kind, actor.subject) for actor in control.actors] == [(Kind.PAGE, "you")]


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("PUT", "/api/volume", 'The body must be {"volume": a number from 0 to 1}.'),
        ("PUT", "/api/policy", 'The body must be {"policy": "follow", "lift" or "calm"}.'),
        ("PUT", "/api/preset", 'The body must be {"preset": "musical" or "dramatic"}.'),
        ("PUT", "/api/rating", 'The body must be {"rating": "liked" or "disliked"}.'),
        ("POST", "/api/next", "The body must be {}."),
    ],
)
async def test_a_wrong_body_is_answered_with_the_right_one(
    client: httpx.AsyncClient, method: str, path: str, words: str
) -> None:
    answer = await client.request(method, path, json={"x": 1})
    assert (answer.status_code, answer.json()) == (422, {"detail": words})


async def test_a_wrong_lock_is_answered_with_every_range(client: httpx.AsyncClient) -> None:
    detail = (await client.patch("/api/locks", json={"temp": 1})).json()["detail"]
    assert detail.startswith('The body must be {any of "tempo": a number from 0.5 to 2 or null, ')
    for name, (low, high) in RANGES.items():
        assert f'"{name}": a number from {low:g} to {high:g} or null' in detail
