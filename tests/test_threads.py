"""Blocking work in a thread, awaited."""

from __future__ import annotations

import asyncio
import threading

import pytest

from soundit_edge import threads as threads_module
from soundit_edge.threads import left_behind, run_in_thread
from tests.waiting import HANG_S


def nothing() -> None:
    """For work that ends by itself."""


def wait(event: threading.Event) -> None:
    event.wait(HANG_S)


async def test_it_ends_with_its_work() -> None:
    names: list[str] = []
    await run_in_thread("worker 1", lambda: names.append(threading.current_thread().name), nothing)
    assert names == ["worker 1"]


async def test_what_it_raises_is_raised_in_the_task() -> None:
    def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await run_in_thread("worker", work, nothing)


async def test_a_failing_thread_takes_its_task_group_down() -> None:
    def work() -> None:
        raise ValueError("broken")

    stop = threading.Event()

    async def both() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(run_in_thread("good", lambda: wait(stop), stop.set))
            tasks.create_task(run_in_thread("bad", work, nothing))

    with pytest.raises(ExceptionGroup) as failures:
        await both()
    assert failures.group_contains(ValueError, match="broken")
    assert stop.is_set(), "the other thread was told to stop"


async def test_cancelling_stops_the_thread_and_waits_for_its_end() -> None:
    stop, begun, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        stop.wait(HANG_S)
        ended.set()

    task = asyncio.create_task(run_in_thread("worker", work, stop.set))
    await asyncio.to_thread(begun.wait, HANG_S)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_how_a_cancelled_thread_ends_does_not_matter() -> None:
    stop, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        stop.wait(HANG_S)
        raise ValueError("on the way out")

    task = asyncio.create_task(run_in_thread("worker", work, stop.set))
    await asyncio.to_thread(begun.wait, HANG_S)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_thread_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads_module, "PATIENCE_S", 0.02)
    hang = threading.Event()
    task = asyncio.create_task(run_in_thread("hung", lambda: wait(hang), nothing))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    hung = [thread for thread in threading.enumerate() if thread.name == "hung"]
    assert hung, "it was not waited for"
    assert all(thread.daemon for thread in hung), "it does not keep the process alive"
    assert left_behind()
    hang.set()
    for thread in hung:
        thread.join(HANG_S)
    assert not left_behind()


def test_a_thread_that_outlives_the_loop_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads_module, "PATIENCE_S", 0.01)
    hang = threading.Event()

    async def main() -> None:
        task = asyncio.create_task(run_in_thread("late", lambda: wait(hang), nothing))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())
    late = [thread for thread in threading.enumerate() if thread.name == "late"]
    hang.set()
    for thread in late:
        thread.join(HANG_S)
        assert not thread.is_alive()
