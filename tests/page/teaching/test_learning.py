"""The process that learns: its answer, its refusal, and its end when it is not wanted any more."""

from __future__ import annotations

import asyncio
import multiprocessing

import pytest

from soundit_edge.page.background import BackgroundWork, Report
from soundit_edge.page.teaching.learning import LearningFailed, learn_beside
from tests.fakes.own import recorded
from tests.waiting import until


async def test_another_process_learns_and_reports() -> None:
    shares: list[float | None] = []
    content = await learn_beside(recorded(), lambda share, note: shares.append(share))
    assert (content.report.right, content.report.takes) == (6, 6)
    assert content.head().labels == recorded().labels
    assert shares[0] == 0
    assert multiprocessing.active_children() == []


async def test_too_few_takes_come_back_as_a_sentence() -> None:
    with pytest.raises(LearningFailed, match="Record 1 more take of"):
        await learn_beside(recorded(each=1), lambda share, note: None)


async def test_it_is_killed_when_it_is_broken_off() -> None:
    work = BackgroundWork("learning")

    async def learning(report: Report) -> None:
        await learn_beside(recorded(each=30, moments=60), report)

    work.start(learning)
    await until(multiprocessing.active_children)
    await work.cancel()
    assert work.status.state == "cancelled"
    await until(lambda: not multiprocessing.active_children())
    await asyncio.sleep(0)
