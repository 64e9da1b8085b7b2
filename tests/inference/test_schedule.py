"""Who is called when: properties under a virtual clock, for any jobs, and for our senses on slow boxes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.inference.admission import MAX_STRETCH, Load, admit
from soundit_edge.inference.durations import LATEST_S
from soundit_edge.inference.job import Job, JobSpec
from soundit_edge.inference.schedule import Schedule
from soundit_edge.mailbox import Mailbox
from soundit_edge.modalities import MODALITIES
from tests.inference.simulator import Simulator

COSTS: Final = {"face": 0.02, "body": 0.02, "lips": 0.01, "voice": 0.012, "hue": 0.002}
"""Seconds of a call on a laptop, roughly."""
PERIODS: Final = {"face": 0.1, "body": 0.1, "lips": 0.04, "voice": 0.5, "hue": 0.5}
FALLS_FIRST: Final = ("lips", "body", "voice", "face", "hue")


Jobs = list[tuple[JobSpec, float]]


@st.composite
def jobs(draw: st.DrawFn) -> Jobs:
    """Any jobs, and seconds from one input of each to the next."""
    specs = []
    for i in range(draw(st.integers(1, 5))):
        period = draw(st.floats(0.03, 0.5))
        longest = period * draw(st.floats(1, 8))
        spec = JobSpec(
            name=f"job {i}",
            period_s=period,
            max_period_s=longest,
            deadline_s=draw(st.floats(0.05, 1)),
            stale_s=draw(st.floats(0.2, 2)),
            priority=draw(st.integers(0, 3)),
            resources={"cpu": draw(st.integers(1, 2))},
        )
        specs.append((spec, draw(st.floats(0.03, 0.3))))
    return specs


costs = st.lists(st.floats(0.001, 0.3), min_size=5, max_size=5)


def simulate(specs: Jobs, seconds: list[float], until: float = 8.0) -> Simulator:
    """Every call of the i-th job takes the i-th number of seconds."""
    simulator = Simulator(specs, lambda name, _: seconds[int(name[-1])])
    simulator.run(until)
    return simulator


@settings(max_examples=30)  # each is a simulation of seconds
@given(jobs(), costs)
def test_what_is_offered_is_taken_or_dropped_or_waits(specs: Jobs, seconds: list[float]) -> None:
    simulator = simulate(specs, seconds, until=4.0)
    for name, job in simulator.jobs.items():
        counted = job.mailbox.statistics()
        assert counted.offered == counted.taken + counted.dropped + counted.waiting
        assert counted.taken == sum(call.job == name for call in simulator.calls)


@settings(max_examples=30)  # each is a simulation of seconds
@given(jobs(), costs)
def test_nobody_starves(specs: Jobs, seconds: list[float]) -> None:
    """However heavy the load: a job comes round when it has waited for its slowest rate, and for those before it."""
    simulator = simulate(specs, seconds)
    round_s = sum(seconds[: len(specs)]) + max(seconds)
    heavy = sum(seconds[i] / spec.max_period_s for i, (spec, _) in enumerate(specs)) > 0.9
    for (spec, interval), gaps in zip(specs, simulator.gaps().values(), strict=True):
        patience = (MAX_STRETCH + 1) * spec.max_period_s + interval + spec.stale_s
        assert max(gaps) <= patience + (3 if heavy else 2) * round_s


@settings(max_examples=30)  # each is a simulation of seconds
@given(jobs(), costs)
def test_the_age_of_a_reading_that_reaches_the_fusion_is_bounded(specs: Jobs, seconds: list[float]) -> None:
    """By what input may wait, and by what its own call takes, whatever the others do."""
    stale = {spec.name: spec.stale_s for spec, _ in specs}
    for call in simulate(specs, seconds, until=4.0).calls:
        assert call.began - call.value <= stale[call.job] + 1e-9
        assert call.ended - call.value <= stale[call.job] + seconds[int(call.job[-1])] + 1e-9


@settings(max_examples=30)  # each is a simulation of seconds
@given(jobs(), costs)
def test_a_job_is_called_no_more_often_than_its_period_allows(specs: Jobs, seconds: list[float]) -> None:
    simulator = simulate(specs, seconds, until=4.0)
    for spec, _ in specs:
        assert sum(call.job == spec.name for call in simulator.calls) <= 4.0 / spec.period_s + 2


loads = st.lists(
    st.builds(
        lambda priority, cost, period, stretch: Load(priority, cost, period, period * stretch),
        st.integers(0, 9),
        st.floats(0, 2),
        st.floats(0.01, 1),
        st.floats(1, 10),
    ),
    max_size=6,
    unique_by=lambda load: load.priority,
)


@given(loads, st.floats(0.05, 4))
def test_the_rates_fit_the_capacity_and_fall_in_order(asked: list[Load], capacity: float) -> None:
    periods = admit(asked, capacity)
    for load, period in zip(asked, periods, strict=True):
        assert load.period_s * (1 - 1e-9) <= period <= MAX_STRETCH * load.max_period_s * (1 + 1e-9)
    used = sum(load.cost / period for load, period in zip(asked, periods, strict=True))
    least = sum(load.cost / (MAX_STRETCH * load.max_period_s) for load in asked)
    assert used <= max(capacity, least) * (1 + 1e-9) + 1e-9
    for load, period in zip(asked, periods, strict=True):
        if period > load.period_s * (1 + 1e-6):
            below = [
                (a, p) for a, p in zip(asked, periods, strict=True) if a.priority < load.priority and a.cost > 1e-6
            ]
            assert all(p >= a.max_period_s * (1 - 1e-6) for a, p in below), "the others have nothing more to give"


@given(loads, st.floats(0.05, 4), st.floats(1, 3))
def test_more_capacity_never_slows_a_job(asked: list[Load], capacity: float, more: float) -> None:
    for slow, fast in zip(admit(asked, capacity), admit(asked, capacity * more), strict=True):
        assert fast <= slow * (1 + 1e-9)


def senses() -> Jobs:
    """Our senses as the device adds them, at 25 frames a second."""
    return [
        (
            JobSpec(name, PERIODS[name], row.max_period_s, max(PERIODS[name], 0.1), row.max_period_s, row.priority),
            0.5 if name == "voice" else 0.04,
        )
        for name, row in MODALITIES.items()
    ]


def settled(slowness: Callable[[float], float], until: float, since: float) -> dict[str, float]:
    """Return the share of each sense's nominal rate that it has since a moment."""
    simulator = Simulator(senses(), lambda name, t: COSTS[name] * slowness(t))
    simulator.run(until)
    return {name: rate * PERIODS[name] for name, rate in simulator.rates(since).items()}


