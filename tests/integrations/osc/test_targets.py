"""Where OSC is sent: several targets, of which any may be away, unknown or deaf."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import threading
from collections.abc import Sequence

import pytest
from pydantic import ValidationError

from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.osc import targets
from soundit_edge.integrations.osc.settings import OscSettings, host_and_port
from soundit_edge.integrations.osc.tally import UNSENT, Tally
from soundit_edge.integrations.osc.targets import Targets
from tests.contracts.osc_peer import free_port
from tests.waiting import until


@pytest.fixture
def peer() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.setblocking(False)
    return sock


def name_of(sock: socket.socket) -> str:
    return "{}:{}".format(*sock.getsockname())


def no_such_name(host: str, port: int, type: int = 0, flags: int = 0) -> Sequence[object]:
    """Stand in for the name server: it knows numbers, and `light.test` once that is in `KNOWN`."""
    if host in KNOWN:
        return [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", (KNOWN[host], port))]
    if flags:
        return real_getaddrinfo(host, port, type=type, flags=flags)
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


KNOWN: dict[str, str] = {}
real_getaddrinfo = socket.getaddrinfo


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("192.168.1.20:9000", ("192.168.1.20", 9000)),
        ("lights.local:1", ("lights.local", 1)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_a_target_is_a_host_and_a_port(text: str, found: tuple[str, int]) -> None:
    assert host_and_port(text) == found
    assert OscSettings(targets=(text,)).targets == (text,)


@pytest.mark.parametrize(
    "text", ["", "lights", ":9000", "lights:", "lights:0", "lights:65536", "::1:9000", "[::1:9", "a b:1", "a:\u0663"]
)
def test_what_is_no_target_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError, match=r"such as 192\.168\.1\.20:9000"):
        OscSettings(targets=(text,))


@pytest.mark.parametrize("text", ["", "lights.local", "192.168.1.0/33", "192.168.1.300"])
def test_who_is_allowed_is_an_address_or_a_network(text: str) -> None:
    assert OscSettings(allow=("192.168.1.20", "10.0.0.7/24", "::1")).allow
    with pytest.raises(ValidationError, match=r"such as 192\.168\.1\.20 or"):
        OscSettings(allow=(text,))


async def test_a_target_at_which_nobody_listens_is_a_note_and_hears_all_once_it_is_there(
    peer: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    port = free_port()
    both = Targets([f"127.0.0.1:{port}", name_of(peer)], Tally())
    await both.open()
    for number in range(20):
        both.send(bytes([number]))
    assert [peer.recv(9) for _ in range(20)] == [bytes([number]) for number in range(20)]
    assert caplog.text.count("nobody listens there yet") == 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as late:
        late.bind(("127.0.0.1", port))
        late.setblocking(False)
        both.send(b"hello")
        assert late.recv(9) == b"hello", "not one more is lost to the refusal of an earlier one"
    both.close()
    both.close()
    peer.close()


async def test_a_name_that_is_not_known_is_looked_for_beside_the_others(
    peer: socket.socket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    monkeypatch.setattr(targets, "LOOK_S", 0.01)
    both = Targets([f"light.test:{free_port()}", name_of(peer)], Tally())
    await both.open()
    both.send(b"hello")
    assert peer.recv(9) == b"hello"
    keeping = asyncio.create_task(both.keep())
    try:
        with monkeypatch.context() as context:
            context.setitem(KNOWN, "light.test", "127.0.0.1")
            await until(lambda: both.notes == ["", ""])
    finally:
        keeping.cancel()
    both.close()
    peer.close()
    assert caplog.text.count("its name is not known") == 1


async def test_no_network_at_the_start_and_none_any_more_are_an_integration_error(
    peer: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    nowhere = Targets(["light.test:9000"], Tally())
    with pytest.raises(IntegrationError, match=r"no target can be reached \(light.test:9000: its name is not known"):
        await nowhere.open()
    there = Targets([name_of(peer)], Tally())
    await there.open()
    keeping = asyncio.create_task(there.keep())
    await asyncio.sleep(0)
    monkeypatch.setattr(targets.Target, "_send", _unreachable)
    there.send(b"hello")
    with pytest.raises(IntegrationError, match="check the network"):
        await keeping
    there.close()
    peer.close()


def _unreachable(self: object, datagram: bytes) -> None:
    raise OSError(errno.ENETUNREACH, "Network is unreachable")


async def test_what_the_system_has_no_room_for_is_counted_and_not_waited_for(
    peer: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = Tally()
    there = Targets([name_of(peer)], tally)
    await there.open()
    monkeypatch.setattr(targets.Target, "_send", _full)
    there.send(b"hello")
    assert tally.counts == {UNSENT: 1}
    monkeypatch.undo()
    there.send(b"again")
    assert peer.recv(9) == b"again"
    there.close()
    peer.close()


def _full(self: object, datagram: bytes) -> None:
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


async def test_a_name_server_that_never_answers_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = threading.Event(), threading.Event()

    def hang(host: str, *_: object, **more: object) -> list[object]:
        if not more.get("flags"):
            asked.set()
            answer.wait()
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(targets, "RESOLVE_S", 0.01)
    monkeypatch.setattr("soundit_edge.threads.PATIENCE_S", 0.01)
    try:
        with pytest.raises(IntegrationError, match="no answer in time"):
            await Targets(["light.test:9000"], Tally()).open()
        assert asked.is_set()
    finally:
        answer.set()
