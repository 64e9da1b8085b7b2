"""The end of the log, of the journal where the service writes there, else of its file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from soundit_edge import paths
from soundit_edge.doctor.checks.service import UNIT

LINES: Final = 300
MAX_BYTES: Final = 200_000
REMARK: Final = "-- "
"""What the journal says of itself begins so: that there is nothing, or that the computer was started."""
JOURNAL: Final = (
    "journalctl",
    f"--unit={UNIT}",
    f"--lines={LINES}",
    "--output=short-iso",
    "--no-hostname",
    "--no-pager",
)


def log_tail(output_of: Callable[[Sequence[str]], str | None]) -> list[str]:
    """Return the last lines of the log, the newest last; none where there is no log.

    Args:
        output_of: runs a command of the system; see `Surroundings`.
    """
    text = output_of(JOURNAL) or ""
    path = paths.if_any(paths.log_file)
    if (not text.strip() or text.startswith(REMARK)) and path is not None:
        text = _end_of(path)
    return [line for line in text.splitlines() if not line.startswith(REMARK)][-LINES:]


def _end_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - MAX_BYTES))
            return file.read(MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
