"""The output of the process: results on stdout, notes on stderr, everything else in the log.

The libraries below (TFLite, OpenCV, FFmpeg, ALSA) print to the process's stdout and stderr as they like. So the two are
reserved for the program's own lines, and the output of the libraries is sent to the log file.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import select
import sys
from typing import TYPE_CHECKING, TextIO

from soundit_edge import logfile
from soundit_edge.errors import SounditError
from soundit_edge.journal.sink import stderr_is_journal
from soundit_edge.text import presentable, reason

if TYPE_CHECKING:
    from rich.progress import Progress


class OutputLost(SounditError):
    """The results of a command cannot be written to stdout."""


class ReaderGone(OutputLost):
    """The reader of stdout has closed it (`soundit read … | head`)."""


class _Stdout(io.FileIO):
    """The program's own stdout. A failed write is an error once; later writes are discarded.

    Otherwise Python would try again at its exit, and fail again.
    """

    def write(self, content: object) -> int:
        """Write, and wait for a slow reader; see `io.RawIOBase.write`.

        Raises:
            OutputLost: the content cannot be written.
        """
        try:
            # None: the descriptor is full and non-blocking, because another program with the same terminal made it so.
            while (written := super().write(content)) is None:  # type: ignore[arg-type]
                select.select([], [self], [])
        except OSError as error:
            self._lead_nowhere()
            if isinstance(error, (BrokenPipeError, ConnectionResetError)):
                raise ReaderGone("nobody reads the output") from error
            raise OutputLost(f"the output cannot be written ({reason(error)})") from error
        return int(written)

    def _lead_nowhere(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno(), inheritable=False)
        os.close(nowhere)


class _Stderr(_Stdout):
    """The program's own stderr. A note that cannot be written is no reason to stop."""

    def write(self, content: object) -> int:
        """Write, or discard what cannot be written; see `_Stdout.write`."""
        with contextlib.suppress(OutputLost):
            return super().write(content)
        return memoryview(content).nbytes  # type: ignore[arg-type]


def take_over() -> None:
    """Send file descriptors 1 and 2 to the log, and point `sys.stdout` and `sys.stderr` at their former targets.

    Where the caller has closed stdin, stdout or stderr, the null device is opened for it first: otherwise the next file
    to be opened would get its number, and the writers of stdout would write to that file.
    """
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.flush()
    # Where stderr leads to the journal, nobody sits there: what is to be read stands in the log, and codes nowhere.
    seen = os.open(os.devnull, os.O_WRONLY) if stderr_is_journal() else os.dup(2)
    sys.stdout, sys.stderr = _text(_Stdout(os.dup(1), "w")), _text(_Stderr(seen, "w"))
    log = logfile.start(fresh=True)
    os.dup2(log.descriptor, 1)
    os.dup2(log.descriptor, 2)


def say(text: str, level: int = logging.INFO) -> None:
    """Print one line for the user on stderr, and log it. Never fails, not even where the terminal is gone."""
    logging.getLogger("soundit").log(level, "%s", presentable(text))
    show(text)


def show(text: str) -> None:
    """Print one line for the user on stderr and nowhere else: what nobody may read later, such as a code."""
    print(f"soundit: {presentable(text)}", file=sys.stderr, flush=True)  # noqa: T201


def result(text: str) -> None:
    """Print one line of the result on stdout.

    Raises:
        OutputLost: the line cannot be written.
    """
    print(text, flush=True)  # noqa: T201


def json_result(value: object) -> None:
    """Print an object as one line of JSON on stdout; what some programs take for the end of a line is escaped.

    Raises:
        OutputLost: it cannot be written.
    """
    text = json.dumps(value, ensure_ascii=False)
    result("".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text))


def progress_bar() -> Progress:
    """Return a progress bar on stderr, a context manager; it is removed at the end, and shown only on a terminal."""
    # Imported here: most commands need no progress bar, and the import is slow.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty())


def _open_what_is_closed() -> None:
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest number that is free is this one.
            os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(descriptor, True)


def _text(raw: io.RawIOBase) -> TextIO:
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors="replace")
