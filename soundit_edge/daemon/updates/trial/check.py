"""The check of a model set in a process of its own, to which all others have precedence.

A runtime that crashes takes only that process with it, and what it loads is gone afterwards.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from soundit_edge import logfile
from soundit_edge.daemon.updates.trial.examine import examine
from soundit_edge.daemon.updates.trial.limits import TrialLimits
from soundit_edge.daemon.ways.child import ChildDied, call_in_child
from soundit_edge.process.precedence import give_way
from soundit_edge.signals import die_with

NICE: Final = 10
MAX_MEMORY: Final = 1 << 30
"""Bytes for its data; beyond that the set ends it, before the box is short of memory."""


async def check_set(folder: Path, set_id: str, running: Path, limits: TrialLimits) -> str:
    """Return why a set must not be used, in words for the user; "" where it may be.

    Args:
        folder: where it lies.
        set_id: its id.
        running: where the set in use lies.
        limits: what it may take.

    Raises:
        OSError: no process can be started.
    """
    arguments = folder, set_id, running, limits, os.getpid()
    try:
        return await call_in_child(_examine, *arguments, patience_s=limits.check_s)
    except ChildDied as error:
        return f"checking it {error.how}"


def _examine(folder: Path, set_id: str, running: Path, limits: TrialLimits, parent: int) -> str:
    die_with(parent)
    logfile.start()
    give_way(NICE, MAX_MEMORY)
    try:
        return examine(folder, set_id, running, limits)
    except MemoryError:
        return "it takes more memory than there is"
