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


def test_stolen_time_and_waiting_for_a_disk_are_counted(tmp_path: Path) -> None:
    """They cannot be brought about here, so the kernel's lines are written by hand, as proc_stat(5) has them."""
    (tmp_path / "stat").write_text(
        "cpu  30499 0 6989 63230 573 0 113 250 0 0\ncpu0 9723 0 2652 38137 172 0 12 41 0 0\n"
    )
    (tmp_path / "io").write_text("some avg10=1.29 avg60=1.29 avg300=0.75 total=5123752\nfull avg10=0.00 total=9\n")
    assert loop_watch_module._stolen_s(tmp_path / "stat") == 250 / os.sysconf("SC_CLK_TCK")
    assert loop_watch_module._disk_s(tmp_path / "io") == pytest.approx(5.123752)
    assert (loop_watch_module._stolen_s(tmp_path / "none"), loop_watch_module._disk_s(tmp_path / "none")) == (0.0, 0.0)


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
