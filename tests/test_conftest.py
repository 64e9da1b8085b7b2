"""The watch over the event loop sees what it is there for."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from tests.conftest import BLOCKING_SECONDS, LoopWatch


async def test_a_blocked_loop_is_noticed(loop_watch: LoopWatch) -> None:
    def block() -> None:
        time.sleep(BLOCKING_SECONDS + 0.05)

    asyncio.get_running_loop().call_soon(block)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(loop_watch.blocked) == 1
    assert "block" in loop_watch.blocked[0]
    loop_watch.blocked.clear()


def test_settings_and_log_are_the_tests_own(tmp_path: Path) -> None:
    assert Path(os.environ["SOUNDIT_SETTINGS"]).parent == tmp_path
    assert Path(os.environ["SOUNDIT_LOG"]).parent == tmp_path
