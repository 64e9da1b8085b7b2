"""Which part is stuck, by counts and a clock of the tests' own."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.daemon.health.progress import MAX_GAP_S, PartProgress, ProgressWatch

LIMIT_S = 10.0


def looked(counts: Sequence[int | None], step_s: float = 1.0) -> list[bool]:
    """Whether a part with these counts is stuck, look by look."""
    watch = ProgressWatch()
    return [
        bool(watch.look({"audio": None if count is None else PartProgress(count, LIMIT_S)}, step_s * i))
        for i, count in enumerate(counts)
    ]


def test_a_count_that_stands_still_for_too_long_is_stuck_until_it_goes_on() -> None:
    stuck = looked([1] * 12 + [2, 2])
    assert stuck == [False] * 11 + [True] + [False] * 2


def test_a_part_is_named_with_its_seconds() -> None:
    watch = ProgressWatch()
    parts = {"camera 1": PartProgress(3, 2.0), "audio": PartProgress(0, 20.0)}
    for t in range(4):
        stuck = watch.look(parts, float(t))
    assert [str(part) for part in stuck] == ["camera 1 has made no progress for 3 s"]


def test_a_part_without_work_is_never_stuck_and_begins_anew_with_its_next() -> None:
    assert not any(looked([1] * 8 + [None] * 50 + [1] * 10))


def test_a_part_that_was_restarted_counts_from_zero_and_makes_progress_by_that() -> None:
    assert not any(looked([9] * 9 + [0] * 9))


def test_a_computer_that_slept_for_an_hour_has_no_stuck_part() -> None:
    watch = ProgressWatch()
    parts = {"audio": PartProgress(1, LIMIT_S)}
    assert not watch.look(parts, 0.0)
    assert not watch.look(parts, 4.0)
    assert not watch.look(parts, 3600.0)
    assert not watch.look(parts, 3605.0)
    assert watch.look(parts, 3607.0)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.floats(0.1, MAX_GAP_S)), min_size=1, max_size=60),
)
def test_it_is_stuck_where_and_only_where_it_did_nothing_for_longer_than_it_may(steps: list[tuple[int, float]]) -> None:
    watch, now, count, changed = ProgressWatch(), 0.0, 0, 0.0
    watch.look({"page": PartProgress(count, LIMIT_S)}, now)
    for more, seconds in steps:
        now, count = now + seconds, count + more
        changed = now if more else changed
        stuck = watch.look({"page": PartProgress(count, LIMIT_S)}, now)
        assert bool(stuck) == (now - changed > LIMIT_S)
