"""What the user sees of the process: results on stdout, notes on stderr, everything else in the log.

The runtimes below (TFLite, OpenCV, FFmpeg, ALSA) print to the process's stdout and stderr as they like. So the two are
kept aside for our own words, and what the libraries write lands in the log file.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Final, TextIO

import platformdirs

LOG_BYTES: Final = 5_000_000
"""A log that has grown beyond this is begun anew at the next start, and the old one kept beside it."""


def log_path() -> Path:
    """Where the log lies: `$SOUNDIT_LOG`, or soundit.log in the user's state folder."""
    chosen = os.environ.get("SOUNDIT_LOG")
    return Path(chosen) if chosen else platformdirs.user_log_path("soundit") / "soundit.log"


def take_over() -> None:
    """Send file descriptors 1 and 2 to the log, and point `sys.stdout` and `sys.stderr` at what they were."""
    sys.stdout.flush()
    sys.stderr.flush()
    sys.stdout, sys.stderr = _kept(1), _kept(2)
    log = _open_log(log_path())
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    logging.basicConfig(
        stream=os.fdopen(os.dup(2), "w", buffering=1),
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.captureWarnings(True)


def say(text: str) -> None:
    """One line for the user, on stderr, and in the log."""
    logging.getLogger("soundit").info("%s", text)
    print(f"soundit: {text}", file=sys.stderr, flush=True)  # noqa: T201


def result(text: str) -> None:
    """One line of the result, on stdout."""
    print(text, flush=True)  # noqa: T201


def _kept(descriptor: int) -> TextIO:
    return os.fdopen(os.dup(descriptor), "w", encoding="utf-8", errors="replace")


def _open_log(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        # Without a place for a log (a read-only disk) the device still runs.
        return os.open(os.devnull, os.O_WRONLY)
