"""How many attempts pass: never more than the limits say, and always some again after a while."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.page.auth.rate_limit import MAX_ADDRESSES, OVERALL, PER_ADDRESS, Limit, RateLimit
from soundit_edge.page.auth.refusals import TooManyAttempts

steps = st.lists(st.tuples(st.floats(0, 90), st.integers(0, 3)), max_size=120)


def passes(limit: RateLimit, address: str) -> bool:
    try:
        limit.take(address)
    except TooManyAttempts:
        return False
    return True


@given(steps)
def test_in_no_window_more_pass_than_its_limit(steps: list[tuple[float, int]]) -> None:
    now = 0.0
    limit = RateLimit(lambda: now)
    passed: list[tuple[float, int]] = []
    for wait, number in steps:
        now += wait
        if passes(limit, f"10.0.0.{number}"):
            passed.append((now, number))
    for at, number in passed:
        for one in PER_ADDRESS:
            within = [p for p in passed if p[1] == number and at - one.window_s < p[0] <= at]
            assert len(within) <= one.attempts
        for one in OVERALL:
            assert len([p for p in passed if at - one.window_s < p[0] <= at]) <= one.attempts


def test_the_wait_that_is_named_is_long_enough() -> None:
    now = 0.0
    limit = RateLimit(lambda: now)
    for _ in range(3 * PER_ADDRESS[1].attempts):
        try:
            limit.take("10.0.0.1")
        except TooManyAttempts as refusal:
            now += refusal.retry_s
            assert passes(limit, "10.0.0.1")


def test_what_was_right_is_not_counted() -> None:
    limit = RateLimit(lambda: 0.0)
    for _ in range(10 * OVERALL[1].attempts):
        limit.take("10.0.0.1")
        limit.forgive("10.0.0.1")


def test_many_addresses_fill_no_memory() -> None:
    limit = RateLimit(lambda: 0.0, overall=[Limit(10**9, 60.0)])
    for number in range(MAX_ADDRESSES + 100):
        limit.take(f"10.0.{number // 256}.{number % 256}")
    assert len(limit._by_address) == MAX_ADDRESSES
