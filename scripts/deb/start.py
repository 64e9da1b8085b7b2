"""Starts the service as its unit says, where no systemd runs: as its user, with its variables, in its folder.

    python start.py UNIT FOLDER     run by scripts/deb/trial.sh inside a clean root, by the package's own Python

It waits until the service says that it is ready, asks the page, and waits for two seconds of music in the WAV file that
the settings name as the speaker and that grows in FOLDER; then it stops the service. It wants a network namespace of
its own, where the page's port is free. The unit's sandbox is systemd's work, and is not tried here. It prints what it
measured, and ends with 1 where something is not as it should be.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import numpy

PAGE = "http://127.0.0.1:8347"
ENOUGH_S = 2.0
PATIENCE_S = 300.0
"""What the unit's TimeoutStartSec= gives it."""
WAV_HEADER, FRAME, RATE = 44, 6, 48_000
"""Bytes before the samples, bytes of the two samples of one moment, and moments a second."""
LOUD = 328
"""One per cent of full scale, of the upper 16 bits of a sample."""


class Service:
    """The service, and what it says to the service manager and to the journal."""

    def __init__(self, unit: Path, sockets: Path) -> None:
        """Start it.

        Args:
            unit: the unit's file.
            sockets: an empty folder, for the manager's socket and the journal's.
        """
        said = dict(re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE))
        user = pwd.getpwnam(said["User"])
        given = dict(re.findall(r"^(\w+)=(.*)$", Path(said["EnvironmentFile"]).read_text(), re.MULTILINE))
        given |= {"PATH": "/usr/bin:/bin", "USER": user.pw_name, "HOME": user.pw_dir, "LANG": "C.UTF-8"}
        given |= {"NOTIFY_SOCKET": f"{sockets}/notify", "SOUNDIT_LOG": f"journal:{sockets}/journal"}
        self.command = said["ExecStart"]
        self.ready = False
        self.logged: list[str] = []
        self._begin = time.monotonic()
        self._ears = [
            threading.Thread(target=self._hear, args=(_listen(sockets / "notify", user.pw_uid), self._notified)),
            threading.Thread(target=self._hear, args=(_listen(sockets / "journal", user.pw_uid), self.logged.append)),
        ]
        self._process = subprocess.Popen(
            self.command.split(),
            env=given,
            cwd=said["WorkingDirectory"],
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=os.getgrouplist(user.pw_name, user.pw_gid),
            umask=int(said["UMask"], 8),
            stdout=subprocess.DEVNULL,
        )
        for ear in self._ears:
            ear.start()

    def wait(self, what: str, is_so: Callable[[], object]) -> float:
        """Wait until it is so, and return the seconds since the start; end where it never is."""
        while not is_so():
            if self._process.poll() is not None or time.monotonic() - self._begin > PATIENCE_S:
                self._process.kill()
                sys.exit(
                    f"start: never {what}; exit code {self._process.wait()}; it logged:\n{''.join(self.logged[-5:])}"
                )
            time.sleep(0.05)
        return time.monotonic() - self._begin

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(60)
        for ear in self._ears:
            ear.join()
        return code

    def _notified(self, text: str) -> None:
        self.ready = self.ready or "READY=1" in text

    def _hear(self, ear: socket.socket, take: Callable[[str], object]) -> None:
        with ear:
            while True:
                try:
                    take(ear.recv(65536).decode(errors="replace"))
                except TimeoutError:
                    if self._process.poll() is not None:
                        return


def _listen(path: Path, user: int) -> socket.socket:
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(path))
    os.chown(path, user, -1)
    ear.settimeout(0.5)
    return ear


def heard_s(folder: Path) -> float:
    """Return the seconds of music, from its first loud sample on, in the WAV file that grows; 0: none yet."""
    for path in folder.glob(".soundit-*.part"):
        with contextlib.suppress(FileNotFoundError):
            samples = path.read_bytes()[WAV_HEADER:]
            bytes_of = numpy.frombuffer(samples[: len(samples) // FRAME * FRAME], "u1").reshape(-1, 2, 3)
            loud = numpy.flatnonzero((abs(bytes_of[..., 1:].copy().view("<i2").astype(int)) > LOUD).any(axis=(1, 2)))
            if len(loud):
                return float(len(bytes_of) - loud[0]) / RATE
    return 0.0


def switch_loopback_on() -> None:
    """Give a network namespace that has nothing but its loopback device an address of its own, 127.0.0.1."""
    set_flags, up, name = 0x8914, 1, b"lo"  # netdevice(7)
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh", name, up))


def ask(path: str) -> bytes:
    """Return what the page answers."""
    with urllib.request.urlopen(PAGE + path, timeout=30) as answer:
        content: bytes = answer.read()
        return content


def main(unit: Path, folder: Path) -> None:
    """Start, ask, listen, stop."""
    switch_loopback_on()
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        service = Service(unit, Path(name))
        ready_s = service.wait("ready", lambda: service.ready)
        page = ask("/")
        music_s = service.wait("music", lambda: heard_s(folder) > 0)
        service.wait("two seconds of music", lambda: heard_s(folder) >= ENOUGH_S)
        code = service.stop()
    errors = [entry for entry in service.logged if re.search(r"^PRIORITY=[0-3]$", entry, re.MULTILINE)]
    sys.stdout.write(
        f"start: {service.command}: ready after {ready_s:.1f} s, music after {music_s:.1f} s, a page of {len(page)} "
        f"bytes, {len(service.logged)} lines for the journal, {len(errors)} of them errors, exit code {code}\n"
    )
    if code != 0 or errors or b"<html" not in page.lower():
        sys.exit("start: NOT SO: it starts, plays, answers and ends without a fault\n" + "\n".join(errors))


main(Path(sys.argv[1]), Path(sys.argv[2]))
