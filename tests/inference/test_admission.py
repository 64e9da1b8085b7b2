"""How much the senses may do on a small box: a worker for each processor, and who gives way when time is short."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from soundit_edge.inference.admission import MAX_STRETCH, Load, admit, worker_count
from soundit_edge.modalities import MODALITIES
from tests.inference.simulator import Simulator
from tests.inference.test_schedule import COSTS, FALLS_FIRST, senses


@pytest.fixture
def one_processor() -> Iterator[None]:
    """Let this process use one processor."""
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(usual)})
    yield
    os.sched_setaffinity(0, usual)


@pytest.mark.usefixtures("one_processor")
def test_on_one_processor_calls_do_not_delay_each_other() -> None:
    """Two calls at a time on one core took twice as long each, and every reading was older."""
    assert worker_count() == 1


def test_there_are_no_more_workers_than_the_senses_need() -> None:
    assert worker_count() == min(2, len(os.sched_getaffinity(0)))


def test_where_not_even_the_slowest_rates_fit_the_face_keeps_its_own() -> None:
    """All senses were late alike, and faces were read every other second."""
    slowness = 30
    simulator = Simulator(senses(), lambda name, _: COSTS[name] * slowness, workers=1)
    simulator.run(200.0)
    rates = simulator.rates(50.0)
    assert rates["face"] > 0.9 / MODALITIES["face"].max_period_s
    assert rates["hue"] > 0.9 / MODALITIES["hue"].max_period_s
    for name, row in MODALITIES.items():
        assert rates[name] > 0.9 / (row.max_period_s * MAX_STRETCH), "nobody starves"


def test_the_slowest_rates_fall_in_the_stated_order() -> None:
    loads = [Load(row.priority, 1.0, 0.1, row.max_period_s) for row in MODALITIES.values()]
    names = list(MODALITIES)
    for hundredths in range(10, 400):
        periods = dict(zip(names, admit(loads, hundredths / 100), strict=True))
        below = [name for name in FALLS_FIRST if periods[name] > MODALITIES[name].max_period_s * (1 + 1e-9)]
        assert below == list(FALLS_FIRST[: len(below)]), periods
