"""One POST, to servers that do what they should not. Each is a real one."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import email.utils
import socket
import ssl
import threading
from pathlib import Path

import pytest

from soundit_edge import threads
from soundit_edge.integrations.webhook import post as module
from soundit_edge.integrations.webhook.address import Endpoint
from soundit_edge.integrations.webhook.post import HttpAnswer, PostError, post
from soundit_edge.page.http.certificate import Certificate
from tests.fakes.receiver import Answer, Receiver
from tests.waiting import HANG_S

NOW = datetime.datetime(2026, 11, 28, 21, 0, tzinfo=datetime.UTC)
HOOK = "/hook?x=1"
BODY = b'{"event": "hello"}'


async def send(port: int, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> HttpAnswer:
    """Send a body to a port of this computer."""
    return await post(Endpoint(tls is not None, host, port, HOOK), {"x-soundit-event": "hello"}, BODY, tls)


async def answered(answer: Answer) -> HttpAnswer:
    """Return what a server that answers this is taken to say."""
    async with Receiver() as receiver:
        receiver.answers.append(answer)
        return await send(receiver.port)


async def test_the_request_is_what_a_web_server_expects() -> None:
    async with Receiver() as receiver:
        assert (await send(receiver.port)).status == 204
        (request,) = receiver.requests
        assert request.line == f"POST {HOOK} HTTP/1.1"
        assert request.body == BODY
        assert request.headers == {
            "host": f"127.0.0.1:{receiver.port}",
            "content-length": str(len(BODY)),
            "connection": "close",
            "x-soundit-event": "hello",
        }


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with Receiver() as receiver:
        receiver.answers.append(f"HTTP/1.1 307 No\r\nLocation: http://127.0.0.1:{receiver.port}/x\r\n\r\n".encode())
        assert (await send(receiver.port)).status == 307
        assert len(receiver.requests) == 1


async def test_interim_answers_are_not_the_answer() -> None:
    assert (
        await answered(b"HTTP/1.1 103 Early\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    ).status == 200


async def test_attack_an_answer_without_an_end_is_read_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_S", HANG_S)  # the limit alone ends it

    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 4096)
            await writer.drain()

    assert (await answered(endless)).status == 200


async def test_attack_a_slow_answer_is_not_waited_for_once_its_head_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_S", 0.02)

    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx")
        await asyncio.Event().wait()

    assert (await answered(slow)).status == 200


@pytest.mark.parametrize(
    "words",
    [b"HTTP/1.1 200 OK\r\n" + b"X-Header: y\r\n" * 5000, b"HTTP/1.1 102 Wait\r\n\r\n" * 5000, b"x" * 100_000],
    ids=["head", "interim", "line"],
)
async def test_attack_a_head_without_an_end(words: bytes) -> None:
    with pytest.raises(PostError, match="hung up, or speaks no HTTP"):
        await answered(words)


@pytest.mark.parametrize("words", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200", b"HTTP/1.1 999999 X\r\n\r\n"])
async def test_who_hangs_up_or_speaks_another_language_gives_no_answer(words: bytes) -> None:
    with pytest.raises(PostError, match=r"127\.0\.0\.1:\d+ hung up, or speaks no HTTP"):
        await answered(words)


async def test_who_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ATTEMPT_S", 0.05)

    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    with pytest.raises(PostError, match="does not answer"):
        await answered(silent)


async def test_who_does_not_even_read_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ATTEMPT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(PostError, match="does not answer"):
        await send(deaf.getsockname()[1])


async def test_a_port_at_which_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(PostError, match=rf"127\.0\.0\.1:{port} cannot be reached \(Connection refused\)"):
        await send(port)


async def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(PostError, match="hub is not known in this network"):
        await send(80, host="hub")


async def test_a_look_up_that_hangs_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    answered, ended = threading.Event(), threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        answered.wait()
        ended.set()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(threads, "PATIENCE_S", 0.01)
    monkeypatch.setattr(module, "ATTEMPT_S", 0.01)
    with pytest.raises(PostError, match="does not answer"):
        await send(80, host="hub")
    answered.set()
    await asyncio.to_thread(ended.wait)


async def test_of_several_addresses_the_first_that_answers_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def several(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        rows = [
            (*row[:4], (address, port)) for address in ("127.0.0.2", "127.0.0.1") for row in real("127.0.0.1", port)
        ]
        return list(rows)

    async with Receiver() as receiver:
        monkeypatch.setattr(socket, "getaddrinfo", several)
        assert (await send(receiver.port, host="hub")).status == 204


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A certificate for this computer that nobody but itself has signed: what a server needs of it, and its file."""
    path = tmp_path_factory.mktemp("tls") / "page.pem"
    made = Certificate(path, ["localhost"], ["127.0.0.1"])
    made.renew(datetime.datetime.now(datetime.UTC))
    return made.context, path


async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[ssl.SSLContext, Path]) -> None:
    async with Receiver(certificate[0]) as receiver:
        with pytest.raises(PostError, match=r"the certificate of 127\.0\.0\.1:\d+ is not to be trusted \(self.signed"):
            await send(receiver.port, ssl.create_default_context())
        assert receiver.requests == []


async def test_a_certificate_that_is_vouched_for_is_taken_by_its_names_only(
    certificate: tuple[ssl.SSLContext, Path],
) -> None:
    tls = ssl.create_default_context(cafile=certificate[1])
    async with Receiver(certificate[0]) as receiver:
        assert (await send(receiver.port, tls)).status == 204
        with pytest.MonkeyPatch.context() as patch:
            real = socket.getaddrinfo
            patch.setattr(socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1", *a, **k))
            with pytest.raises(PostError, match=r"not to be trusted \(Hostname mismatch"):
                await send(receiver.port, tls, host="other.example")
        assert len(receiver.requests) == 1


async def test_a_server_without_tls_is_not_spoken_to_in_the_clear() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await reader.read(1)
        writer.transport.abort()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as plain:
        with pytest.raises(PostError, match="speaks no HTTPS"):
            await send(plain.sockets[0].getsockname()[1], ssl.create_default_context())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("9" * 400, float("inf")),
        (email.utils.format_datetime(NOW + datetime.timedelta(seconds=90), usegmt=True), 90.0),
        (email.utils.format_datetime(NOW - datetime.timedelta(hours=1), usegmt=True), 0.0),
        ("Sat, 28 Nov 2026 21:01:30 -0000", 0.0),
    ],
)
def test_when_a_server_wants_to_be_asked_again(header: str, seconds: float) -> None:
    assert HttpAnswer(503, header).retry_after_s(NOW) == seconds


async def test_the_header_is_read_from_the_answer() -> None:
    answer = await answered(b"HTTP/1.1 429 Slow Down\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n")
    assert answer == HttpAnswer(429, "7")
