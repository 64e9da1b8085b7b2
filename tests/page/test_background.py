"""Work in the background: watched, broken off, and its failures told."""

from __future__ import annotations

import asyncio

import pytest

from soundit_edge.control.refusals import NotNow
from soundit_edge.errors import SounditError
from soundit_edge.page.background import BackgroundWork, Report, WorkStatus


async def test_it_reports_and_ends() -> None:
    going, seen = asyncio.Event(), BackgroundWork("the scan")
    assert seen.status == WorkStatus(state="idle")

    async def work(report: Report) -> None:
        report(0.5, "half of it")
        await going.wait()

    seen.start(work)
    await asyncio.sleep(0)
    assert seen.status == WorkStatus(state="running", share=0.5, note="half of it")
    with pytest.raises(NotNow, match="The scan is under way already"):
        seen.start(work)
    going.set()
    assert await seen.ended() == WorkStatus(state="done", share=1.0, note="half of it")


async def test_it_is_broken_off_and_may_begin_again() -> None:
    seen = BackgroundWork("the scan")

    async def work(report: Report) -> None:
        await asyncio.Event().wait()

    await seen.cancel()
    for _ in range(2):
        seen.start(work)
        await asyncio.sleep(0)
        await seen.cancel()
        assert seen.status.state == "cancelled"


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (SounditError("the stick is gone"), "the stick is gone"),
        (KeyError("x"), "Something went wrong; the log says what."),
    ],
)
async def test_what_it_fails_with_is_told(error: Exception, note: str) -> None:
    seen = BackgroundWork("the scan")

    async def work(report: Report) -> None:
        raise error

    seen.start(work)
    assert await seen.ended() == WorkStatus(state="failed", note=note)
