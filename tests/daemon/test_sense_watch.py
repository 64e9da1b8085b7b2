"""What becomes of a sense is one line in the log, and a sense that wavers is none."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

import pytest

from soundit_edge.daemon.watch.senses import FULL_S, SLOWED_S, SenseWatch, watch_senses
from soundit_edge.perception.perceiver import SenseStatistics
from tests.daemon.test_status import STATISTICS
from tests.waiting import until


def face(rate: float = 10.0, failure: str = "", failures: int = 0) -> dict[str, SenseStatistics]:
    job = replace(STATISTICS.job, rate=rate, nominal_rate=10.0, failure=failure, failures=failures)
    return {"face": replace(STATISTICS, job=job)}


def lines(watch: SenseWatch, *looks: tuple[float, dict[str, SenseStatistics]]) -> list[str]:
    return [line for now, senses in looks for line in watch.look(senses, now)]


def test_a_rate_that_falls_and_rises_again_is_one_line_each() -> None:
    watch = SenseWatch()
    slow = [(float(t), face(rate=4.0)) for t in range(20)]
    fast = [(20.0 + t, face()) for t in range(30)]
    assert lines(watch, *slow, *fast) == [
        "face: slower, up to 4.0 readings a second: there is no time for more",
        "face: up to 10.0 readings a second again",
    ]


def test_a_rate_that_falls_for_a_moment_is_not_worth_a_word() -> None:
    looks = [(0.0, face()), (1.0, face(rate=1.0)), (1.5, face(rate=1.0)), (2.0, face())]
    assert lines(SenseWatch(), *looks) == []


def test_a_rate_that_goes_up_and_down_is_one_line() -> None:
    watch = SenseWatch()
    assert len(lines(watch, (0.0, face(rate=4.0)), (SLOWED_S, face(rate=4.0)))) == 1
    wavers = [(10.0 + t, face(rate=10.0 if t % 8 else 4.0)) for t in range(200)]
    assert FULL_S > 8
    assert lines(watch, *wavers) == []


def test_a_rate_between_slow_and_full_changes_nothing() -> None:
    watch = SenseWatch()
    lines(watch, (0.0, face(rate=4.0)), (SLOWED_S, face(rate=4.0)))
    assert lines(watch, *[(10.0 + t, face(rate=9.0)) for t in range(100)]) == []


def test_a_sense_that_fails_and_is_well_again_is_one_line_each() -> None:
    watch = SenseWatch()
    assert lines(watch, (0.0, face(failures=3))) == [], "what failed before is over"
    assert lines(watch, *[(t, face(failure="ValueError: no", failures=3 + int(t))) for t in (1.0, 2.0, 3.0)]) == [
        "face: fails and is tried again: ValueError: no"
    ]
    assert lines(watch, (20.0, face(failures=6)), (21.0, face(failures=6))) == [
        "face: well again; calls that failed: 3"
    ]


async def test_it_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        watching = asyncio.create_task(watch_senses(lambda: face(failure="it is gone", failures=1), every_s=0.01))
        await until(lambda: caplog.messages)
        await asyncio.sleep(0.05)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    assert caplog.messages == ["face: fails and is tried again: it is gone"]
