"""What goes wrong while soak_updates.py updates: on the network, in the updater's process, on the disk."""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.update.mirrors.web_server import Handler

DISK_MB: Final = 64
"""Of the disk that is filled, where this user may mount one."""
_FULL_AT: Final = 4096
"""Bytes after which no file grows any more, where no disk can be filled."""
_MNT_DETACH: Final = 2


class FaultyMirror:
    """Answers some requests as bad networks and servers do: see `FAULTS`."""

    def __init__(self, chance: random.Random, share: float) -> None:
        """Prepare.

        Args:
            chance: decides which requests, and how.
            share: of the requests, 0..1.
        """
        self.happened: Counter[str] = Counter()
        self._chance = chance
        self._share = share

    def answer(self, handler: Handler) -> None:
        """Answer one request."""
        content = handler.server.served.get(handler.path.lstrip("/"))
        if content is None or self._chance.random() >= self._share:
            return handler.send_file()
        name = self._chance.choice(list(FAULTS))
        self.happened[name] += 1
        return FAULTS[name](handler, content, self._chance)


def _cut(handler: Handler, content: bytes, chance: random.Random) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: chance.randrange(len(content))])
    handler.close_connection = True


def _stall(handler: Handler, content: bytes, chance: random.Random) -> None:
    handler.server.closing.wait(chance.uniform(0.2, 2.0))
    _cut(handler, content, chance)


def _flip(handler: Handler, content: bytes, chance: random.Random) -> None:
    at = chance.randrange(len(content))
    handler.send(content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :])


def _wrong_part(handler: Handler, content: bytes, chance: random.Random) -> None:
    begin = chance.randrange(len(content))
    where = f"bytes {begin}-{len(content) - 1}/{len(content)}"
    handler.send(content[begin:], 206, Content_Range=where)


FAULTS: Final[dict[str, Callable[[Handler, bytes, random.Random], None]]] = {
    "cut off": _cut,
    "stalled, then cut off": _stall,
    "a bit flipped": _flip,
    "garbage": lambda handler, content, chance: handler.send(chance.randbytes(len(content))),
    "a web page": lambda handler, content, chance: handler.send(b"<html>Sign in", kind="text/html"),
    "a server's error": lambda handler, content, chance: handler.send(b"", chance.choice((404, 429, 500, 502, 503))),
    "another part of the file": _wrong_part,
    "a redirect round and round": lambda handler, content, chance: handler.send(b"", 302, Location=handler.path),
    "longer than it is": lambda handler, content, chance: handler.send(content + bytes(100_000)),
}


class Disk:
    """The disk that the device's state lies on, which can be full: a small one of its own, where one can be mounted."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        size = f"size={DISK_MB}m".encode()
        self.is_own = ctypes.CDLL(None).mount(b"none", os.fsencode(folder), b"tmpfs", 0, size) == 0

    def close(self) -> None:
        """Give it back."""
        if self.is_own:
            ctypes.CDLL(None).umount2(os.fsencode(self._folder), _MNT_DETACH)

    @contextlib.contextmanager
    def full(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """Let it be full while the block runs: for all, or, where no disk can be filled, for one process."""
        if not self.is_own:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_FULL_AT, _FULL_AT))
            yield
            return
        ballast = self._folder / "ballast"
        try:
            with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
                while file.write(bytes(1 << 16)):
                    pass
            yield
        finally:
            ballast.unlink()


def tear(path: Path, chance: random.Random) -> None:
    """Damage a file as a power cut or a worn card does: it ends too early, or a bit of it has flipped."""
    content = bytearray(path.read_bytes())
    if content and chance.random() < 0.5:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    else:
        del content[chance.randrange(len(content) + 1) :]
    path.unlink()  # it may be another file's link
    path.write_bytes(content)


def after(seconds: float, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a process has run for some time; return whether it still runs."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and process.poll() is None:
        time.sleep(0.002)
    return process.poll() is None
