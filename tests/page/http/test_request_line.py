"""Request lines beside the usual one, over a real socket: HEAD, and targets with a scheme and a host."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from tests.fakes.control import FakeControl
from tests.page.http.test_server import served
from tests.waiting import HANG_S

PATHS = ["/", "/static/page.js", "/favicon.ico", "/api/status", "/nowhere", "/api/volume"]


async def answer(port: int, request: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
    """Send one request; the status line, the headers and the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    status, *lines = head.split(b"\r\n")
    headers = dict(line.lower().split(b": ", 1) for line in lines)
    del headers[b"date"]
    return status, headers, body


async def asked(
    control: FakeControl, target: str, host: str, method: str = "GET", more: str = "", body: str = ""
) -> tuple[bytes, bytes]:
    """Ask a server of its own; the status code and the body. PORT stands for its port."""
    async with served(control) as (address, _):
        port = address.rpartition(":")[2]
        lines = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n{body}"
        status, _, said = await answer(int(port), lines.replace("PORT", port).encode())
    return status.split()[1], said


@pytest.mark.parametrize("path", PATHS)
async def test_head_is_answered_as_get_is_but_without_the_body(path: str) -> None:
    async with served(FakeControl()) as (address, _):
        port = int(address.rpartition(":")[2])
        rest = f" {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        get, head = await answer(port, b"GET" + rest), await answer(port, b"HEAD" + rest)
    assert (head[:2], head[2]) == (get[:2], b"")
    assert int(head[1][b"content-length"]) == len(get[2]) > 0


async def test_head_of_the_stream_ends() -> None:
    control = FakeControl()
    async with asyncio.timeout(HANG_S), served(control) as (address, _):
        port = int(address.rpartition(":")[2])
        rest = b" /api/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        status, headers, body = await answer(port, b"HEAD" + rest)
        before = control.asked
        await asyncio.sleep(0.5)
        assert control.asked == before  # nobody watches
    assert (status, body) == (b"HTTP/1.1 200 OK", b"")
    assert headers[b"content-type"].startswith(b"text/event-stream")


@pytest.mark.parametrize("host", ["evil.example", "192.168.1", "localhost.evil.example"])
async def test_attack_dns_rebinding_by_head(host: str) -> None:
    control = FakeControl()
    assert await asked(control, "/api/status", host, "HEAD") == (b"400", b"")
    assert control.asked == 0


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("http://localhost:PORT/", "localhost:PORT"),
        ("http://127.0.0.1:PORT/", "127.0.0.1:PORT"),
        ("HTTP://LocalHost/", "localhost"),
        ("http://[::1]:PORT/", "[::1]:PORT"),
        ("http://localhost:PORT", "localhost:PORT"),
        ("http://localhost?x=1", "localhost"),
        ("http://localhost/?x=1", "127.0.0.1:PORT"),
    ],
)
async def test_an_absolute_target_is_served(target: str, host: str) -> None:
    code, body = await asked(FakeControl(), target, host)
    assert code == b"200"
    assert b"<h1" in body


@pytest.mark.parametrize("target", ["http://localhost/api/status", "http://localhost/%61pi/status"])
async def test_the_path_of_an_absolute_target_counts(target: str) -> None:
    control = FakeControl()
    code, body = await asked(control, target, "localhost")
    assert (code, body[:1], control.asked) == (b"200", b"{", 1)


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("http://evil.example/api/status", "localhost"),
        ("http://evil.example/api/status", "evil.example"),
        ("http://localhost/api/status", "evil.example"),
        ("http://localhost@evil.example/api/status", "localhost"),
        ("http://evil.example@localhost/api/status", "localhost"),
        ("http://localhost:80:80/api/status", "localhost"),
        ("http://localhost.evil.example/api/status", "localhost"),
        ("http://127.0.2/api/status", "127.0.0.1"),
        ("http:///api/status", "localhost"),
        ("http://local%68ost/api/status", "localhost"),
    ],
)
async def test_attack_an_absolute_target_of_a_foreign_host(target: str, host: str) -> None:
    control = FakeControl()
    assert (await asked(control, target, host))[0] == b"400"
    assert control.asked == 0


@pytest.mark.parametrize("target", ["https://localhost/api/status", "ftp://localhost/api/status", "http:/api/status"])
async def test_an_absolute_target_of_another_kind_is_nowhere(target: str) -> None:
    control = FakeControl()
    assert (await asked(control, target, "localhost"))[0] in (b"400", b"404")
    assert control.asked == 0


@pytest.mark.parametrize(
    ("origin", "code"),
    [("http://127.0.0.1:PORT", b"200"), ("http://localhost:PORT", b"403"), ("http://evil.example", b"403")],
)
async def test_attack_cross_site_request_to_an_absolute_target(origin: str, code: bytes) -> None:
    """The host that counts is the target's (RFC 9112 3.2.2), so the origin must be that."""
    control = FakeControl()
    body = '{"volume": 0.25}'
    more = f"Origin: {origin}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    target = "http://127.0.0.1:PORT/api/volume"
    assert (await asked(control, target, "localhost:PORT", "PUT", more, body))[0] == code
    assert control.volumes == ([0.25] if code == b"200" else [])
