"""A Snapcast server as a speaker, with servers of a test's own: what reaches them, and what they may not do to us."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.audio.format import BLOCK, FULL_SCALE, RATE, Stereo
from soundit_edge.audio.open_speaker import check_scheme, open_speaker
from soundit_edge.audio.snapcast import LEAD_S, PROOF_S, RETRY_S, STALL_S, SnapcastSpeaker
from soundit_edge.audio.snapcast_connection import PORT, SnapcastAddress, SnapcastConnection, parse_address
from soundit_edge.audio.speaker import SpeakerError
from tests.fakes.clock import ManualClock
from tests.music.signals import sine
from tests.waiting import wait_until

LEAD = bytes(round(LEAD_S * RATE) * 4)
SECOND = RATE // BLOCK  # blocks


class Server:
    """What takes the sound: a TCP server that can be away, and reads only what a test has it read."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.way: socket.socket | None = None
        self.got = b""

    def accept(self) -> None:
        self.way, _ = self._listener.accept()

    def read(self) -> bytes:
        """Read what is there now, and return all that was read."""
        assert self.way is not None
        with suppress(BlockingIOError):
            while piece := self.way.recv(1 << 16, socket.MSG_DONTWAIT):
                self.got += piece
        return self.got

    def vanish(self) -> None:
        self._listener.close()
        if self.way is not None:
            self.way.close()
            self.way = None

    def appear(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.got = b""


def attempt_is_over() -> None:
    """Wait until nobody tries to connect."""
    wait_until(lambda: all(thread.name != "snapcast" for thread in threading.enumerate()))


class Bench:
    """A speaker, its server and its clock."""

    def __init__(self, server: Server) -> None:
        self.clock = ManualClock(100.0)
        self.server = server
        self.speaker = SnapcastSpeaker(SnapcastAddress(("127.0.0.1", server.port)), self.clock.now)
        self.written = 0  # blocks

    def block(self) -> Stereo:
        """The next block: its number in every sample."""
        self.written += 1
        return np.full((BLOCK, 2), self.written * 16 / FULL_SCALE, dtype=np.float32)

    def write(self) -> None:
        self.clock.advance(BLOCK / RATE)
        self.speaker.write(self.block())

    def connect(self) -> None:
        """Write until the server has a connection."""
        while not self.speaker.latency_s:
            attempt_is_over()
            self.write()
        self.server.accept()

    def play(self, blocks: int) -> None:
        """Write to a server that reads all of it."""
        for _ in range(blocks):
            self.write()
            self.server.read()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench(Server())
    yield bench
    bench.speaker.close()
    bench.server.vanish()


def numbers(got: bytes) -> list[int]:
    """Return the numbers of the whole blocks that were received; every sample of a block has to have its number."""
    samples = np.frombuffer(got, dtype="<i2")
    whole = samples[: len(samples) // (2 * BLOCK) * 2 * BLOCK].reshape(-1, 2 * BLOCK)
    found = np.rint(whole / 16).astype(int)
    assert (found == found[:, :1]).all(), "the blocks have come apart"
    return [int(row[0]) for row in found]


def test_what_is_written_arrives_after_a_little_silence(bench: Bench) -> None:
    bench.connect()
    first = bench.written
    bench.play(2 * SECOND)
    wait_until(lambda: len(bench.server.read()) >= len(LEAD) + (2 * SECOND + 1) * BLOCK * 4)
    assert bench.server.got.startswith(LEAD)
    assert numbers(bench.server.got[len(LEAD) :]) == list(range(first, bench.written + 1))
    assert not bench.speaker.lost
    assert bench.speaker.underruns == 0


def test_the_samples_have_sixteen_bits_and_no_two_blocks_the_same_noise(bench: Bench) -> None:
    bench.connect()
    tone = sine(440.0, 1.0)
    for start in range(0, RATE, BLOCK):
        bench.speaker.write(tone[start : start + BLOCK])
        bench.server.read()
    wait_until(lambda: len(bench.server.read()) >= len(LEAD) + BLOCK * 4 + RATE * 4)
    got = np.frombuffer(bench.server.got[len(LEAD) + BLOCK * 4 :], dtype="<i2").reshape(-1, 2)
    noise = got - tone * FULL_SCALE
    assert np.abs(noise).max() <= 1.5 + 1e-2
    assert not np.array_equal(np.rint(noise[:BLOCK]), np.rint(noise[BLOCK : 2 * BLOCK]))


def test_a_server_that_restarts_misses_only_what_was_played_meanwhile(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bench.connect()
    bench.play(2 * SECOND)
    before = numbers(bench.server.got[len(LEAD) :])
    bench.server.vanish()
    for _ in range(2 * SECOND):
        bench.write()
        attempt_is_over()
    assert bench.speaker.lost
    assert bench.speaker.latency_s == 0
    bench.server.appear()
    back = bench.written
    bench.connect()
    bench.play(2 * SECOND)
    after = numbers(bench.server.got[len(LEAD) :])
    assert before == list(range(before[0], before[-1] + 1))
    assert after == list(range(after[0], bench.written + 1)), "from there on nothing is lost"
    assert after[0] - back <= 1.1 * RETRY_S * SECOND
    assert not bench.speaker.lost
    assert [r.levelname for r in caplog.records] == ["WARNING", "WARNING", "INFO"], caplog.text
    assert caplog.messages[-1].endswith("plays again")


def test_a_server_that_is_not_there_yet_is_waited_for_and_missed_once(caplog: pytest.LogCaptureFixture) -> None:
    server = Server()
    server.vanish()
    bench = Bench(server)
    try:
        for _ in range(3 * SECOND):
            attempt_is_over()
            bench.write()
        assert bench.speaker.lost
        assert len(caplog.records) == 1
        assert "Connection refused" in caplog.text
        server.appear()
        bench.connect()
        bench.play(2 * SECOND)
        assert not bench.speaker.lost
    finally:
        bench.speaker.close()
        server.vanish()


def test_a_server_that_reads_nothing_holds_nobody_up(bench: Bench) -> None:
    """Another device that plays to it is the usual reason: the system accepts us in its place, and nobody reads."""
    bench.connect()
    for _ in range(round(0.9 * STALL_S * SECOND)):
        bench.write()
    assert bench.speaker.latency_s > 0
    assert bench.speaker.lost, "what the system took in the server's place is not heard"
    assert bench.speaker.underruns == 0
    for _ in range(60 * SECOND):  # of the clock, to which the system's own buffers take their time
        bench.write()
        if not bench.speaker.latency_s:
            break  # it is given up, and tried again
    else:
        pytest.fail("it is believed in for ever")
    assert len(bench.server.got) < PROOF_S * RATE * 4


def test_what_finds_no_room_is_dropped_and_counted_and_the_rest_is_whole(bench: Bench) -> None:
    bench.connect()
    bench.play(2 * SECOND)
    for _ in range(2):
        for _ in range(3 * SECOND):
            bench.write()
        assert not bench.speaker.lost
        bench.play(SECOND)
    wait_until(lambda: numbers(bench.server.read()[len(LEAD) :])[-1] == bench.written)
    heard = numbers(bench.server.got[len(LEAD) :])
    assert bench.speaker.underruns >= 2
    assert heard == sorted(set(heard))
    assert SECOND < bench.written - len(heard) < 6 * SECOND


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00", b"SSH-2.0-OpenSSH_9.2\r\n" * 5000])
def test_who_answers_is_no_server_of_snapcast(bench: Bench, caplog: pytest.LogCaptureFixture, answer: bytes) -> None:
    bench.connect()
    assert bench.server.way is not None
    bench.server.way.setblocking(False)
    bench.server.way.send(answer)
    while bench.speaker.latency_s:
        bench.write()
    assert "what answers there is no Snapcast source" in caplog.text


def test_a_look_up_of_a_name_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def look_up(*_: object, **__: object) -> socket.socket:
        answered.wait()
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr("socket.create_connection", look_up)
    speaker = SnapcastSpeaker(SnapcastAddress(("attic.local", PORT)), ManualClock().now)
    try:
        for _ in range(3 * SECOND):
            speaker.write(np.zeros((BLOCK, 2), dtype=np.float32))
        assert speaker.lost
        assert threading.active_count() < 10, "one attempt at a time"
    finally:
        answered.set()
        speaker.close()


def test_a_connection_that_comes_after_the_end_is_closed_again(bench: Bench) -> None:
    bench.speaker.close()
    bench.server.accept()
    assert bench.server.way is not None
    assert bench.server.way.recv(100) == b""
    bench.speaker.write(bench.block())
    bench.speaker.write(np.zeros((0, 2), dtype=np.float32))
    assert bench.speaker.latency_s == 0


@contextmanager
def reader(pipe: Path) -> Iterator[Callable[[], bytes]]:
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield lambda: os.read(descriptor, 1 << 20)
    finally:
        os.close(descriptor)


def test_a_pipe_that_nobody_reads_from_is_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pipe, clock = tmp_path / "snapfifo", ManualClock()
    os.mkfifo(pipe)
    speaker = SnapcastSpeaker(SnapcastAddress(str(pipe)), clock.now)

    def connected() -> bool:
        clock.advance(RETRY_S / 5)
        speaker.write(np.full((BLOCK, 2), 0.5, dtype=np.float32))
        return speaker.latency_s > 0

    try:
        wait_until(lambda: connected() or "no server reads from it" in caplog.text)
        assert speaker.lost
        for _ in range(2):
            with reader(pipe) as read:
                wait_until(connected)
                assert read().startswith(LEAD)
            wait_until(lambda: not connected())
    finally:
        speaker.close()


@pytest.mark.parametrize("kind", ["file", "folder", "missing"])
def test_what_is_no_pipe_is_left_as_it_is(tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    with pytest.raises(SpeakerError, match=f"no Snapcast server that takes sound at {tmp_path}/{kind}: ") as caught:
        check_scheme(f"snapcast:{tmp_path}/{kind}")
    assert {"file": "is no pipe", "folder": "Is a directory", "missing": "No such file"}[kind] in str(caught.value)
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def test_whether_a_server_is_there_can_be_asked_before() -> None:
    server = Server()
    assert check_scheme(f"snapcast:127.0.0.1:{server.port}")
    server.vanish()
    with pytest.raises(SpeakerError, match=r"Connection refused; see docs/rooms\.md"):
        check_scheme(f"snapcast:127.0.0.1:{server.port}")
    assert not check_scheme("Kitchen")


@pytest.mark.parametrize(
    ("text", "place", "buffer_s", "said"),
    [
        ("attic.local", ("attic.local", 4953), 1.0, "attic.local:4953"),
        ("10.0.0.7:5000", ("10.0.0.7", 5000), 1.0, "10.0.0.7:5000"),
        ("[fd00::7]:5000?buffer=400", ("fd00::7", 5000), 0.4, "[fd00::7]:5000"),
        ("Attic?buffer=0", ("attic", 4953), 0.0, "attic:4953"),
        ("/run/snapfifo", "/run/snapfifo", 1.0, "/run/snapfifo"),
        ("/run/snapfifo?buffer=2000", "/run/snapfifo", 2.0, "/run/snapfifo"),
    ],
)
def test_an_address_is_a_host_with_or_without_a_port_or_a_pipe(
    text: str, place: object, buffer_s: float, said: str
) -> None:
    address = parse_address(text)
    assert (address.place, address.buffer_s, str(address)) == (place, buffer_s, said)


@pytest.mark.parametrize(
    "text",
    [
        *(":4953", "attic:port", "attic:70000", "attic/path", "me@attic", "attic#1", "fd00::7", "[fd00", "a..b", "?"),
        *("attic?buffer=x", "attic?buffer=-1", "attic?buffer=10001", "attic?buffer=1&buffer=2", "attic?a=1"),
        "x" * 99,
    ],
)
def test_what_is_no_address_is_refused_with_what_is_one(text: str) -> None:
    with pytest.raises(SpeakerError, match="give HOST, HOST:PORT or /PATH/OF/ITS/PIPE after snapcast:"):
        open_speaker(f"snapcast:{text}")


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    with suppress(SpeakerError):
        assert 0 <= parse_address(text).buffer_s <= 10


@given(st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 8000)), max_size=60))
def test_what_a_connection_takes_arrives_whole_and_in_order(steps: list[tuple[int, int]]) -> None:
    """Whatever sizes are written and read, a piece is sent to its end or not at all."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4608)
    ours.setblocking(False)
    theirs.setblocking(False)
    connection, taken, got = SnapcastConnection(ours.detach()), b"", b""
    with theirs:
        for number, (size, read) in enumerate(steps):
            piece = bytes([number]) * size
            taken += piece if connection.send(piece) else b""
            with suppress(BlockingIOError):
                got += theirs.recv(read) if read else b""
        theirs.setblocking(True)
        connection.send(b"")  # the rest
        connection.close()
        while piece := theirs.recv(1 << 16):
            got += piece
    assert taken.startswith(got)
    assert len(taken) - len(got) < 3000
