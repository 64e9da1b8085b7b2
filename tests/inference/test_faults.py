"""Accelerators with faults under a virtual clock: whatever they do, nobody else notices, and all recovers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.inference.durations import LATEST_S
from soundit_edge.inference.health import MAX_FAILURES, MAX_REST_S
from soundit_edge.inference.job import Job, JobSpec
from soundit_edge.inference.schedule import HUNG_S
from soundit_edge.mailbox import Mailbox
from tests.inference.accelerator import Accelerator, Fault
from tests.inference.simulator import WATCH_S, Simulator
from tests.inference.test_schedule import COSTS, FALLS_FIRST, PERIODS, Jobs, senses

ACCELERATED: Final = {"face": 0.005, "body": 0.005, "lips": 0.005}
"""The senses that need the accelerator, and seconds of a call there (appliance.md B2), without loading a model."""
END_S: Final = 30.0
"""The faults are over by then."""
AGAIN_S: Final = END_S + HUNG_S + MAX_REST_S + LATEST_S
"""And all is as it was by then."""

faults = st.lists(
    st.builds(
        lambda kind, begin, seconds: Fault(kind, begin, min(END_S, begin + seconds)),
        st.sampled_from(["hang", "slow", "wrong shape", "lost"]),
        st.floats(0, END_S),
        st.floats(0.1, 20),
    ),
    max_size=6,
)


def accelerated() -> Jobs:
    """Our senses, three of which need the accelerator."""
    return [
        (replace(spec, resources={"cpu": 1, "edgetpu": 1}) if spec.name in ACCELERATED else spec, interval)
        for spec, interval in senses()
    ]


def simulate(wrong: Sequence[Fault], until: float) -> Simulator:
    accelerator = Accelerator(ACCELERATED, wrong)

    def cost(name: str, now: float) -> float:
        return accelerator(name, now) if name in ACCELERATED else COSTS[name]

    simulator = Simulator(accelerated(), cost, accelerators=1)
    simulator.run(until)
    return simulator


def all_is_free(simulator: Simulator) -> bool:
    """Whether a job could be added that needs all there is."""
    everything = JobSpec("everything", 1.0, 1.0, 1.0, 1.0, resources=simulator.resources)
    try:
        simulator.schedule.add(Job(everything, lambda _: None, Mailbox[float](), 1.0))
    except ValueError:
        return False
    return True


@settings(max_examples=10)  # each is a simulation of half a minute
@given(faults)
def test_while_an_accelerator_is_faulty_the_others_go_on_and_all_is_counted(wrong: list[Fault]) -> None:
    simulator = simulate(wrong, END_S)
    for name, job in simulator.jobs.items():
        counted = job.mailbox.statistics()
        calls = [call for call in simulator.calls if call.job == name]
        assert counted.offered == counted.taken + counted.dropped + counted.waiting
        assert counted.taken == len(calls)
        assert all(call.began - call.value <= job.spec.stale_s + 1e-9 for call in calls), "nothing stale is read"
    gaps = simulator.gaps()
    for name in ("voice", "hue"):
        spec = simulator.jobs[name].spec
        assert max(gaps[name]) <= spec.max_period_s + spec.stale_s, "who needs no accelerator does not starve"


@settings(max_examples=10)  # each is a simulation of a minute
@given(faults)
def test_when_an_accelerator_is_well_again_all_is_as_it_was(wrong: list[Fault]) -> None:
    simulator = simulate(wrong, AGAIN_S + 20.0)
    for name, rate in simulator.rates(AGAIN_S).items():
        assert rate * PERIODS[name] > 0.95, name
    assert not any(job.hung or job.health.rest_s for job in simulator.jobs.values())
    simulator.stop_offers()
    simulator.run(AGAIN_S + 30.0)
    assert all_is_free(simulator)


@pytest.mark.parametrize("kind", ["lost", "wrong shape"])
def test_an_accelerator_that_fails_is_not_asked_all_the_time(kind: str) -> None:
    simulator = simulate([Fault(kind, 0.0, END_S)], END_S)  # type: ignore[arg-type]
    for name in ACCELERATED:
        assert simulator.jobs[name].health.failures <= MAX_FAILURES + 6, "rests of 1, 2, 4, 8 and 16 s"


def test_a_call_that_hangs_holds_the_accelerator_for_no_longer_than_it_must() -> None:
    """The hung model keeps to itself; the two others have the accelerator again after 10 s."""
    usual = COSTS | ACCELERATED

    def cost(name: str, now: float) -> float:
        return 60.0 if name == "lips" and now > 5.0 else usual[name]

    simulator = Simulator(accelerated(), cost, accelerators=1)
    simulator.run(50.0)
    for name in ("face", "body"):
        begins = [call.began for call in simulator.calls if call.job == name]
        late = [b for b in begins if b > 5.0 + HUNG_S + 2 * WATCH_S]
        assert len(late) > 0.9 * (50.0 - 5.0 - HUNG_S - 2 * WATCH_S) / PERIODS[name]
    assert simulator.jobs["lips"].hung


def test_a_slow_accelerator_slows_its_senses_in_the_stated_order() -> None:
    simulator = simulate([Fault("slow", 0.0, 60.0)], 60.0)
    shares = {name: rate * PERIODS[name] for name, rate in simulator.rates(20.0).items()}
    fallen = [name for name in FALLS_FIRST if name in ACCELERATED and shares[name] < 0.9]
    assert fallen == ["lips", "body", "face"][: len(fallen)], shares
    assert fallen[:2] == ["lips", "body"]
    assert shares["voice"] > 0.9
    assert shares["hue"] > 0.9
