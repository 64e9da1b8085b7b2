"""What the user sees of the process: results on stdout, notes on stderr, everything else in the log.

The runtimes below (TFLite, OpenCV, FFmpeg, ALSA) print to the process's stdout and stderr as they like. So the two are
kept aside for our own words, and what the libraries write lands in the log file.
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
from soundit_edge.text import presentable, reason

if TYPE_CHECKING:
    from rich.progress import Progress


class OutputLost(SounditError):
    """What the command found cannot be written to stdout."""


class ReaderGone(OutputLost):
    """Whoever read our stdout has had enough (`soundit read … | head`)."""


class _Stdout(io.FileIO):
    """Stdout as we write it. What cannot be written is an error once; what follows goes nowhere.

    Else Python would try again at its exit, and fail again.
    """

    def write(self, content: object) -> int:
        """Write, and wait for a reader that is slow; see `io.RawIOBase.write`.

        Raises:
            OutputLost: that cannot be done.
        """
        try:
            # None: the descriptor does not block (another program with the same terminal made it so), and is full.
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
    """Stderr as we write it. A note that cannot be written is no reason to stop."""

    def write(self, content: object) -> int:
        """Write, if that can be done; see `_Stdout.write`."""
        with contextlib.suppress(OutputLost):
            return super().write(content)
        return memoryview(content).nbytes  # type: ignore[arg-type]


def take_over() -> None:
    """Send file descriptors 1 and 2 to the log, and point `sys.stdout` and `sys.stderr` at what they were.

    Whatever of stdin, stdout and stderr the caller has closed is made a descriptor that leads nowhere before: else the
    next file that is opened would get its number, and be written to by whoever means stdout.
    """
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.flush()
    sys.stdout, sys.stderr = _text(_Stdout(os.dup(1), "w")), _text(_Stderr(os.dup(2), "w"))
    log = logfile.start(fresh=True)
    os.dup2(log.descriptor, 1)
    os.dup2(log.descriptor, 2)


def say(text: str) -> None:
    """Tell the user one line on stderr, and the log. Never fails: a terminal may be gone."""
    line = presentable(text)
    logging.getLogger("soundit").info("%s", line)
    print(f"soundit: {line}", file=sys.stderr, flush=True)  # noqa: T201


def result(text: str) -> None:
    """Print one line of the result on stdout.

    Raises:
        OutputLost: it cannot be written.
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
    """Return a bar on stderr, a context manager, that is gone when it is full; shown only where that is a terminal."""
    # Imported here: not every command takes its time.
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
