"""The real process that reads a stranger's file: what it says, its bounds, and that it goes when it is not wanted."""

from __future__ import annotations

import asyncio
import multiprocessing
from pathlib import Path

import psutil
import pytest

from soundit_edge.trials.child import GAVE_UP, run_in_child
from soundit_edge.trials.job import TrialJob, TrialOptions
from soundit_edge.trials.limits import Limits
from soundit_edge.trials.messages import Failed, Found, Message, Result
from tests.capture.media import film, still
from tests.waiting import until

HUE = TrialOptions(frozenset({"hue"}))


def children() -> list[psutil.Process]:
    return [psutil.Process(one.pid) for one in multiprocessing.active_children()]


def is_first_to_go(child: psutil.Process) -> bool:
    return Path(f"/proc/{child.pid}/oom_score_adj").read_text() == "1000\n"


@pytest.fixture
def long_film(tmp_path: Path) -> Path:
    return film(tmp_path / "film.mp4", seconds=20.0, size=(64, 48)).rename(tmp_path / "upload")


async def test_it_stands_behind_all_others_and_is_killed_when_it_is_not_wanted(tmp_path: Path, long_film: Path) -> None:
    said: list[Message] = []
    task = asyncio.create_task(run_in_child(TrialJob(tmp_path, "film.mp4", HUE), said.append))
    await until(lambda: said)
    (child,) = children()
    assert child.nice() >= 15
    assert is_first_to_go(child)
    assert child.rlimit(psutil.RLIMIT_DATA) == (Limits().max_memory,) * 2
    assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == []
    assert isinstance(said[0], Found)
    assert not isinstance(said[-1], (Result, Failed))


async def test_attack_one_that_takes_all_memory_is_one_sentence(tmp_path: Path) -> None:
    still(tmp_path / "still.png").rename(tmp_path / "upload")
    said: list[Message] = []
    job = TrialJob(tmp_path, "still.png", HUE, Limits(max_memory=10_000_000))
    await run_in_child(job, said.append)
    await until(lambda: said and isinstance(said[-1], (Result, Failed)))
    assert said[-1] == Failed(why=GAVE_UP)
