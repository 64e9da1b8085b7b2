"""What `beats.py` listens with: the sound as it leaves a sink, and messages as they arrive, both by the same clock."""

from __future__ import annotations

import os
import re
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import Stereo
from soundit_edge.integrations.osc.packets import Message, messages
from tests.device import ENDS_WITH_US
from tests.sound_server import RATE, SPEAKER, SoundServer

FRAME: Final = 8  # bytes
_TIMESTAMP: Final = struct.Struct("@ll")
_SO_TIMESTAMPNS: Final = 35  # Linux; Python has no name for it


@dataclass
class Heard:
    """The sound of a sink.

    Attributes:
        chunks: the bytes, as they came.
        arrivals: for each chunk, how many frames there were with it, and when it came.
        sink_s: how far ahead the sink renders: a sample is recorded so long before it is heard.
        steady: since which moment that is so; before the device plays, the server may work in longer steps.
    """

    chunks: list[bytes] = field(default_factory=list)
    arrivals: list[tuple[int, float]] = field(default_factory=list)
    sink_s: float = 0.0
    steady: float = 0.0

    @property
    def samples(self) -> Stereo:
        """All of it, float32 [n, 2]."""
        joined = b"".join(self.chunks)
        return np.frombuffer(joined[: len(joined) // FRAME * FRAME], dtype="<f4").reshape(-1, 2)

    def index(self, moment: float) -> int:
        """Which sample is recorded at a moment, about."""
        return next(frames for frames, at in self.arrivals if at > moment)

    def when(self, sample: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """When samples are heard, in seconds of the monotonic clock.

        A chunk may come late, but never before its last sample is rendered. So the earliest of all arrivals counts, by
        the sink's clock, which is the machine's.
        """
        rendered = min(at - frames / RATE for frames, at in self.arrivals if at > self.steady)
        return rendered + self.sink_s + sample / RATE


@dataclass
class Arrived:
    """Messages, each with the moment at which the system received it, in seconds of the monotonic clock."""

    messages: list[tuple[float, Message]] = field(default_factory=list)

    def of(self, path: str) -> list[tuple[float, Message]]:
        """Those to one address."""
        return [(at, message) for at, message in self.messages if message.address.endswith(path)]


@contextmanager
def hearing(server: SoundServer, step_ms: int) -> Iterator[Heard]:
    """Record what the speaker's sink plays, which makes it render in steps of so many milliseconds or less."""
    heard = Heard()
    command = ["parec", "-d", f"{SPEAKER}.monitor", f"--latency-msec={step_ms}", "--format=float32le"]
    recorder = subprocess.Popen(
        [*ENDS_WITH_US, *command, f"--rate={RATE}", "--channels=2"],
        stdout=subprocess.PIPE,
        env=os.environ | server.environment,
    )
    assert recorder.stdout is not None
    reading = threading.Thread(target=_read, args=(recorder.stdout, heard))
    reading.start()
    try:
        yield heard
    finally:
        recorder.terminate()
        recorder.wait()
        reading.join()


def _read(pipe: IO[bytes], heard: Heard) -> None:
    frames = 0
    while chunk := os.read(pipe.fileno(), 1 << 16):
        heard.chunks.append(chunk)
        frames += len(chunk)
        heard.arrivals.append((frames // FRAME, time.monotonic()))
    pipe.close()


def configured_s(server: SoundServer) -> float:
    """How far ahead the speaker's sink renders, as the server says."""
    text = subprocess.run(
        ["pactl", "list", "sinks"], env=os.environ | server.environment, capture_output=True, text=True, check=True
    ).stdout
    block = next(part for part in text.split("Sink #") if f"Name: {SPEAKER}\n" in part)
    found = re.search(r"Latency: \d+ usec, configured (\d+) usec", block)
    assert found, block
    return int(found[1]) / 1e6


@contextmanager
def receiving(sock: socket.socket) -> Iterator[Arrived]:
    """Receive messages, until the context is left."""
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    sock.settimeout(0.2)
    arrived, ended = Arrived(), threading.Event()
    reading = threading.Thread(target=_receive, args=(sock, arrived, ended))
    reading.start()
    try:
        yield arrived
    finally:
        ended.set()
        reading.join()


def _receive(sock: socket.socket, arrived: Arrived, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            datagram, extra, _, _ = sock.recvmsg(4096, socket.CMSG_SPACE(_TIMESTAMP.size))
        except TimeoutError:
            continue
        seconds, nanoseconds = _TIMESTAMP.unpack(extra[0][2])
        ago = time.time() - (seconds + nanoseconds / 1e9)
        at = time.monotonic() - ago
        arrived.messages.extend((at, message) for message in messages(datagram, time.time()))
