"""Which set a device takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.update.choose import OfferTerms, PublishedSet, ThisDevice, bucket, choose, why_not


def offer(release: int, **terms: Any) -> PublishedSet:
    return PublishedSet(f"{release}-0123456789ab", OfferTerms(release=release, **terms))


def device(**fields: Any) -> ThisDevice:
    known: dict[str, Any] = {
        "device_id": "this-one",
        "hardware": frozenset({"aarch64", "edgetpu"}),
        "version": "1.2.3",
        "floor": 1,
        "release": 1,
        "current": "1-0123456789ab",
    }
    return ThisDevice(**{**known, **fields})


def test_the_newest_that_fits_is_taken() -> None:
    assert choose([offer(2), offer(4, revoked=True), offer(3), offer(1)], device()) == offer(3)
    assert choose([], device()) is None


@pytest.mark.parametrize(
    ("offered", "fields", "why"),
    [
        (offer(2, revoked=True), {}, "revoked"),
        (offer(1), {}, "in use"),
        (offer(1), {"current": "1-ffffffffffff"}, "not newer"),
        (offer(2), {"floor": 3}, "not newer"),
        (offer(2), {"refused": {"2-0123456789ab"}}, "refused"),
        (offer(2, hardware=["x86_64"]), {}, "other hardware"),
        (offer(2, min_version="1.3"), {}, "needs soundit 1.3"),
        (offer(2, max_version="1.2.3"), {}, "before 1.2.3"),
        (offer(2, percent=0), {}, "turn comes later"),
        (offer(2, hardware=["edgetpu", "x86_64"]), {}, ""),
        (offer(2, min_version="1.2", max_version="1.2.4"), {}, ""),
        (offer(2), {"floor": 2}, ""),  # it was lost to a damaged disk, and may come again
        (offer(1), {"current": None, "release": 1}, "not newer"),  # the shipped set is of this release
    ],
)
def test_why_a_set_is_not_taken(offered: PublishedSet, fields: dict[str, Any], why: str) -> None:
    found = why_not(offered, device(**fields))
    assert why in found
    assert bool(found) == bool(why)


@settings(max_examples=40)
@given(st.text(max_size=30), st.integers(1, 100), st.integers(1, 100))
def test_a_device_that_has_its_turn_keeps_it(device_id: str, percent: int, more: int) -> None:
    """A roll-out that goes on takes nobody's turn away, and at 100 % all have it."""
    this = device(device_id=device_id)
    at_first = choose([offer(2, percent=percent)], this) is not None
    later = choose([offer(2, percent=min(100, percent + more))], this) is not None
    assert later >= at_first
    assert choose([offer(2, percent=100)], this) is not None


def test_a_roll_out_reaches_its_share_of_the_devices_and_others_each_time() -> None:
    names = [f"device {number}" for number in range(2000)]
    first = {name for name in names if bucket(name, "2-0123456789ab") < 25}
    second = {name for name in names if bucket(name, "3-0123456789ab") < 25}
    assert 400 < len(first) < 600
    assert 60 < len(first & second) < 190  # independent of each other: nobody is always the first


@pytest.mark.parametrize("older", ["1.2.2", "1.2", "1", "0.9.9", "1.2.3rc1.0"])
def test_versions_are_compared_by_their_numbers(older: str) -> None:
    assert why_not(offer(2, min_version="1.2.3.2"), device(version=older))
    assert not why_not(offer(2, min_version="1.2.3"), device(version="1.10"))
