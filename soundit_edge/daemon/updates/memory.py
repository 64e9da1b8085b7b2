"""What the device remembers of updates when it is switched off: `updates.json` in its state folder."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from soundit_edge.control.update_status import OfferedModels, UpdateCounts
from soundit_edge.files import write_whole
from soundit_edge.text import reason

log = logging.getLogger(__name__)

FILE: Final = "updates.json"
MAX_FILE_BYTES: Final = 1 << 16


class UpdateMemory(BaseModel):
    """What was last looked for, found and done.

    Attributes:
        looked: when the mirrors last answered, in seconds since 1970; None: never.
        offered: the set that they offered.
        outcome: how the last look, fetch or trial has ended, in one sentence.
        failed: whether that was a failure.
        counts: how often what has come of it.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    looked: FiniteFloat | None = Field(default=None, ge=0)
    offered: OfferedModels | None = None
    outcome: str = Field(default="", max_length=2000)
    failed: bool = False
    counts: UpdateCounts = UpdateCounts()


def remembered(path: Path | None) -> UpdateMemory:
    """Return what stands in a file; nothing where there is none, or none that can be read."""
    try:
        if path is not None and path.stat().st_size <= MAX_FILE_BYTES:
            return UpdateMemory.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        pass
    except (OSError, ValidationError) as error:
        log.warning("%s: cannot be read (%s)", path, type(error).__name__)
    return UpdateMemory()


def remember(path: Path | None, memory: UpdateMemory) -> None:
    """Write a file in one step; that it cannot be written is a line of the log."""
    if path is None:
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, memory.model_dump_json().encode())
    except OSError as error:
        log.warning("%s: cannot be written (%s)", path, reason(error))
