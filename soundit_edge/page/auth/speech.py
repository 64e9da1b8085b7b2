"""The code of the claim, spoken where espeak-ng is installed: a box in a corner has no console."""

from __future__ import annotations

import asyncio
import logging
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from typing import Final

from soundit_edge.text import reason

log = logging.getLogger(__name__)

PROGRAM: Final = "espeak-ng"
WORDS_A_MINUTE: Final = 120


async def speak_code(code: str) -> None:
    """Speak a code, character by character; where that cannot be done, the log has a line.

    Args:
        code: such as "ACDE-3467"; it is on no command line, which others on the computer could read.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        log.info("the code is not spoken: %s is not installed", PROGRAM)
        return
    text = f"To claim this device, enter this code: {', '.join(code.replace('-', ''))}."
    try:
        speaking = await asyncio.create_subprocess_exec(
            program, "--stdin", "-s", str(WORDS_A_MINUTE), stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL
        )
    except OSError as error:
        log.warning("the code is not spoken: %s", reason(error))
        return
    try:
        await speaking.communicate(text.encode())
    finally:
        if speaking.returncode is None:
            speaking.kill()
            await speaking.wait()
