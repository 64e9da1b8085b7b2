"""The log: one file that all processes of the device append to, and whose failure never disturbs them."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path
from typing import Final

from soundit_edge import paths
from soundit_edge.journal.sink import JournalLog

MAX_BYTES: Final = 5_000_000
"""A log larger than this is set aside at the next start, and a new one is begun."""
_OPEN: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK  # a pipe that nobody reads is no log


class LogFile(logging.Handler):
    """Writes each record with one call, so that the lines of several processes do not mix.

    A record that cannot be written (a full disk, no place for a log) is dropped silently. A file that was moved away or
    deleted meanwhile (logrotate) is created again.
    """

    def __init__(self, path: Path | None) -> None:
        """Open the file, or the null device where it cannot be opened; `path` is None for a user without a log."""
        super().__init__()
        self._path = path
        self.descriptor: int = _opened(path)

    def emit(self, record: logging.LogRecord) -> None:
        """Append a record; see `logging.Handler`."""
        try:
            line = self.format(record) + "\n"
            with contextlib.suppress(OSError):
                self._follow()
            os.write(self.descriptor, line.encode("utf-8", "backslashreplace"))
        except OSError:
            pass
        except Exception:  # the caller's mistake, such as a record whose arguments do not fit its text
            self.handleError(record)

    def _follow(self) -> None:
        """Reopen the log if its name now belongs to another file, or to none."""
        if self._path is None:
            return
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(self._path.stat(), os.fstat(self.descriptor)):
                return
        reopened = os.open(self._path, _OPEN, 0o600)
        os.dup2(reopened, self.descriptor, inheritable=False)
        os.close(reopened)


def start(*, fresh: bool = False) -> LogFile | JournalLog:
    """Send what this process logs to the log file, with time and level, or to the journal.

    Args:
        fresh: whether to set a file aside that has grown too large, and begin a new one.
    """
    log = _log_file(fresh) if (journal := paths.journal_socket()) is None else JournalLog(journal)
    logging.raiseExceptions = False  # no traceback on a user's terminal for a line of the log
    logging.basicConfig(handlers=[log], level=logging.INFO)
    logging.captureWarnings(True)
    return log


def _log_file(fresh: bool) -> LogFile:
    path = paths.if_any(paths.log_file)
    if fresh and path is not None:
        _keep_aside(path)
    log = LogFile(path)
    log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return log


def _opened(path: Path | None) -> int:
    if path is not None:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(path, _OPEN, 0o600)
    return os.open(os.devnull, os.O_WRONLY)


def _keep_aside(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            path.replace(path.with_suffix(".log.1"))
