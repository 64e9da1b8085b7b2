"""One POST over HTTP/1.1, with a limit to everything that its server does. Redirects are not followed."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import email.utils
import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import h11

from soundit_edge.integrations.webhook.address import Endpoint
from soundit_edge.text import reason
from soundit_edge.threads import run_in_thread

ATTEMPT_S: Final = 10.0
"""How long all of it may take, in seconds."""
CONNECT_S: Final = 4.0
"""How long one address of the host may take to be connected with, in seconds: there may be another one."""
MAX_ADDRESSES: Final = 4
MAX_ANSWER: Final = 16_384
"""Bytes that are read of an answer. Only its head matters; the rest is read so that its server is not cut off."""
READ_S: Final = 1.0
"""How long that rest may take, in seconds."""


class PostError(Exception):
    """There was no answer. The text says why, in one line and without the address's path."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What the server said.

    Attributes:
        status: such as 204.
        retry_after: the header of that name, or "".
    """

    status: int
    retry_after: str

    def retry_after_s(self, now: datetime.datetime) -> float:
        """Return in how many seconds from `now` the server wants to be asked again (RFC 9110, 10.2.3); 0: any time."""
        if self.retry_after.isdecimal():
            return float(self.retry_after)
        try:
            return max(0.0, (email.utils.parsedate_to_datetime(self.retry_after) - now).total_seconds())
        except (ValueError, TypeError, OverflowError):
            return 0.0


async def post(endpoint: Endpoint, headers: Mapping[str, str], body: bytes, tls: ssl.SSLContext | None) -> HttpAnswer:
    """Send a body, and return what is answered.

    Args:
        endpoint: where to.
        headers: beside those that every request has.
        body: at most some kilobytes.
        tls: by which the server's certificate is checked; None: it is sent in the clear.

    Raises:
        PostError: there is no answer.
    """
    try:
        async with asyncio.timeout(ATTEMPT_S):
            return await _post(endpoint, headers, body, tls)
    except TimeoutError as error:
        raise PostError(f"{endpoint.authority} does not answer") from error
    except h11.RemoteProtocolError as error:
        raise PostError(f"{endpoint.authority} hung up, or speaks no HTTP") from error
    except socket.gaierror as error:
        raise PostError(f"{endpoint.host} is not known in this network") from error
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message.rstrip(".")
        raise PostError(f"the certificate of {endpoint.authority} is not to be trusted ({why})") from error
    except ssl.SSLError as error:
        raise PostError(f"{endpoint.authority} speaks no HTTPS that is safe enough") from error
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else reason(error)  # asyncio's own words name the address again
        raise PostError(f"{endpoint.authority} cannot be reached ({why})") from error


async def _post(endpoint: Endpoint, headers: Mapping[str, str], body: bytes, tls: ssl.SSLContext | None) -> HttpAnswer:
    reader, writer = await _connect(endpoint, tls)
    try:
        connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_ANSWER)
        own = {"Host": endpoint.authority, "Content-Length": str(len(body)), "Connection": "close"}
        request = h11.Request(method="POST", target=endpoint.path, headers=list((own | dict(headers)).items()))
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(connection.send(event) or b"")
        await writer.drain()
        return await _answer(reader, connection)
    finally:
        writer.transport.abort()


async def _answer(reader: asyncio.StreamReader, connection: h11.Connection) -> HttpAnswer:
    left = MAX_ANSWER
    while not isinstance(event := connection.next_event(), h11.Response):
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(min(left, 4096)))
            left -= min(left, 4096)
            if left == 0:
                raise h11.RemoteProtocolError("endless head")
    answer = HttpAnswer(event.status_code, dict(event.headers).get(b"retry-after", b"").decode("latin-1"))
    with contextlib.suppress(TimeoutError, OSError):
        async with asyncio.timeout(READ_S):
            while left > 0 and (part := await reader.read(min(left, 4096))):
                left -= len(part)
    return answer


async def _connect(endpoint: Endpoint, tls: ssl.SSLContext | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect with the first address of the host that can be reached."""
    last: Exception = OSError("it has no address")
    for address in (await _addresses(endpoint))[:MAX_ADDRESSES]:
        try:
            async with asyncio.timeout(CONNECT_S):
                name = None if tls is None else endpoint.host
                return await asyncio.open_connection(
                    address, endpoint.port, ssl=tls, server_hostname=name, limit=MAX_ANSWER
                )
        except ssl.SSLError:
            raise
        except OSError as error:  # TimeoutError is one, too
            last = error
    raise last


async def _addresses(endpoint: Endpoint) -> list[str]:
    """Return the host's addresses.

    A look-up may hang for as long as the network is away. It has a thread of its own, which can be left behind: the
    event loop's own threads are few, and others need them.
    """
    found: list[str] = []

    def look_up() -> None:
        rows = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
        found.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    await run_in_thread("webhook look-up", look_up, lambda: None)
    return found
