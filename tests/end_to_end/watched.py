"""What a running device has open, by the kernel's word: files, sockets, and what is written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

WRITES = os.O_WRONLY | os.O_RDWR
IN_MEMORY = re.compile(r"/memfd:.*|/dev/shm/.*|/dev/null|/dev/pts/.*|/dev/snd/.*|.*/pymp-.*")
"""Files that lie on no disk, and devices."""


@dataclass
class Watched:
    """Everything that a process and its children were seen with.

    Attributes:
        written: files on a disk that were open for writing.
        listens: addresses that TCP sockets listened on.
        talks: addresses of the others: at both ends of TCP, and where UDP was bound.
    """

    process: psutil.Process
    written: set[str] = field(default_factory=set)
    listens: set[str] = field(default_factory=set)
    talks: set[tuple[str, str]] = field(default_factory=set)

    def look(self) -> Watched:
        """Look once more."""
        for one in [self.process, *self.process.children(recursive=True)]:
            for target, flags in open_files(one.pid):
                if flags & WRITES and target.startswith("/") and not IN_MEMORY.fullmatch(target):
                    self.written.add(target.removesuffix(" (deleted)"))
            try:
                connections = one.net_connections("inet")
            except psutil.Error:  # a child that has just ended
                continue
            for socket in connections:
                if socket.status == psutil.CONN_LISTEN:
                    self.listens.add(socket.laddr.ip)
                elif socket.laddr:
                    self.talks.add((socket.laddr.ip, socket.raddr.ip if socket.raddr else ""))
        return self


def open_files(pid: int) -> Iterator[tuple[str, int]]:
    """What the process has open, each with its flags; nothing of one that has ended."""
    try:
        numbers = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return
    for number in numbers:
        try:
            target = os.readlink(f"/proc/{pid}/fd/{number}")
            info = Path(f"/proc/{pid}/fdinfo/{number}").read_text()
        except OSError:  # closed meanwhile
            continue
        yield target, int(re.findall(r"flags:\s*(\d+)", info)[0], 8)
