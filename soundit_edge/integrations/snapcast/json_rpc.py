"""A client of JSON-RPC 2.0 over TCP, one message a line, as a Snapcast server speaks it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from pydantic import TypeAdapter

from soundit_edge.errors import SounditError
from soundit_edge.text import reason

CONNECT_S: Final = 5.0
ANSWER_S: Final = 5.0
"""Seconds for which an answer is waited for."""
MAX_LINE: Final = 1 << 19
"""Bytes of a message; that of a server with a hundred clients has 60,000."""
MAX_MESSAGES: Final = 200
"""Messages in a second: more are a flood."""

_MESSAGE: Final = TypeAdapter[dict[str, Any] | list[dict[str, Any]]](dict[str, Any] | list[dict[str, Any]])


class PeerError(SounditError):
    """Who is asked is away, or does not speak JSON-RPC as it should. The text goes on after the name of the peer."""


class JsonRpc:
    """A connection. One question at a time.

    Attributes:
        notified: set with every notification: something has changed there.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.notified = asyncio.Event()
        self._reader = reader
        self._writer = writer
        self._number = 0
        self._answer: asyncio.Future[Mapping[str, Any]] | None = None

    async def ask(self, method: str, **parameters: object) -> Any:
        """Return the result of a method; None where the peer refuses.

        Raises:
            PeerError: it does not answer.
        """
        self._number += 1
        request = {"id": self._number, "jsonrpc": "2.0", "method": method, "params": parameters}
        self._answer = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_S):
                self._writer.write(_MESSAGE.dump_json(request) + b"\r\n")
                await self._writer.drain()
                return (await self._answer).get("result")
        except TimeoutError as error:
            raise PeerError("does not answer") from error
        except OSError as error:
            raise PeerError(f"is gone: {reason(error)}") from error
        finally:
            self._answer = None

    async def read(self) -> None:
        """Take what the peer sends, until cancelled.

        Raises:
            PeerError: it hangs up, or sends what is no JSON-RPC, or too much of it.
        """
        loop = asyncio.get_running_loop()
        began, count = loop.time(), 0
        while True:
            try:
                line = await self._reader.readline()
            except ValueError as error:
                raise PeerError(f"sends more than {MAX_LINE:,} bytes in a line") from error
            except OSError as error:
                raise PeerError(f"is gone: {reason(error)}") from error
            if not line.endswith(b"\n"):
                raise PeerError("has hung up")
            if loop.time() - began >= 1.0:
                began, count = loop.time(), 0
            count += 1
            if count > MAX_MESSAGES:
                raise PeerError(f"sends more than {MAX_MESSAGES} messages in a second")
            try:
                message = _MESSAGE.validate_json(line)
            except ValueError as error:
                raise PeerError("sends what is no JSON-RPC: its port for control is 1705 as a rule") from error
            for one in message if isinstance(message, list) else [message]:
                self._take(one)
            await asyncio.sleep(0)  # a line that is there already is not waited for: others have their turn, too

    def _take(self, message: Mapping[str, Any]) -> None:
        if "method" in message:
            self.notified.set()
        elif self._answer is not None and not self._answer.done() and message.get("id") == self._number:
            self._answer.set_result(message)


@asynccontextmanager
async def connected_rpc(host: str, port: int) -> AsyncIterator[JsonRpc]:
    """Give a connection.

    Raises:
        PeerError: nobody is there.
    """
    try:
        async with asyncio.timeout(CONNECT_S):
            reader, writer = await asyncio.open_connection(host, port, limit=MAX_LINE)
    except TimeoutError as error:
        raise PeerError("does not answer") from error
    except (OSError, UnicodeError) as error:  # the latter: a name that cannot be
        # asyncio puts words of its own in the place of the system's.
        number = error.errno if isinstance(error, ConnectionError) else None
        raise PeerError(f"cannot be reached: {os.strerror(number) if number else error}") from error
    try:
        yield JsonRpc(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(0.5):
                await writer.wait_closed()
