"""The watch over the event loop sees what it is there for, and nothing of this user's is touched."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import loop_watch as loop_watch_module
from tests.loop_watch import BLOCKING_S, LoopWatch, waited_for_machine
from tests.waiting import wait_until


async def called(call: Callable[[], None]) -> None:
    """Have the event loop make a call, and wait until it has."""
    asyncio.get_running_loop().call_soon(call)
    await asyncio.sleep(0)
    await asyncio.sleep(0)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For how many seconds the machine is said to have held something up; it does so for real whenever it is loaded."""
    seconds = [0.0]
    monkeypatch.setattr(loop_watch_module, "waited_for_machine", lambda: seconds[0])
    return seconds


@pytest.mark.parametrize("quick", [False, True])
async def test_a_call_that_sleeps_is_noticed(loop_watch: LoopWatch, waited: list[float], quick: bool) -> None:
    def block() -> None:
        time.sleep(BLOCKING_S + 0.05)

    if quick:
        loop_watch.quicken()
    await called(block)
    assert len(loop_watch.blocked) == 1
    assert "block" in loop_watch.blocked[0]
    loop_watch.blocked.clear()


async def test_a_call_that_computes_is_noticed(loop_watch: LoopWatch, waited: list[float]) -> None:
    def compute() -> None:
        until = time.thread_time() + BLOCKING_S + 0.05
        while time.thread_time() < until:
            pass

    await called(compute)
    assert "compute" in loop_watch.blocked[0]
    loop_watch.blocked.clear()


async def test_a_call_that_the_machine_holds_up_is_no_defect(loop_watch: LoopWatch, waited: list[float]) -> None:
    def held_up() -> None:
        began = time.monotonic()
        time.sleep(BLOCKING_S + 0.05)
        waited[0] += time.monotonic() - began

    await called(held_up)
    assert loop_watch.blocked == []


def test_what_the_kernel_counts_is_read() -> None:
    """Stolen time and waiting for a disk cannot be brought about here: that the lines are read must do."""
    assert 0 <= loop_watch_module._stolen_s() < time.monotonic() * (os.cpu_count() or 1)
    assert 0 <= loop_watch_module._disk_s() < time.monotonic() * (os.cpu_count() or 1)


def test_time_in_which_a_thread_waits_for_a_processor_is_counted() -> None:
    if not Path("/proc/thread-self/schedstat").exists():
        pytest.skip("this kernel does not count it")
    before = waited_for_machine()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3 * (os.cpu_count() or 1))]
    try:
        wait_until(lambda: waited_for_machine() - before > 0.01)
    finally:
        for process in busy:
            process.kill()
            process.wait()


def test_settings_and_log_are_the_tests_own(tmp_path: Path) -> None:
    for place in ("SETTINGS", "LOG", "LOCAL_MODELS", "EDGETPU_MODELS", "LIBRARY", "CACHE"):
        assert Path(os.environ[f"SOUNDIT_{place}"]).parent == tmp_path


def test_temporary_files_are_the_sessions_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert Path(tempfile.gettempdir()).parents[1] == tmp_path_factory.getbasetemp()
