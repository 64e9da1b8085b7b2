"""The port on which OSC is listened to: who may send, and how much."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.osc import receiver
from soundit_edge.integrations.osc.packets import MAX_DATAGRAM
from soundit_edge.integrations.osc.receiver import MAX_BURST, MAX_PER_S, Budget, Receiver
from soundit_edge.integrations.osc.tally import STRANGER, TOO_LARGE, TOO_MANY, Tally
from tests.contracts.osc_peer import free_port
from tests.fakes.clock import ManualClock
from tests.waiting import until


class Listening:
    """A receiver, and a program that sends to it."""

    def __init__(self, allow: Sequence[str] = ()) -> None:
        self.taken: list[bytes] = []
        self.clock = ManualClock()
        self.tally = Tally()
        self.receiver = Receiver(allow, self.taken.append, Budget(self.clock.now), self.tally)
        self.port = free_port()
        self.receiver.open("127.0.0.1", self.port)
        self.sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(self, datagram: bytes) -> None:
        self.sender.sendto(datagram, ("127.0.0.1", self.port))


@contextmanager
def listening(allow: Sequence[str] = ()) -> Iterator[Listening]:
    it = Listening(allow)
    try:
        yield it
    finally:
        it.receiver.close()
        it.receiver.close()
        it.sender.close()


async def test_datagrams_are_handed_on_and_one_that_is_too_large_is_counted() -> None:
    with listening() as it:
        it.send(b"x" * MAX_DATAGRAM)
        it.send(b"x" * (MAX_DATAGRAM + 1))
        it.send(b"last")
        await until(lambda: it.taken[-1:] == [b"last"])
        assert [len(one) for one in it.taken] == [MAX_DATAGRAM, 4]
        assert it.tally.counts == {TOO_LARGE: 1}


@pytest.mark.parametrize(
    ("allow", "heard"), [(["127.0.0.1"], True), (["10.0.0.0/8", "127.0.0.0/8"], True), (["10.0.0.1"], False)]
)
async def test_only_who_is_allowed_to_send_is_heard(allow: list[str], heard: bool) -> None:
    with listening(allow) as it:
        it.send(b"hello")
        await until(lambda: it.taken or it.tally.counts)
        assert it.taken == ([b"hello"] if heard else [])
        assert it.tally.counts == ({} if heard else {STRANGER: 1})


async def test_of_a_flood_no_more_is_read_than_can_be_followed_and_the_rest_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receiver, "PAUSE_S", 0.001)
    with listening() as it:
        for _ in range(5000):  # more than the system has room for
            it.send(b"flood")
        await asyncio.sleep(0.02)
        assert len(it.taken) <= MAX_BURST, "the clock stands still"

        def all_is_counted() -> bool:
            it.send(b"last")
            it.clock.advance(1.0)
            return it.taken[-1] == b"last" and it.tally.counts[TOO_MANY] > 0

        await until(all_is_counted)
        floods = sum(one == b"flood" for one in it.taken)
        assert floods + it.tally.counts[TOO_MANY] >= 5000


async def test_a_port_that_another_program_has_is_named_and_nothing_stays_open() -> None:
    with listening() as it, pytest.raises(IntegrationError, match=f"UDP port {it.port}: another program has it"):
        Receiver([], it.taken.append, Budget(it.clock.now), it.tally).open("127.0.0.1", it.port)


def test_a_budget_fills_with_time_and_never_above_its_size() -> None:
    clock = ManualClock()
    budget = Budget(clock.now)
    assert [budget.take() for _ in range(round(MAX_BURST) + 1)] == [True] * round(MAX_BURST) + [False]
    assert budget.spent
    clock.advance(1.5 / MAX_PER_S)
    assert budget.take()
    assert not budget.take()
    clock.advance(1e9)
    assert sum(budget.take() for _ in range(1000)) == MAX_BURST
