"""One test for each attack on the page from the same browser or the same machine, and for those who may come in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from soundit_edge.page.app import create_app
from soundit_edge.page.route import MAX_JSON
from tests.fakes.control import FakeControl

HOST = "http://localhost:8080"
CHANGES = [
    ("PUT", "/api/volume", {"volume": 1}),
    ("PUT", "/api/policy", {"policy": "lift"}),
    ("PUT", "/api/preset", {"preset": "dramatic"}),
    ("PATCH", "/api/locks", {"loudness_db": 6}),
    ("PATCH", "/api/device", {"preset": "dramatic"}),
    ("PUT", "/api/rating", {"rating": "liked"}),
    ("POST", "/api/next", {}),
    ("POST", "/api/play/song", {"id": 3}),
]
"""Every request that changes something."""
every_change = pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=[path for _, path, _ in CHANGES])
Body = dict[str, object]
JSON_TYPE = {"content-type": "application/json"}


def untouched(control: FakeControl) -> bool:
    return control.volumes == [] and control.choices == []


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


@pytest_asyncio.fixture
async def client(control: FakeControl) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(control))
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:80",
        "localhost.",
        "localhost:65535",
        "127.0.0.1",
        "127.0.0.1:8080",
        "[::1]",
        "[::1]:8080",
    ],
)
async def test_this_machine_is_answered_by_any_of_its_names(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/api/status", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "localhost@evil.example",
        "evil.example#localhost",
        "127.0.0.1.evil.example",
        "0.0.0.0",
        "224.0.0.251",
        "127.0.0.256",
        "127.1",
        "2130706433",
        "[::1]evil",
        "::1",
        "localhost:",
        "localhost:80:80",
        "localhost:٨٠",
        "localhost ",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/status", "/api/events", "/static/page.js", "/nowhere"])
async def test_attack_dns_rebinding(client: httpx.AsyncClient, control: FakeControl, host: str, path: str) -> None:
    answer = await client.get(path, headers={b"host": host.encode()})
    assert answer.status_code == 400
    assert control.asked == 0


async def test_attack_two_hosts(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers=[("host", "localhost"), ("host", "evil.example")])
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://localhost:8080"},
        {"origin": "http://localhost:9090"},
        {"origin": "http://127.0.0.1:8080"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        {"origin": HOST, "sec-fetch-site": "cross-site"},
    ],
)
@every_change
async def test_attack_cross_site_request(
    client: httpx.AsyncClient, control: FakeControl, headers: dict[str, str], method: str, path: str, body: Body
) -> None:
    answer = await client.request(method, path, json=body, headers=headers)
    assert answer.status_code == 403
    assert untouched(control)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8080", "192.168.1.7.evil.example"])
@every_change
async def test_attack_dns_rebinding_of_a_change(
    client: httpx.AsyncClient, control: FakeControl, host: str, method: str, path: str, body: Body
) -> None:
    answer = await client.request(method, path, json=body, headers={"host": host, "origin": f"http://{host}"})
    assert answer.status_code == 400
    assert untouched(control)


@pytest.mark.parametrize("headers", [{}, {"origin": HOST}, {"origin": HOST, "sec-fetch-site": "same-origin"}])
@every_change
async def test_the_page_itself_and_the_command_line_may(
    client: httpx.AsyncClient, control: FakeControl, headers: dict[str, str], method: str, path: str, body: Body
) -> None:
    assert (await client.request(method, path, json=body, headers=headers)).status_code == 200
    assert not untouched(control)


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain;application/json", ""],
)
@every_change
async def test_attack_a_form_of_another_page(
    client: httpx.AsyncClient, control: FakeControl, kind: str, method: str, path: str, body: Body
) -> None:
    answer = await client.request(method, path, content=json.dumps(body), headers={"content-type": kind})
    assert answer.status_code == 415
    assert untouched(control)


@pytest.mark.parametrize("path", ["/api/status", "/api/events", "/static/page.js"])
async def test_attack_another_page_embeds_this_one(client: httpx.AsyncClient, control: FakeControl, path: str) -> None:
    for site in ("cross-site", "same-site"):
        answer = await client.get(path, headers={"sec-fetch-site": site, "sec-fetch-mode": "no-cors"})
        assert (answer.status_code, control.asked) == (403, 0)


async def test_a_link_or_a_bookmark_may_lead_here(client: httpx.AsyncClient) -> None:
    linked = await client.get("/", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"})
    typed = await client.get("/", headers={"sec-fetch-site": "none"})
    assert (linked.status_code, typed.status_code) == (200, 200)


@every_change
async def test_attack_preflight_gets_no_leave(client: httpx.AsyncClient, method: str, path: str, body: Body) -> None:
    ask = {"origin": "http://evil.example", "access-control-request-method": method}
    answer = await client.options(path, headers=ask)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/..%5capp.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/page.js%00",
        "/static/.",
        "/static/",
        "/static",
    ],
)
async def test_attack_path_traversal(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(httpx.URL(HOST).copy_with(raw_path=path.encode()))
    assert answer.status_code == 404
    assert b"create_app" not in answer.content


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
async def test_attack_reading_the_plan_of_the_house(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@every_change
async def test_attack_a_body_too_large(
    client: httpx.AsyncClient, control: FakeControl, method: str, path: str, body: Body
) -> None:
    for content in (json.dumps({**body, "x": "x" * MAX_JSON}), json.dumps(body) + " " * MAX_JSON):
        answer = await client.request(method, path, content=content, headers=JSON_TYPE)
        assert answer.status_code == 413
    assert untouched(control)


@every_change
async def test_attack_a_body_without_end(
    client: httpx.AsyncClient, control: FakeControl, method: str, path: str, body: Body
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield json.dumps(body).encode()

    answer = await client.request(method, path, content=endless(), headers=JSON_TYPE)
    assert answer.status_code == 411
    assert untouched(control)


@every_change
async def test_attack_another_method(
    client: httpx.AsyncClient, control: FakeControl, method: str, path: str, body: Body
) -> None:
    for other in {"POST", "PATCH", "PUT", "DELETE", "TRACE", "GET"} - {method}:
        answer = await client.request(other, path, content=json.dumps(body), headers=JSON_TYPE)
        assert answer.status_code == 405, other
    assert untouched(control)


@pytest.mark.parametrize(
    ("path", "code"), [("/", 200), ("/api/status", 200), ("/nowhere", 404), ("/static/page.js", 200)]
)
async def test_every_answer_is_locked_down(client: httpx.AsyncClient, path: str, code: int) -> None:
    for host, expected in (("localhost", code), ("evil.example", 400)):
        answer = await client.get(path, headers={"host": host})
        assert answer.status_code == expected
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] in ("no-store", "no-cache")
        assert not [name for name in answer.headers if name.startswith("access-control-")]
