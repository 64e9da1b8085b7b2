"""A state that does not flap."""

from __future__ import annotations

from soundit_edge.daemon.watch.steady import Steady


def test_it_changes_once_the_opposite_has_been_seen_for_long_enough() -> None:
    steady = Steady(on_s=2.0, off_s=5.0)
    assert [t for t in range(4) if steady.changes(True, t)] == [2]
    assert [t for t in range(10, 20) if steady.changes(False, t)] == [15]


def test_what_flaps_changes_nothing() -> None:
    steady = Steady(on_s=2.0, off_s=2.0)
    assert not any(steady.changes(bool(t % 2), t) for t in range(100))


def test_without_patience_it_changes_at_once() -> None:
    steady = Steady(on_s=0.0, off_s=1.0)
    assert steady.changes(True, 0.0)
    assert steady.state