def test_a_fast_box_reads_everything_at_its_full_rate() -> None:
    assert all(share > 0.95 for share in settled(lambda _: 1.0, 30.0, 10.0).values())


@pytest.mark.parametrize("slowness", [3, 5, 8, 12, 20])
def test_on_a_slow_box_rates_fall_in_the_stated_order(slowness: float) -> None:
    shares = settled(lambda _: slowness, 60.0, 20.0)
    fallen = [name for name in FALLS_FIRST if shares[name] < 0.9]
    assert fallen == list(FALLS_FIRST[: len(fallen)]), shares
    for name, row in MODALITIES.items():
        assert shares[name] > 0.8 * PERIODS[name] / row.max_period_s, "nobody falls below the slowest rate"


def test_rates_rise_again_when_the_load_is_gone() -> None:
    for begin, end in ((10.0, 40.0), (10.0, 11.0)):
        shares = settled(lambda t, b=begin, e=end: 15.0 if b <= t < e else 1.0, 90.0, 50.0 + LATEST_S)  # type: ignore[misc]
        assert all(share > 0.95 for share in shares.values()), shares


def test_one_call_that_hangs_for_long_holds_up_nobody_but_itself() -> None:
    hung: list[float] = []

    def cost(name: str, t: float) -> float:
        if name == "lips" and t > 10.0 and not hung:
            hung.append(t)
            return 30.0
        return COSTS[name]

    simulator = Simulator(senses(), cost)
    simulator.run(35.0)
    during = [call for call in simulator.calls if 11.0 <= call.began < 35.0]
    for name in ("face", "body", "voice", "hue"):
        assert sum(call.job == name for call in during) > 0.5 * 24.0 / PERIODS[name]


def test_a_first_call_that_is_slow_does_not_count_for_long() -> None:
    seen: set[str] = set()

    def cost(name: str, t: float) -> float:
        first = name not in seen
        seen.add(name)
        return 2.0 if first else COSTS[name]

    simulator = Simulator(senses(), cost)
    simulator.run(60.0)
    assert all(rate * PERIODS[name] > 0.95 for name, rate in simulator.rates(30.0).items())


def test_a_job_that_needs_two_of_a_resource_comes_round_among_those_that_need_one() -> None:
    wide = JobSpec("wide", 0.2, 1.0, 0.2, 1.0, priority=0, resources={"cpu": 2})
    narrow = [(JobSpec(f"narrow {i}", 0.05, 0.1, 0.1, 1.0, priority=9), 0.02) for i in range(4)]
    simulator = Simulator([(wide, 0.02), *narrow], lambda name, _: 0.05)
    simulator.run(20.0)
    assert max(simulator.gaps()["wide"]) < MAX_STRETCH * wide.max_period_s + 2.0


