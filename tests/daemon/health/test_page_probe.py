"""The probe counts what a page answers, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from soundit_edge.daemon.health import page_probe
from soundit_edge.daemon.health.page_probe import PageProbe
from tests.waiting import until

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request = await reader.readuntil(b"\r\n\r\n")
    assert request.startswith(b"GET /api/claim HTTP/1.1\r\nHost: localhost\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@contextlib.asynccontextmanager
async def page(answer: Answer) -> AsyncIterator[int]:
    open_now = 0

    async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now
        open_now += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await answer(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        open_now -= 1

    server = await asyncio.start_server(visited, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    await until(lambda: not open_now)


@pytest.mark.parametrize("answer", [answers, hangs_up])
async def test_a_page_that_answers_or_hangs_up_makes_progress(answer: Answer) -> None:
    async with page(answer) as port:
        probe = PageProbe(port)
        for count in range(3):
            assert probe.progress().count == count
            await probe._ask()
        assert probe.progress().count == 3


async def test_a_page_that_takes_connections_and_says_nothing_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_probe, "ANSWER_S", 0.01)
    come = 0

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal come
        come += 1
        await says_nothing(reader, writer)

    async with page(counted) as port:
        probe = PageProbe(port)
        for _ in range(3):
            await probe._ask()
        await until(lambda: come == 3)
        assert probe.progress().count == 0


async def test_a_page_that_is_gone_makes_none_and_harms_nobody() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    probe = PageProbe(port)
    await probe._ask()
    assert probe.progress().count == 0


async def test_it_asks_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_probe, "EVERY_S", 0.001)
    probe, asked = PageProbe(0), 0

    async def ask() -> None:
        nonlocal asked
        asked += 1

    monkeypatch.setattr(probe, "_ask", ask)
    running = asyncio.create_task(probe.run())
    await until(lambda: asked >= 3)
    running.cancel()
    await asyncio.wait({running})
