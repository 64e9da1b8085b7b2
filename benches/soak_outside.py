"""The faults of soak.py that come from outside: what is unplugged, killed, flooded, full, wrong, and has come back."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from unittest import mock

import httpx

from benches.soak_morph import prefer
from soundit_edge.inference.models import ModelSet, default_folder
from tests.device import RunningDevice
from tests.inference.delegates.stand_in import build, installed, known_to_work, settings_text
from tests.mosquitto import Mosquitto
from tests.soak.memory import children_of, holding
from tests.sound_server import SoundServer, running_sound_server

BUSY: Final = "while True: pass"
HOGS: Final = 3
READERS: Final = 20
"""Of the page's events, who read nothing."""
WRONG_S: Final = 7200.0


class Surrounding:
    """What the device depends on. A context manager; leaving it ends all that it started.

    Attributes:
        server: the sound server of the beginning.
        flags: the folder by which soak_device.py is told what is wrong.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sound = contextlib.ExitStack()
        self._broker = Mosquitto()
        self._gone = folder / "accelerator-gone"
        self._busy: list[subprocess.Popen[bytes]] = []
        self._flooding: threading.Event | None = None
        self._flood: threading.Thread | None = None
        self.flags = folder / "flags"

    def __enter__(self) -> Surrounding:
        for name in ("pulse", "flags"):
            (self._folder / name).mkdir()
        self.server = self._plug_speaker_in()
        self._broker.__enter__()
        self._write_settings()
        return self

    def __exit__(self, *exc: object) -> None:
        self._end_flood()
        self._end_hogs()
        self._broker.__exit__(*exc)
        self._sound.close()

    def begin(self, kind: str, device: RunningDevice) -> None:
        """Begin a fault.

        Args:
            kind: one of `tests.soak.script.KINDS`.
            device: whom it meets.
        """
        match kind:
            case "speaker":
                self._sound.close()
            case "music":
                if (music := _music_of(device)) is not None:
                    os.kill(music, signal.SIGKILL)
            case "page":
                self._begin_flood(int(device.address.rstrip("/").rpartition(":")[2]))
            case "processor":
                self._busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(HOGS)]
            case "broker":
                asyncio.run(self._broker.stop())
            case "disk":
                (self.flags / "disk").touch()
                device.page.patch("api/device", json={"volume": 0.5})
            case "clock":
                (self.flags / "clock").write_text(str(WRONG_S))
            case "accelerator":
                self._gone.touch()

    def end(self, kind: str, device: RunningDevice) -> None:
        """End a fault; see `begin`."""
        match kind:
            case "speaker":
                self._plug_speaker_in()
            case "page":
                self._end_flood()
            case "processor":
                self._end_hogs()
            case "broker":
                asyncio.run(self._broker.start())
            case "disk":
                (self.flags / "disk").unlink()
                device.page.patch("api/device", json={"volume": 0.6})
            case "clock":
                (self.flags / "clock").unlink()
            case "accelerator":
                self._gone.unlink()

    def _plug_speaker_in(self) -> SoundServer:
        server = self._sound.enter_context(running_sound_server(self._folder / "pulse"))
        prefer(server.process.pid)
        return server

    def _write_settings(self) -> None:
        library = build(self._folder)
        options = {"call": "crash", "while": str(self._gone)}
        with mock.patch.dict(os.environ, {"SOUNDIT_CACHE": str(self._folder / "cache")}):
            known_to_work(installed(library, ModelSet(default_folder()), **options), "face_expression")
        mqtt = f'[integrations.mqtt]\nenabled = true\nhost = "127.0.0.1"\nport = {self._broker.port}\n'
        (self._folder / "settings.toml").write_text(settings_text(library, options) + mqtt)

    def _begin_flood(self, port: int) -> None:
        self._flooding = threading.Event()
        self._flood = threading.Thread(target=_flood, args=(port, self._flooding.is_set), daemon=True)
        self._flood.start()

    def _end_flood(self) -> None:
        if self._flooding is not None and self._flood is not None:
            self._flooding.set()
            self._flood.join()
            self._flooding = self._flood = None

    def _end_hogs(self) -> None:
        while self._busy:
            process = self._busy.pop()
            process.kill()
            process.wait()


def _music_of(device: RunningDevice) -> int | None:
    """Return the music's process: the child that has the most memory in common with others; None: it has died."""
    shared = {child: row.shared_mb for child in children_of(device.process.pid) if (row := holding(child, 0.0))}
    return max(shared, key=lambda child: shared[child], default=None)


def _flood(port: int, is_over: Callable[[], bool]) -> None:
    """Open the page's events many times without reading, and ask again and again, until it is over."""
    with contextlib.ExitStack() as stack:
        for _ in range(READERS):
            with contextlib.suppress(OSError):
                reader = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5.0))
                reader.sendall(b"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        while not is_over():
            with contextlib.suppress(OSError, http.client.HTTPException), _connected(port) as connection:
                for _ in range(20):
                    connection.request("GET", "/api/status")
                    connection.getresponse().read()


@contextlib.contextmanager
def _connected(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5.0)
    try:
        yield connection
    finally:
        connection.close()


def ask(device: RunningDevice) -> dict[str, Any] | None:
    """Return the device's status; None where the page refuses, as it may while it is flooded."""
    try:
        return device.status()
    except httpx.HTTPError:
        return None
