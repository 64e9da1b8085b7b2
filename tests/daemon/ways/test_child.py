"""A function called in a process of its own."""

from __future__ import annotations

import asyncio
import os
import time

import psutil
import pytest

from soundit_edge.daemon.ways import child as child_module
from soundit_edge.daemon.ways.child import call_in_child
from soundit_edge.errors import SounditError
from tests.waiting import until


def add(a: int, b: int) -> tuple[int, int]:
    return os.getpid(), a + b


def refuse(word: str) -> None:
    raise SounditError(f"not {word}")


def die() -> None:
    os._exit(3)


def sleep() -> None:
    time.sleep(1000)


async def test_its_answer_comes_from_another_process() -> None:
    pid, total = await call_in_child(add, 2, 3)
    assert (pid != os.getpid(), total) == (True, 5)


async def test_what_it_refuses_and_that_it_dies_is_raised_here() -> None:
    with pytest.raises(SounditError, match="not this"):
        await call_in_child(refuse, "this")
    with pytest.raises(SounditError, match="not answered"):
        await call_in_child(die)


async def test_one_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {one.pid for one in psutil.Process().children()}
    asking = asyncio.create_task(call_in_child(sleep))
    await until(lambda: {one.pid for one in psutil.Process().children()} - before)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    monkeypatch.setattr(child_module, "PATIENCE_S", 0.05)
    with pytest.raises(SounditError, match="not answered in time"):
        await call_in_child(sleep)