def test_among_equals_the_earliest_deadline_is_first() -> None:
    schedule = Schedule({"cpu": 1}, 1.0)
    late, soon = (
        Job(JobSpec(name, 0.1, 1.0, deadline, 1.0), lambda _: None, Mailbox[int](), 0.1)
        for name, deadline in (("late", 0.5), ("soon", 0.2))
    )
    for job in (late, soon):
        schedule.add(job)
        job.mailbox.offer(1)
        job.note_offer(0.0)
    claimed = schedule.claim(0.0)
    assert claimed is not None
    assert claimed[0] is soon
    assert schedule.claim(0.0) is None, "there is one worker"
    schedule.release(soon, 0.0, 0.3)
    assert soon.statistics(0.3).missed_deadlines == 1
    assert schedule.next_due(0.3) == math.inf


def test_a_job_that_could_never_run_is_refused() -> None:
    job = Job(JobSpec("wide", 0.1, 1.0, 0.5, 1.0, resources={"tpu": 1}), lambda _: None, Mailbox[int](), 0.1)
    with pytest.raises(ValueError, match="wide needs 1 tpu, and there are 0"):
        Schedule({"cpu": 1}, 1.0).add(job)


def test_a_hot_box_does_less() -> None:
    simulator = Simulator(senses(), lambda name, _: COSTS[name])
    simulator.run(20.0)
    simulator.schedule.set_capacity(0.3)
    simulator.run(40.0)
    hot = simulator.rates(25.0)
    assert sum(COSTS[name] * rate for name, rate in hot.items()) < 0.35
    assert hot["hue"] * PERIODS["hue"] > 0.9


def test_a_paused_job_is_not_called_and_leaves_its_share_of_the_time_to_the_others() -> None:
    schedule = Schedule({"cpu": 1}, 1.0)
    first, second = (
        Job(JobSpec(name, 0.1, 1.0, 0.5, 1.0), lambda _: None, Mailbox[int](), 0.1) for name in ("first", "second")
    )
    now = 0.0
    for job in (first, second):
        schedule.add(job)
    for job in (first, second):
        job.mailbox.offer(1)
        job.note_offer(now)
        claimed = schedule.claim(now)
        assert claimed is not None
        schedule.release(claimed[0], now, now + 0.09)
        now += 0.09
    assert second.period_s > 0.15, "both together are too much"
    schedule.pause(first, True)
    assert second.period_s == pytest.approx(0.1)
    first.mailbox.offer(2)
    first.note_offer(now)
    assert schedule.claim(now + 0.5) is None
    assert schedule.next_due(now) == math.inf
    schedule.pause(first, False)
    assert not first.mailbox.waiting, "what came meanwhile is not read"
    first.mailbox.offer(3)
    first.note_offer(now + 0.5)
    assert schedule.claim(now + 0.5) == (first, 3)


def job_of(name: str) -> Job[float]:
    spec = JobSpec(name=name, period_s=0.1, max_period_s=1.0, deadline_s=0.1, stale_s=9.0)
    return Job(spec, lambda value: None, Mailbox[float](), spec.period_s)


def test_a_job_that_is_removed_in_a_call_gives_back_what_it_holds() -> None:
    schedule, leaving, staying = Schedule({"cpu": 1}, 1.0), job_of("leaving"), job_of("staying")
    for job in (leaving, staying):
        schedule.add(job)
        job.mailbox.offer(0.0)
        job.note_offer(0.0)
    assert schedule.claim(0.0) == (leaving, 0.0)
    schedule.remove(leaving)
    assert schedule.jobs == [staying]
    assert schedule.claim(0.1) is None, "its call goes on"
    schedule.release(leaving, 0.0, 0.2)
    assert schedule.claim(0.2) == (staying, 0.0)


def test_a_job_that_is_removed_in_a_call_that_hangs_takes_nothing_with_it() -> None:
    schedule, leaving, staying = Schedule({"cpu": 1}, 1.0), job_of("leaving"), job_of("staying")
    for job in (leaving, staying):
        schedule.add(job)
        job.mailbox.offer(0.0)
        job.note_offer(0.0)
    assert schedule.claim(0.0) == (leaving, 0.0)
    schedule.remove(leaving)
    staying.mailbox.offer(11.0)
    staying.note_offer(11.0)
    assert schedule.reclaim(11.0) == 1
    assert schedule.claim(11.0) == (staying, 11.0)
    assert not schedule.release(leaving, 0.0, 12.0), "another thread has its seat"
    schedule.release(staying, 11.0, 12.0)
    staying.mailbox.offer(13.0)
    staying.note_offer(13.0)
    assert schedule.claim(13.0) == (staying, 13.0), "nothing was given back twice"
