"""Clients that are slow on purpose, over real sockets: none keeps its place, and none takes another's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import psutil
import pytest
import pytest_asyncio
from fastapi import Request

from soundit_edge.page.http import connection
from soundit_edge.page.http.connection import MAX_CONNECTIONS
from soundit_edge.page.route import Route
from tests.fakes.control import FakeControl, full_status
from tests.page.http.test_server import client_of, events, served
from tests.waiting import HANG_S, until

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]

STATUS = b"GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF_BODY = (
    b"PUT /api/volume HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"
)


class Clients:
    """Opens connections to one port and closes them all."""

    def __init__(self, port: int, stack: AsyncExitStack) -> None:
        self.port = port
        self._stack = stack

    async def open(self, begun: bytes = b"") -> Client:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)
        self._stack.push_async_callback(self._close, writer)
        writer.write(begun)
        return reader, writer

    @staticmethod
    async def _close(writer: asyncio.StreamWriter) -> None:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def served(self) -> int:
        """Return how many connections the server holds."""
        found = psutil.Process().net_connections("tcp4")
        return sum(c.status == psutil.CONN_ESTABLISHED and c.laddr.port == self.port for c in found)


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


@pytest_asyncio.fixture
async def clients(control: FakeControl) -> AsyncIterator[Clients]:
    async with AsyncExitStack() as stack:
        address, _ = await stack.enter_async_context(served(control))
        yield Clients(int(address.rpartition(":")[2]), stack)


async def end_of(client: Client) -> bytes:
    """Read until the server closes the connection; what it said until then."""
    said = b""
    with suppress(ConnectionError):
        async with asyncio.timeout(HANG_S):
            while piece := await client[0].read(65536):
                said += piece
    return said


@pytest.mark.parametrize("begun", [b"", STATUS[:30], HALF_BODY], ids=["silent", "half a head", "half a body"])
async def test_a_client_that_never_ends_its_request_is_closed(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, begun: bytes
) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 0.3)
    await end_of(await clients.open(begun))
    assert "Traceback" not in caplog.text


async def test_a_client_that_sends_a_byte_now_and_then_is_closed(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 0.5)
    client = await clients.open(STATUS[:-2])
    end = asyncio.create_task(end_of(client))
    while not end.done():
        client[1].write(b"X-Slow: 1\r\n")
        await asyncio.sleep(0.05)
    assert end.result() == b""


def upload_of(size: int) -> bytes:
    """The head of a request with a long body, and no body yet; the page refuses none such by its length."""
    return (
        b"POST /api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
        b"Content-Length: %d\r\n\r\n" % size
    )


async def taken(request: Request) -> dict[str, int]:
    return {"bytes": sum([len(piece) async for piece in request.stream()])}


@pytest_asyncio.fixture
async def uploads() -> AsyncIterator[Clients]:
    """Clients of a page that takes long bodies."""
    route = Route("POST", "/api/upload", None, taken, max_body=2**30, body_types=("application/octet-stream",))
    async with AsyncExitStack() as stack:
        address, _ = await stack.enter_async_context(served(FakeControl(), [route]))
        yield Clients(int(address.rpartition(":")[2]), stack)


async def test_a_long_body_may_take_longer_while_it_comes(uploads: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload over Wi-Fi took longer than any request might."""
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 0.2)
    monkeypatch.setattr(connection, "MIN_BODY_RATE", 1)
    reader, writer = await uploads.open(upload_of(20_000))
    for _ in range(20):  # half a second: more than two limits
        writer.write(bytes(1000))
        await asyncio.sleep(0.025)
    assert b"200 OK" in await reader.readline()


async def test_attack_a_long_body_that_comes_a_byte_now_and_then(
    uploads: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 0.3)
    client = await uploads.open(upload_of(10**9))
    end = asyncio.create_task(end_of(client))
    while not end.done():
        client[1].write(b"x")
        await asyncio.sleep(0.02)
    assert end.result() == b""


async def test_attack_a_long_body_that_begins_quickly_and_stops(
    uploads: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before does not count for the time after."""
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 0.2)
    assert await end_of(await uploads.open(upload_of(10**9) + bytes(10**6))) == b""


async def test_a_second_request_that_never_ends_closes_the_connection(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 0.3)
    said = await end_of(await clients.open(STATUS + STATUS[:30]))
    assert said.startswith(b"HTTP/1.1 200 OK")


async def test_an_answer_that_takes_longer_is_not_cut_off(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 0.3)
    async with (
        client_of(f"http://127.0.0.1:{clients.port}") as client,
        client.stream("GET", "/api/events") as response,
    ):
        assert len(await events(response.aiter_lines(), 8)) == 8  # more than a second


async def test_a_stream_that_is_not_read_is_closed(
    clients: Clients, control: FakeControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WRITE_TIMEOUT_S", 0.5)
    control.now = full_status().model_copy(update={"version": "x" * 4_000_000})
    reader, writer = await clients.open(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readline()
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    await until(lambda: clients.served() == 0, "the server keeps the connection")


@pytest.mark.parametrize("begun", [b"", STATUS[:30], HALF_BODY], ids=["silent", "half a head", "half a body"])
async def test_many_slow_clients_do_not_keep_out_an_honest_one(clients: Clients, begun: bytes) -> None:
    slow = [await clients.open(begun) for _ in range(2 * MAX_CONNECTIONS)]
    async with client_of(f"http://127.0.0.1:{clients.port}") as client:
        for _ in range(3):
            assert (await client.get("/api/status", headers={"connection": "close"})).status_code == 200
    assert clients.served() < MAX_CONNECTIONS
    assert await end_of(slow[0]) == b""  # who has waited longest made way


async def test_many_silent_clients_do_not_end_a_stream(clients: Clients) -> None:
    async with (
        client_of(f"http://127.0.0.1:{clients.port}") as client,
        client.stream("GET", "/api/events") as response,
    ):
        lines = response.aiter_lines()
        await events(lines, 1)
        for _ in range(2 * MAX_CONNECTIONS):
            await clients.open()
        assert len(await events(lines, 5)) == 5


async def test_as_many_streams_as_there_are_places_are_refused_in_words(clients: Clients) -> None:
    streams = [
        await clients.open(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(MAX_CONNECTIONS - 1)
    ]
    for reader, _ in streams:
        assert b"200 OK" in await reader.readline()
    reader, _ = await clients.open(STATUS)
    assert b"503" in await reader.readline()
