"""The channel between two processes: whole messages, and nobody waits for longer than wanted."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from soundit_edge.inference.delegates.channel import Channel, pair
from tests.waiting import HANG_S

LARGE = np.arange(1 << 20, dtype=np.uint8)
"""More than a socket holds."""


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    one, other = map(Channel, pair())
    yield one, other
    one.close()
    other.close()


def test_messages_come_whole_and_in_order(ends: tuple[Channel, Channel]) -> None:
    here, there = ends
    received: list[object] = []
    reader = threading.Thread(target=lambda: received.extend(there.receive(HANG_S) for _ in range(3)))
    reader.start()
    for message in ("load", LARGE, None):
        here.send(message, HANG_S)
    reader.join(HANG_S)
    first, second, third = received
    assert (first, third) == ("load", None)
    assert np.array_equal(np.asarray(second), LARGE)


def test_who_waits_for_a_message_that_does_not_come_goes_on(ends: tuple[Channel, Channel]) -> None:
    with pytest.raises(TimeoutError):
        ends[0].receive(0.01)


def test_who_sends_to_one_that_does_not_read_goes_on(ends: tuple[Channel, Channel]) -> None:
    with pytest.raises(TimeoutError):
        ends[0].send(LARGE, 0.01)


def test_half_a_message_is_none(ends: tuple[Channel, Channel]) -> None:
    here, there = ends
    with pytest.raises(TimeoutError):
        here.send(LARGE, 0.01)
    with pytest.raises(TimeoutError):
        there.receive(0.1)


def test_a_closed_end_is_heard_of(ends: tuple[Channel, Channel]) -> None:
    here, there = ends
    there.close()
    with pytest.raises(OSError, match="pipe"):
        here.send("load", HANG_S)
    with pytest.raises(EOFError):
        here.receive(HANG_S)
