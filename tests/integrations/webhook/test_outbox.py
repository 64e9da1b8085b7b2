"""What waits for a receiver that is away: bounded, in order, and counted."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.integrations.webhook.outbox import MAX_AGE_S, MAX_ATTEMPTS, MAX_WAITING, Delivery, Outbox

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(["mood", "track"])),
        st.tuples(st.just("delivered"), st.none()),
        st.tuples(st.just("failed"), st.booleans()),
        st.tuples(st.just("expire"), st.floats(0, 2 * MAX_AGE_S)),
        st.tuples(st.just("withdraw"), st.none()),
    ),
    max_size=120,
)


def waiting(outbox: Outbox) -> list[Delivery]:
    return list(outbox._waiting)


@given(STEPS)
def test_whatever_happens_nothing_is_lost_uncounted_and_the_order_stays(steps: list[tuple[str, object]]) -> None:
    outbox, now, put, gone = Outbox(), 0.0, 0, 0
    for step, value in steps:
        before = waiting(outbox)
        if step == "put":
            outbox.put(Delivery(str(value), {}, born=now))
            put += 1
        elif step == "expire":
            now += float(str(value))
            outbox.expire(now)
            assert all(now - one.born <= MAX_AGE_S for one in waiting(outbox))
        elif step == "withdraw":
            outbox.withdraw({"mood"})
            gone += len(before) - len(waiting(outbox))
            assert all(one.event == "track" for one in waiting(outbox))
        elif before and step == "delivered":
            outbox.delivered(before[0])
            gone += 1
        elif before:
            outbox.failed(before[0], final=bool(value))
        there = waiting(outbox)
        assert len(there) == len(outbox) <= MAX_WAITING
        assert [one.born for one in there] == sorted(one.born for one in there)
        assert put == len(there) + gone + outbox.dropped


def test_the_oldest_makes_way_for_the_newest() -> None:
    outbox = Outbox()
    for number in range(MAX_WAITING + 3):
        outbox.put(Delivery(str(number), {}, born=0.0))
    assert [one.event for one in waiting(outbox)] == [str(number) for number in range(3, MAX_WAITING + 3)]
    assert outbox.dropped == 3


def test_one_that_fails_too_often_is_given_up_and_one_that_is_of_no_use_at_once() -> None:
    outbox = Outbox()
    often, useless = Delivery("a", {}, born=0.0), Delivery("b", {}, born=0.0)
    outbox.put(often)
    outbox.put(useless)
    for _ in range(MAX_ATTEMPTS - 1):
        outbox.failed(often, final=False)
    assert waiting(outbox) == [often, useless]
    outbox.failed(often, final=False)
    outbox.failed(useless, final=True)
    assert waiting(outbox) == []
    assert outbox.dropped == 2


def test_one_that_was_dropped_while_it_was_on_its_way_is_not_counted_twice() -> None:
    outbox = Outbox()
    first = Delivery("a", {}, born=0.0)
    outbox.put(first)
    outbox.expire(MAX_AGE_S + 1)
    outbox.failed(first, final=True)
    outbox.delivered(first)
    assert outbox.dropped == 1


def test_no_two_have_the_same_id() -> None:
    assert len({Delivery("a", {}, born=0.0).id for _ in range(100)}) == 100


async def test_who_waits_for_the_first_one_gets_it() -> None:
    outbox = Outbox()
    asking = asyncio.create_task(outbox.first())
    await asyncio.sleep(0)
    assert not asking.done()
    delivery = Delivery("a", {}, born=0.0)
    outbox.put(delivery)
    assert await asking is delivery
    assert await outbox.first() is delivery  # it stays until it has arrived
