"""The connection to the broker: opened beside the event loop, closed in every case, and its failures in words.

aiomqtt connects in a thread (name resolution, TCP, the TLS handshake: at most five seconds for the latter two). That
thread cannot be stopped: who is cancelled meanwhile does not wait for it, and the connection is closed once it is made.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable
from typing import Final, TypeVar

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.mqtt.loop_client import LoopClient
from soundit_edge.integrations.mqtt.settings import MqttSettings
from soundit_edge.text import reason

T = TypeVar("T")

ANSWER_S: Final = 10.0
"""So long the broker may take to answer."""
LEAVE_S: Final = 0.3
"""So long each step of leaving may take: a broker that hangs shall not hold up the end."""
KEEPALIVE_S: Final = 30
"""After half as long again without a sign of us, the broker tells the others that we are gone."""
MAX_PACKET: Final = 8192
"""Bytes of the largest message that the broker may send us; it throws larger ones away itself (MQTT 5)."""
MAX_IN_FLIGHT: Final = 20
"""Messages that the broker may send before we have answered the first of them."""
_UNSUPPORTED: Final = 0x84
_REFUSED: Final = (0x86, 0x87)
_TAKEN_OVER: Final = 0x8E
_LIBRARY_LOG: Final = logging.getLogger(f"{__name__}.aiomqtt")
_LIBRARY_LOG.setLevel(logging.CRITICAL)  # what it has to say is raised, and would be said again at each attempt
_closing: Final[set[asyncio.Task[None]]] = set()


class _ClosedByFailure(ssl.SSLSocket):
    """A socket that is closed where the handshake fails: paho leaves it open."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


async def heeding_cancellation(call: Awaitable[T]) -> T:
    """Return what a call of aiomqtt returns.

    It waits by `asyncio.wait_for`, which in Python 3.11 forgets that it was cancelled where the answer comes at the
    same moment: its caller would go on for ever.

    Raises:
        CancelledError: the caller was cancelled meanwhile.
    """
    answer = await call
    caller = asyncio.current_task()
    if caller is not None and caller.cancelling():
        raise asyncio.CancelledError
    return answer


async def client_of(settings: MqttSettings, identifier: str, will: aiomqtt.Will) -> aiomqtt.Client:
    """Return a client that is not connected yet. Reads the file of the certificate authority.

    Args:
        settings: of the integration.
        identifier: names this client; the broker hangs up on an older one of that name.
        will: what the broker publishes when the client vanishes.

    Raises:
        IntegrationError: the file cannot be used.
    """
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.MaximumPacketSize = MAX_PACKET
    properties.ReceiveMaximum = MAX_IN_FLIGHT
    return LoopClient(
        settings.host,
        settings.port,
        identifier=identifier,
        logger=_LIBRARY_LOG,
        username=settings.username or None,
        password=settings.password.get_secret_value() or None,
        protocol=aiomqtt.ProtocolVersion.V5,
        will=will,
        timeout=ANSWER_S,
        keepalive=KEEPALIVE_S,
        properties=properties,
        tls_context=await asyncio.to_thread(_trust, settings.ca_file) if settings.tls else None,
    )


@contextlib.asynccontextmanager
async def connected_to(client: aiomqtt.Client, settings: MqttSettings) -> AsyncIterator[None]:
    """Be connected for as long as the context is entered.

    Raises:
        IntegrationError: there is no connection, or what is done in the context failed because it broke.
    """
    opening = asyncio.ensure_future(client.__aenter__())
    try:
        await asyncio.shield(opening)
        yield
    except* (aiomqtt.MqttError, UnicodeError) as errors:  # the latter: a name that no host can have
        raise IntegrationError(words_for(errors.exceptions[0], settings)) from errors
    finally:
        closing = asyncio.create_task(_close(client, opening))
        _closing.add(closing)
        closing.add_done_callback(_closing.discard)
        if opening.done():
            await asyncio.shield(closing)


async def _close(client: aiomqtt.Client, opening: asyncio.Future[aiomqtt.Client]) -> None:
    """Close a connection, or one that has only half come about: aiomqtt itself leaves that open."""
    await asyncio.wait({opening})
    if not opening.cancelled():
        opening.exception()  # it was raised to whoever waited
    client.timeout = LEAVE_S
    with contextlib.suppress(Exception):  # whatever a broken connection says to a good-bye
        await client.__aexit__(None, None, None)


def _trust(ca_file: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except ssl.SSLError as error:
        raise IntegrationError(f"{ca_file} is no certificate in PEM format: correct ca_file") from error
    except OSError as error:
        raise IntegrationError(f"{ca_file} cannot be read ({reason(error)}): correct ca_file") from error
    context.sslsocket_class = _ClosedByFailure
    return context


def words_for(error: BaseException, settings: MqttSettings) -> str:
    """Return what is the matter and what to do, in one sentence.

    Args:
        error: of aiomqtt.
        settings: by which it was connected.
    """
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    broker = f"the broker at {settings.host}:{settings.port}"
    code = _code_of(error)
    if code in _REFUSED:
        todo = "correct them" if settings.username else "set them"
        return f"{broker} wants another user name or password: {todo}"
    if code == _UNSUPPORTED:
        return f"{broker} does not speak MQTT 5: update it"
    if code == _TAKEN_OVER:
        return f"{broker} knows another device by the same ID: set another device_id for one of them"
    if isinstance(error, MqttConnectError):
        return f"{broker} refuses the connection ({error}): see what it is set to"
    match error.__cause__ or error.__context__:
        case ssl.SSLCertVerificationError() as cause:
            return f"{broker} has a certificate that is not trusted ({cause.verify_message}): correct ca_file or host"
        case ssl.SSLError():
            return f"{broker} does not speak TLS on this port: correct port or tls"
        case socket.gaierror() | UnicodeError():
            return f"no computer is found by the name {settings.host}: correct host, or set its address"
        case TimeoutError():
            return f"{broker} does not answer: see whether it runs, and correct port or tls"
        case OSError() as cause:
            return f"{broker} cannot be reached ({reason(cause)}): see whether it runs, and correct host or port"
        case _:
            return f"{broker} has hung up: see whether it runs, and whether another device has the same device_id"


def _code_of(error: BaseException | None) -> int | None:
    """Return the reason that the broker gave, here or where the error came from; None where it gave none."""
    while error is not None:
        if isinstance(error, aiomqtt.MqttCodeError) and isinstance(error.rc, ReasonCode):
            return error.rc.value
        error = error.__cause__
    return None
