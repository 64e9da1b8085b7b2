"""The newest-value mailbox."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.mailbox import Mailbox
from tests.waiting import HANG_S


@given(st.lists(st.one_of(st.none(), st.integers())))
def test_the_newest_value_wins_and_everything_is_counted(steps: list[int | None]) -> None:
    """None takes, a number is offered."""
    mailbox, waiting, taken = Mailbox[int](), None, 0
    for step in steps:
        if step is None:
            assert mailbox.take() == waiting
            taken += waiting is not None
            waiting = None
        else:
            mailbox.offer(step)
            waiting = step
        counted = mailbox.statistics()
        assert mailbox.waiting == counted.waiting == (waiting is not None)
        assert counted.offered == counted.taken + counted.dropped + counted.waiting
        assert counted.taken == taken


def test_nothing_is_lost_or_doubled_between_threads() -> None:
    mailbox, taken, done = Mailbox[int](), [], threading.Event()

    def take() -> None:
        while not done.is_set() or mailbox.waiting:
            if (value := mailbox.take()) is not None:
                taken.append(value)

    taker = threading.Thread(target=take)
    taker.start()
    for value in range(20_000):
        mailbox.offer(value)
    done.set()
    taker.join(HANG_S)
    counted = mailbox.statistics()
    assert taken == sorted(set(taken))
    assert taken[-1] == 19_999
    assert (counted.offered, counted.taken, counted.waiting) == (20_000, len(taken), False)
    assert counted.dropped == 20_000 - len(taken)


def test_an_offer_is_told_when_the_value_can_be_taken() -> None:
    seen: list[int | None] = []
    mailbox: Mailbox[int] = Mailbox(on_offer=lambda: seen.append(mailbox.take()))
    mailbox.offer(1)
    mailbox.offer(2)
    assert seen == [1, 2]
