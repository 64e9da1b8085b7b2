"""A real MQTT broker for tests, mosquitto: on this computer alone, and without anything that outlives it."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Sequence
from contextlib import closing

from tests.device import ENDS_WITH_US
from tests.waiting import until, wait_until


class Mosquitto:
    """A broker that comes and goes, always at the same port. It keeps nothing from one time to the next.

    Attributes:
        port: of 127.0.0.1.
    """

    def __init__(self, options: Sequence[str] = ("allow_anonymous true",)) -> None:
        """Choose a port.

        Args:
            options: lines of its configuration.
        """
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port: int = free.getsockname()[1]
        # Where root starts it, it stays root: who becomes another user outlives the tests, see prctl(2).
        lines = [f"listener {self.port} 127.0.0.1", "user root", "persistence false", *options]
        self._configuration = "\n".join(lines).encode()
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
        command, nowhere = [*ENDS_WITH_US, "mosquitto", "-c", "/dev/stdin"], subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere)
        assert self._process.stdin is not None
        with self._process.stdin as configuration:
            configuration.write(self._configuration)

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "mosquitto does not start"
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
