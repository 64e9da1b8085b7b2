"""What threads report reaches the event loop, in order, and a flood is bounded."""

from __future__ import annotations

import asyncio
import threading

from soundit_edge.integrations.panel.buttons import Edge
from soundit_edge.integrations.panel.inbox import MAX_EDGES, MAX_STEPS, Inbox
from tests.fakes.clock import ManualClock
from tests.waiting import HANG_S


async def test_what_a_thread_reports_wakes_the_loop() -> None:
    clock = ManualClock(7.0)
    inbox = Inbox(clock.now)

    def report() -> None:
        inbox.put_edge("one", True)
        inbox.put_steps(-2)

    thread = threading.Thread(target=report)
    thread.start()
    await inbox.wait(HANG_S)
    thread.join()
    assert inbox.take() == ([Edge("one", True, 7.0)], -2)
    assert inbox.take() == ([], 0)


async def test_nothing_that_is_reported_is_slept_through() -> None:
    inbox = Inbox(ManualClock().now)
    for _ in range(3):
        inbox.put_edge("one", True)
        await inbox.wait(HANG_S)
        assert len(inbox.take()[0]) == 1


async def test_it_waits_no_longer_than_it_is_asked_to() -> None:
    await asyncio.wait_for(Inbox(ManualClock().now).wait(0.01), HANG_S)


async def test_attack_a_loose_wire_floods() -> None:
    inbox = Inbox(ManualClock().now)
    for i in range(100_000):
        inbox.put_edge("one", i % 2 == 0)
        inbox.put_steps(1)
    edges, steps = inbox.take()
    assert (len(edges), inbox.dropped, steps) == (MAX_EDGES, 100_000 - MAX_EDGES, MAX_STEPS)
    assert not edges[-1].pressed, "the newest are kept"


def test_a_report_after_the_end_of_the_loop_is_no_failure() -> None:
    async def made() -> Inbox:
        return Inbox(ManualClock().now)

    inbox = asyncio.run(made())
    inbox.put_edge("one", True)
    inbox.put_steps(1)
