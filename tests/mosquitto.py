"""A real MQTT broker for tests, mosquitto: on this computer alone, and without anything that outlives it."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.device import ENDS_WITH_US
from tests.waiting import until, wait_until


class Mosquitto:
    """A broker that comes and goes, always at the same port. It keeps nothing from one time to the next.

    Attributes:
        port: of 127.0.0.1.
    """

    def __init__(self, folder: Path | None = None, options: Sequence[str] = ()) -> None:
        """Choose a port.

        Args:
            folder: for its configuration; None: it has none, and everybody is let in.
            options: lines of its configuration.
        """
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port: int = free.getsockname()[1]
        self._options = ["-p", str(self.port)]
        if folder is not None:
            lines = [f"listener {self.port} 127.0.0.1", "user root", "persistence false", *options]
            (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
            self._options = ["-c", str(folder / "mosquitto.conf")]
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Be there."""
        self._spawn()
        await until(self._listens)

    async def stop(self) -> None:
        """Vanish, as a computer does whose plug is pulled: nobody is said good-bye to."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            await until(lambda: process.poll() is not None)

    def __enter__(self) -> Mosquitto:
        self._spawn()
        wait_until(self._listens)
        return self

    def __exit__(self, *exc: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _spawn(self) -> None:
        command = [*ENDS_WITH_US, "mosquitto", *self._options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "mosquitto does not start"
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
