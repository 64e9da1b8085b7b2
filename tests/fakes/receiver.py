"""A web server that a webhook is sent to: it keeps what comes, and answers what a test says."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

TAKEN: Final = b"HTTP/1.1 204 No Content\r\n\r\n"

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]
"""What is sent back: bytes, or whatever a function writes."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; names of headers in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """Return the body as JSON has it."""
        return json.loads(self.body)


class Receiver:
    """Listens at a port of this computer, always the same one.

    Attributes:
        requests: those that came.
        answers: to the next requests, one each; then `TAKEN`.
        port: 0 until it first appeared.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.answers: list[Answer] = []
        self.port = 0
        self._tls = tls
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def events(self) -> list[str]:
        """Return the kinds of the events that came."""
        return [request.content["event"] for request in self.requests]

    async def appear(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def vanish(self) -> None:
        """Listen no more, and break off what is going on."""
        self._server.close()
        for task in self._serving:
            task.cancel()
        if self._serving:
            await asyncio.wait(self._serving)
        await self._server.wait_closed()

    async def __aenter__(self) -> Receiver:
        await self.appear()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.vanish()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            line, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
            body = await reader.readexactly(int(headers["content-length"]))
            self.requests.append(Request(line, headers, body))
            answer = self.answers.pop(0) if self.answers else TAKEN
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has gone
        except asyncio.CancelledError:
            pass  # `vanish`
        finally:
            self._serving.discard(task)
            writer.transport.abort()
