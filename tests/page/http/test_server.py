"""The page over a real socket: its stream, how it ends, and what does not stop it from ending."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from soundit_edge.control.events import MoodChanged
from soundit_edge.emotion import Emotion
from soundit_edge.errors import SounditError
from soundit_edge.page.app import create_app
from soundit_edge.page.event_stream import TICK_S, Live
from soundit_edge.page.http import server
from soundit_edge.page.http.server import PageError, listen, serve
from soundit_edge.page.route import Route
from tests.fakes.control import FakeControl, full_status
from tests.waiting import HANG_S


@asynccontextmanager
async def served(control: FakeControl, more: Iterable[Route] = ()) -> AsyncIterator[tuple[str, asyncio.Task[None]]]:
    """The page's address and the task that serves it."""
    sock = listen(0)
    address = f"http://127.0.0.1:{sock.getsockname()[1]}"
    task = asyncio.create_task(serve(create_app(control, more), sock))
    try:
        yield address, task
    finally:
        await ended(task)


def client_of(address: str = "") -> httpx.AsyncClient:
    """A client without certificates: to read them all would hold up the loop, and the page speaks plain HTTP."""
    return httpx.AsyncClient(base_url=address, verify=False, timeout=HANG_S)


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel the task, and wait until it has ended."""
    task.cancel()
    async with asyncio.timeout(HANG_S):
        with suppress(asyncio.CancelledError):
            await task


async def events(lines: AsyncIterator[str], count: int) -> list[dict[str, object]]:
    found = []
    async for line in lines:
        if line.startswith("data: "):
            found.append(json.loads(line.removeprefix("data: ")))
            if len(found) == count:
                break
    return found


async def test_the_stream_follows_the_device() -> None:
    control = FakeControl()
    async with (
        served(control) as (address, _),
        client_of(address) as client,
        client.stream("GET", "/api/events") as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.aiter_lines()
        first = await events(lines, 1)
        control.now = full_status(Emotion.SAD)
        later = await events(lines, 2)
    assert first == [json.loads(full_status().model_dump_json())]
    assert later[-1] == json.loads(full_status(Emotion.SAD).model_dump_json())


async def test_what_happens_is_sent_at_once_and_built_once_for_all() -> None:
    """The page looked at the status again and again for it."""
    control = FakeControl()
    live = Live(control, tick_s=3600.0)  # no tick comes
    async with contextlib.AsyncExitStack() as stack:
        streams = [live.events() for _ in range(3)]
        for stream in streams:
            await stack.enter_async_context(contextlib.aclosing(stream))
            assert await anext(stream) == b"retry: 1000\n\n"
            await anext(stream)
        waiting = [asyncio.ensure_future(anext(stream)) for stream in streams]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in waiting)
        asked = control.asked
        control.now = full_status(Emotion.SAD)
        control.bus.publish(MoodChanged(control.now.mood))
        for sent in await asyncio.gather(*waiting):
            assert json.loads(sent.removeprefix(b"data: "))["mood"]["emotion"] == "sad"
        assert control.asked == asked + 1


async def test_a_stream_that_is_left_is_subscribed_to_nothing() -> None:
    control = FakeControl()
    live = Live(control)
    async with contextlib.aclosing(live.events()) as stream:
        for _ in range(3):
            await anext(stream)
        assert len(control.bus.readers) == 1
    assert len(control.bus.readers) == 0


async def test_ten_watchers_cost_one_status_a_tick_and_none_cost_nothing() -> None:
    control = FakeControl()
    async with served(control) as (address, _):
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(HANG_S), asyncio.TaskGroup() as group:

            async def watch() -> None:
                async with (
                    client_of(address) as client,
                    client.stream("GET", "/api/events") as response,
                ):
                    await events(response.aiter_lines(), 5)

            for _ in range(10):
                group.create_task(watch())
        while control.bus.readers:  # noqa: ASYNC110 (the server notices in its own time that they are gone)
            await asyncio.sleep(0.01)
        assert 5 <= control.asked <= (loop.time() - began) / TICK_S + 3
        asked = control.asked
        await asyncio.sleep(3 * TICK_S)
        assert control.asked == asked


async def test_it_ends_with_open_streams_and_closes_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "GRACE_S", 2 * HANG_S)  # they end by themselves: nothing has to be cut off
    async with served(FakeControl()) as (address, task), client_of(address) as client:
        async with client.stream("GET", "/api/events") as one, client.stream("GET", "/api/events") as two:
            await events(one.aiter_lines(), 1)
            lines = two.aiter_lines()
            await events(lines, 1)
            await ended(task)
            assert len(await events(lines, 1000)) < 3
        with pytest.raises(httpx.ConnectError):
            await client.get("/api/status")


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        b"PUT /api/volume HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=["silent", "half a head", "half a body", "kept alive"],
)
async def test_it_ends_whatever_a_client_leaves_open(begun: bytes) -> None:
    async with served(FakeControl()) as (address, task):
        _, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        writer.write(begun)
        await asyncio.sleep(0.1)
        await ended(task)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_it_ends_while_a_client_does_not_read() -> None:
    control = FakeControl(full_status().model_copy(update={"version": "x" * 4_000_000}))
    async with served(control) as (address, task):
        _, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        writer.write(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await asyncio.sleep(0.4)
        await ended(task)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_signals_stay_with_the_daemon() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with served(FakeControl()) as (address, _), client_of(address) as client:
        assert (await client.get("/api/status")).status_code == 200
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


async def test_the_port_can_be_used_again_at_once() -> None:
    async with served(FakeControl()) as (address, task), client_of() as client:
        await client.get(f"{address}/api/status")
        await ended(task)
    listen(int(address.rpartition(":")[2])).close()


async def test_a_failing_status_does_not_end_the_server(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeControl):
        def status(self) -> None:  # type: ignore[override]
            raise RuntimeError("broken on purpose")

    async with served(Broken()) as (address, task), client_of(address) as client:
        assert (await client.get("/api/status")).status_code == 500
        assert (await client.get("/")).status_code == 200
        assert not task.done()
    assert "broken on purpose" in caplog.text


def test_a_port_in_use_is_one_clear_line() -> None:
    with listen(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PageError, match=rf"^Port {port} is in use by another program [^\n]*$") as caught:
            listen(port)
    assert isinstance(caught.value, SounditError)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_one_clear_line(port: int) -> None:
    with pytest.raises(PageError, match=f"{port}"):
        listen(port)


def test_only_this_machine_can_reach_the_socket() -> None:
    with listen(0) as sock:
        assert sock.family is socket.AF_INET
        assert sock.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("network", [False, True])
async def test_others_reach_it_only_where_it_is_for_the_network(network: bool) -> None:
    with listen(0, network) as sock:
        port = sock.getsockname()[1]
        reached = []
        for host in ("127.0.0.1", "127.0.0.9", "::1"):
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                continue
            reached.append(host)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
    assert "127.0.0.1" in reached
    assert ("127.0.0.9" in reached) is network  # stands for an address of another interface
    assert network or reached == ["127.0.0.1"]


def test_without_ipv6_it_listens_by_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: False)
    with listen(0, network=True) as sock:
        assert sock.getsockname()[0] == "0.0.0.0"


def test_a_port_that_is_taken_for_the_network_is_told() -> None:
    with listen(0, network=True) as taken, pytest.raises(PageError, match="in use by another program"):
        listen(taken.getsockname()[1], network=True)
