"""The script of a soak, and the measure of what the device holds meanwhile."""

from __future__ import annotations

import itertools
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.soak.memory import Holding, by_minute, children_of, growth, holding, spread
from tests.soak.script import CALM_S, KINDS, script


@given(st.integers(0, 1000), st.floats(0.0, 4000.0))
def test_faults_come_one_after_the_other_and_leave_begin_and_end_calm(seed: int, seconds: float) -> None:
    faults = script(seconds, seed)
    assert faults == script(seconds, seed)
    for before, after in itertools.pairwise(faults):
        assert before.end_s < after.begin_s
    assert all(CALM_S < fault.begin_s < fault.end_s <= seconds - CALM_S for fault in faults)


def test_half_an_hour_has_every_kind_of_fault_several_times() -> None:
    kinds = [fault.kind for fault in script(1800.0, 13)]
    assert set(kinds) == set(KINDS)
    assert min(map(kinds.count, KINDS)) >= 3


def test_growth_is_the_trend_after_the_warm_up() -> None:
    rows = [Holding(t, 500.0 if t < 60 else 300.0 + t / 60, 10.0, 3, 9) for t in range(0, 660, 10)]
    assert growth(rows, 60.0) == pytest.approx(590 / 60)
    assert growth(rows[:3], 60.0) == 0.0
    assert spread([3, 1, 2]) == (1, 3)
    assert spread([]) == (0, 0)


def test_a_minute_has_the_median_of_its_looks() -> None:
    rows = [Holding(t, mb, 0.0, 1, 1) for t, mb in ((0.0, 5.0), (30.0, 7.0), (59.9, 90.0), (130.0, 4.0))]
    assert by_minute(rows) == [7.0, 4.0]
    assert by_minute([]) == []


def test_what_this_process_holds() -> None:
    row = holding(os.getpid(), 1.0)
    assert row is not None
    assert row.own_mb > 10
    assert row.threads >= 1
    assert row.files >= 3
    assert holding(2**22 + 1, 1.0) is None
    assert children_of(2**22 + 1) == []
