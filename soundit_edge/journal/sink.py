"""Writes the log to systemd's journal by its native protocol, which keeps level and source apart from the text.

The protocol is one datagram a record: lines of FIELD=value, or the length of a value before it where that has several
lines (systemd's "Native Journal Protocol").
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from soundit_edge.journal.discretion import is_personal, without_names
from soundit_edge.journal.limit import LineLimit

IDENTIFIER: Final = "soundit-edge"
MAX_TEXT: Final = 32_000
"""Characters of a record: a datagram has to fit into the socket's buffer."""
_PRIORITIES: Final = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))


def stderr_is_journal(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether what is printed on stderr goes to the journal, as systemd says in $JOURNAL_STREAM."""
    try:
        status = os.fstat(2)
    except OSError:
        return False
    return environment.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


class JournalLog(logging.Handler):
    """Sends each record to the journal, without names of files and without what is personal.

    A record that the journal does not take at once is dropped silently: nothing waits for a log.
    """

    def __init__(self, address: Path) -> None:
        """Make ready to send.

        Args:
            address: of the journal's socket.
        """
        super().__init__()
        self.setFormatter(logging.Formatter("%(message)s"))
        self.addFilter(lambda record: not is_personal(record))
        self.addFilter(LineLimit())
        self._address = str(address)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self.descriptor: int = os.dup(2) if stderr_is_journal() else os.open(os.devnull, os.O_WRONLY)
        """Where libraries may print: the journal, too, where this process's stderr leads there."""

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record; see `logging.Handler`."""
        try:
            text = without_names(self.format(record))[:MAX_TEXT]
            datagram = b"".join(_field(name, value) for name, value in _fields(record, text))
            with contextlib.suppress(OSError):
                self._socket.sendto(datagram, self._address)
        except Exception:  # the caller's mistake, such as a record whose arguments do not fit its text
            self.handleError(record)

    def close(self) -> None:
        """Close the socket; see `logging.Handler`."""
        self._socket.close()
        super().close()


def _fields(record: logging.LogRecord, text: str) -> Iterator[tuple[str, str]]:
    yield "MESSAGE", text
    yield "PRIORITY", str(next((priority for level, priority in _PRIORITIES if record.levelno >= level), 7))
    yield "SYSLOG_IDENTIFIER", IDENTIFIER
    yield "SOUNDIT_LOGGER", record.name
    yield "SOUNDIT_PROCESS", str(record.processName)
    yield "SOUNDIT_THREAD", str(record.threadName)
    yield "CODE_FUNC", record.funcName or ""
    yield "CODE_LINE", str(record.lineno)
    if record.exc_info and record.exc_info[0] is not None:
        yield "SOUNDIT_ERROR", record.exc_info[0].__name__


def _field(name: str, value: str) -> bytes:
    content = value.encode("utf-8", "backslashreplace")
    if b"\n" not in content:
        return name.encode() + b"=" + content + b"\n"
    return name.encode() + b"\n" + struct.pack("<Q", len(content)) + content + b"\n"
