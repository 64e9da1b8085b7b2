"""The event loop of the whole device at work: no call in it computes for long, whatever the page and the room do.

Processor time counts, of the loop's own thread: how long others keep it from a processor, or from the interpreter, says
more of the machine. What that comes to is measured by benches/soak.py.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

from tests.daemon.loop_load import MAX_S, measured
from tests.device import ENDS_WITH_US, environment
from tests.waiting import HANG_S

ROOT = Path(__file__).resolve().parents[2]


def test_no_call_in_the_loop_computes_for_long(tmp_path: Path) -> None:
    """A processor that others use may be slow once; what computes for long does so each time."""
    assert not _long_calls(tmp_path) or not _long_calls(tmp_path)


def _long_calls(tmp_path: Path) -> list[tuple[float, str]]:
    done = subprocess.run(
        [*ENDS_WITH_US, sys.executable, "-m", "tests.daemon.loop_load", str(tmp_path)],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.returncode == 0, done
    found: list[tuple[float, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_call_that_computes_is_noticed() -> None:
    def compute() -> None:
        began = time.thread_time()
        while time.thread_time() - began < 2 * MAX_S:
            pass

    async def run() -> None:
        asyncio.get_running_loop().call_soon(compute)
        await asyncio.sleep(0)

    with measured() as taken:
        asyncio.run(run())
    assert len(taken) == 1
