"""A Snapcast server for tests, and clients of it that play into pipes which are read here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import CHANNELS, RATE
from tests.device import ENDS_WITH_US
from tests.waiting import HANG_S, wait_until

BUFFER_MS: Final = 300
"""From the server to the ears: short, for the tests wait for it."""
_FRAME: Final = 2 * CHANNELS  # bytes

_CONFIGURATION: Final = """\
[server]
datadir = {folder}
[http]
enabled = false
[tcp]
bind_to_address = 127.0.0.1
port = {control}
[stream]
bind_to_address = 127.0.0.1
port = {stream}
codec = pcm
buffer = {buffer}
source = tcp://127.0.0.1:{source}?name=soundit&mode=server&sampleformat=48000:16:2
source = pipe://{folder}/fifo?name=other&mode=create&sampleformat=48000:16:2
"""


class SnapServer:
    """A `snapserver` that can be stopped and started again at the same place.

    Attributes:
        control, stream, source: its ports: for JSON-RPC, for clients, and for the music.
    """

    def __init__(self, folder: Path) -> None:
        """Prepare one that writes into a folder."""
        self.folder = folder
        self.control, self.stream, self.source = _free_ports(3)
        self._process: subprocess.Popen[bytes] | None = None
        self._rpc: Any = None

    def start(self) -> None:
        """Start it; returns once it answers."""
        path = self.folder / "snapserver.conf"
        ports = {"control": self.control, "stream": self.stream, "source": self.source}
        path.write_text(_CONFIGURATION.format(folder=self.folder, buffer=BUFFER_MS, **ports))
        with (self.folder / "snapserver.log").open("ab") as log:
            command = [*ENDS_WITH_US, "snapserver", "-c", str(path), "--logging.sink=stderr"]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self._answers)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "snapserver.log").read_text()[-2000:]
        try:
            way = socket.create_connection(("127.0.0.1", self.control), timeout=5.0)
        except OSError:
            return False
        way.settimeout(HANG_S)
        self._rpc = way.makefile("rwb")
        way.close()  # it stays open for the file
        return True

    def stop(self) -> None:
        """Kill it, as a power cut does."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None
        self._rpc.close()

    def ask(self, method: str, **parameters: object) -> Any:
        """Return the whole answer to a request, as an app for Snapcast makes it."""
        request = {"id": 7, "jsonrpc": "2.0", "method": method, "params": parameters}
        self._rpc.write(json.dumps(request).encode() + b"\r\n")
        self._rpc.flush()
        while True:
            answer = json.loads(self._rpc.readline())
            if isinstance(answer, dict) and answer.get("id") == 7:
                return answer

    def groups(self) -> list[dict[str, Any]]:
        """Return its groups, as it lists them."""
        groups: list[dict[str, Any]] = self.ask("Server.GetStatus")["result"]["server"]["groups"]
        return groups

    def rooms(self) -> dict[str, dict[str, Any]]:
        """Return its clients by their identifiers, as it lists them."""
        return {client["id"]: client for group in self.groups() for client in group["clients"]}

    @contextmanager
    def client(self, name: str) -> Iterator[Heard]:
        """A room: a `snapclient` whose sound is kept while the context is entered."""
        pipe = self.folder / f"{name}.pipe"
        os.mkfifo(pipe)
        player = f"file:filename={pipe},mode=a"
        command = [*ENDS_WITH_US, "snapclient", "-h", "127.0.0.1", "-p", str(self.stream), "--player", player]
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen([*command, "--hostID", name, "--logsink", "stderr"], stdout=log, stderr=log)
        heard = Heard(pipe)
        try:
            wait_until(lambda: self.rooms().get(name, {}).get("connected"))
            yield heard
        finally:
            process.kill()
            process.wait()
            heard.close()


@dataclass(frozen=True, slots=True)
class _Piece:
    """What was read at once: when, and how many frames were heard before it."""

    at: float
    before: int


class Heard:
    """What a room hears, and when."""

    def __init__(self, pipe: Path) -> None:
        self._pipe = pipe
        self._sound = bytearray()
        self._pieces: list[_Piece] = []
        self._closed = False
        self._descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while not self._closed:
            try:
                piece = os.read(self._descriptor, 1 << 16)
            except BlockingIOError:
                piece = b""
            if piece:
                at, before = time.monotonic(), len(self._sound) // _FRAME
                self._sound += piece
                self._pieces.append(_Piece(at, before))
            else:
                time.sleep(0.0005)

    def samples(self, last: int = 1 << 30) -> npt.NDArray[np.int16]:
        """Return the last frames that were heard until now, int16 [n, 2]."""
        end = len(self._sound) // _FRAME * _FRAME
        return np.frombuffer(self._sound[max(0, end - last * _FRAME) : end], dtype="<i2").reshape(-1, CHANNELS)

    def latest(self, pieces: int) -> tuple[npt.NDArray[np.int16], float]:
        """Return what was heard in the latest pieces, int16 [n, 2], and when the first of its frames was, in seconds.

        A client writes a piece of 50 ms at a time; one that comes late was delayed on its way to us, so the earliest
        counts.
        """
        chosen = self._pieces[-pieces - 1 : -1]  # the last one may not be there whole
        first, end = chosen[0].before, self._pieces[-1].before
        samples = np.frombuffer(self._sound[first * _FRAME : end * _FRAME], dtype="<i2").reshape(-1, CHANNELS)
        return samples, min(piece.at - (piece.before - first) / RATE for piece in chosen)

    def close(self) -> None:
        """Hear no more."""
        self._closed = True
        self._thread.join()
        os.close(self._descriptor)
        self._pipe.unlink()


@contextmanager
def running_snap_server(folder: Path) -> Iterator[SnapServer]:
    """A server that runs while the context is entered."""
    server = SnapServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
