from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.music.morph.quality import (
    AVERAGE_BLOCKS,
    CLIMB_BLOCKS,
    PATIENCE,
    SETTLE_BLOCKS,
    QualityControl,
    QualityLevel,
)

COST = {QualityLevel.FULL: 1.0, QualityLevel.SINGLE_BAND: 0.7, QualityLevel.NO_ROOM: 0.6, QualityLevel.RESAMPLE: 0.25}


def told(control: QualityControl, load: float, blocks: int) -> list[QualityLevel]:
    return [control.observe(load) for _ in range(blocks)]


def test_a_light_load_changes_nothing() -> None:
    assert set(told(QualityControl(), 0.3, 10_000)) == {QualityLevel.FULL}


def test_one_late_block_changes_nothing() -> None:
    control = QualityControl()
    told(control, 0.3, 500)
    control.observe(3.0)
    assert set(told(control, 0.3, 500)) == {QualityLevel.FULL}


def test_late_blocks_lead_down_rung_by_rung() -> None:
    rungs = told(QualityControl(), 1.5, 2_000)
    assert rungs[AVERAGE_BLOCKS] is QualityLevel.SINGLE_BAND
    assert rungs[-1] is QualityLevel.RESAMPLE
    assert sorted(set(rungs)) == list(QualityLevel)
    assert rungs == sorted(rungs)
    assert rungs.index(QualityLevel.NO_ROOM) - rungs.index(QualityLevel.SINGLE_BAND) >= SETTLE_BLOCKS


def test_when_there_is_time_again_it_climbs_to_the_top() -> None:
    control = QualityControl()
    told(control, 1.5, 2_000)
    rungs = told(control, 0.1, 4 * CLIMB_BLOCKS)
    assert rungs[-1] is QualityLevel.FULL
    assert rungs == sorted(rungs, reverse=True)
    assert rungs.index(QualityLevel.NO_ROOM) >= CLIMB_BLOCKS - 1


def test_a_middling_load_stays_where_it_is() -> None:
    control = QualityControl()
    told(control, 1.5, AVERAGE_BLOCKS)
    assert control.level is QualityLevel.SINGLE_BAND
    assert set(told(control, 0.6, 10_000)) == {QualityLevel.SINGLE_BAND}


def test_a_machine_that_is_just_too_slow_is_not_tried_again_and_again() -> None:
    """The rung below is easy, the one above too much: the tries become rare."""
    control = QualityControl()
    blocks = 60 * CLIMB_BLOCKS
    rungs = [control.level]
    for _ in range(blocks):
        rungs.append(control.observe(1.2 if rungs[-1] is QualityLevel.FULL else 0.4))
    falls = sum(a is QualityLevel.FULL and b is not QualityLevel.FULL for a, b in itertools.pairwise(rungs))
    assert 3 <= falls <= 2 + np.log2(PATIENCE) + 60 / PATIENCE


@given(st.lists(st.floats(0.0, 10.0), max_size=500))
def test_whatever_the_loads_one_rung_at_a_time(loads: list[float]) -> None:
    control = QualityControl()
    before = control.level
    for load in loads:
        rung = control.observe(load)
        assert abs(rung - before) <= 1
        before = rung


def test_a_machine_of_any_speed_comes_to_a_rung_that_it_can_do() -> None:
    for full in (0.5, 1.1, 1.4, 2.0, 3.5):
        control = QualityControl()
        late = 0
        for _ in range(1_000):
            late += full * COST[control.level] > 1.0
            control.observe(full * COST[control.level])
        assert full * COST[control.level] <= 1.0
        assert late < 3 * SETTLE_BLOCKS
