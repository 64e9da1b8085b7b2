"""Run an update in a short-lived process of its own: TUF and cryptography never come into the daemon's memory."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from typing import Final

from pydantic import ValidationError

from soundit_edge.text import reason
from soundit_edge.update.messages import UPDATE_MESSAGE, UpdateProgress, UpdateRequest, UpdateResult

MAX_UPDATE_S: Final = 3600.0
"""Seconds after which an update is given up; the next one goes on where it was."""
_MAX_LINE: Final = 1 << 20


async def run_update(
    request: UpdateRequest, hear: Callable[[UpdateProgress], None], max_s: float = MAX_UPDATE_S
) -> UpdateResult:
    """Look for an update in a process of its own, and kill that process when this task is cancelled.

    Args:
        request: what is asked.
        hear: called with how far it is.
        max_s: the seconds that it may take.

    Returns:
        How it ended; what went wrong is in it, too.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "soundit_edge.update",
            str(os.getpid()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_MAX_LINE,
        )
    except OSError as error:
        return UpdateResult(ended="failed", why=f"The update cannot be started: {reason(error)}.")
    try:
        async with asyncio.timeout(max_s):
            return await _listen(process, request, hear)
    except TimeoutError:
        return UpdateResult(ended="failed", why="The update took too long; the next one goes on where it was.")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _listen(
    process: asyncio.subprocess.Process, request: UpdateRequest, hear: Callable[[UpdateProgress], None]
) -> UpdateResult:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(ConnectionError):
        process.stdin.write(request.model_dump_json().encode())
        await process.stdin.drain()
        process.stdin.close()
    with contextlib.suppress(ValueError):  # a line that is too long is none of ours
        while line := await process.stdout.readline():
            try:
                message = UPDATE_MESSAGE.validate_json(line)
            except ValidationError:
                break
            if isinstance(message, UpdateResult):
                return message
            hear(message)
    return UpdateResult(ended="failed", why="The update has broken off; the log says more. The set in use stays.")
