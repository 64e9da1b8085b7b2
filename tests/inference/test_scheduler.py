"""The scheduler, with real threads: who reads when, what is dropped, and that it ends."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from soundit_edge.clock import WallClock
from soundit_edge.errors import SounditError
from soundit_edge.inference import scheduler as scheduler_module
from soundit_edge.inference.job import Job, JobSpec
from soundit_edge.inference.schedule import HUNG_S
from soundit_edge.inference.scheduler import Scheduler
from tests.fakes.clock import ManualClock
from tests.waiting import HANG_S, wait_until


@contextmanager
def working(scheduler: Scheduler, workers: int = 2) -> Iterator[None]:
    """Workers at work. They must have ended soon after `stop`."""
    threads = [threading.Thread(target=scheduler.work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        scheduler.stop()
        for thread in threads:
            thread.join(HANG_S)
        assert not any(thread.is_alive() for thread in threads)


def spec(name: str, period_s: float = 1e-6) -> JobSpec:
    """A job of middling importance that may run whenever it likes."""
    return JobSpec(name, period_s, max_period_s=period_s, deadline_s=1.0, stale_s=HANG_S)


class Gate:
    """Work that a test lets through call by call."""

    def __init__(self) -> None:
        self.begun: queue.Queue[int] = queue.Queue()
        self.passed = threading.Semaphore(0)
        self.inside = 0
        self.most_inside = 0
        self._lock = threading.Lock()

    def __call__(self, value: int) -> None:
        with self._lock:
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        self.begun.put(value)
        assert self.passed.acquire(timeout=HANG_S)
        with self._lock:
            self.inside -= 1


def test_the_newest_value_wins_and_the_rest_is_counted() -> None:
    scheduler, gate = Scheduler(WallClock().now, {"cpu": 4}), Gate()
    job = scheduler.add(spec("eyes"), gate)
    with working(scheduler):
        job.mailbox.offer(1)
        assert gate.begun.get(timeout=HANG_S) == 1
        for value in (2, 3, 4):
            job.mailbox.offer(value)
        gate.passed.release()
        assert gate.begun.get(timeout=HANG_S) == 4
        job.mailbox.offer(5)
        counted = scheduler.statistics()["eyes"].mailbox
        assert (counted.offered, counted.taken, counted.dropped, counted.waiting) == (5, 2, 2, True)
        gate.passed.release(2)
        assert gate.begun.get(timeout=HANG_S) == 5


def test_a_job_is_never_at_work_twice() -> None:
    scheduler, gate = Scheduler(WallClock().now, {"cpu": 4}), Gate()
    job = scheduler.add(spec("eyes"), gate)
    with working(scheduler, workers=4):
        for value in range(5):
            job.mailbox.offer(value)
            assert gate.begun.get(timeout=HANG_S) == value
            job.mailbox.offer(-1)
            # Long enough for an idle worker to make the mistake.
            time.sleep(0.02)
            assert job.mailbox.take() == -1
            gate.passed.release()
            wait_until(lambda: not job.running)
    assert gate.most_inside == 1


def test_offered_is_taken_and_dropped_and_waiting_under_fire() -> None:
    scheduler = Scheduler(WallClock().now, {"cpu": 4})
    seen: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    jobs = {name: scheduler.add(spec(name), seen[name].append) for name in seen}

    def fire(name: str) -> None:
        for value in range(2000):
            jobs[name].mailbox.offer(value)

    with working(scheduler, workers=3):
        threads = [threading.Thread(target=fire, args=(name,)) for name in seen]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_until(lambda: all(values and values[-1] == 1999 for values in seen.values()))
    for name, statistics in scheduler.statistics().items():
        counted = statistics.mailbox
        assert counted.offered == 2000 == counted.taken + counted.dropped + counted.waiting
        assert counted.taken == len(seen[name])
        assert seen[name] == sorted(set(seen[name])), "in order of time, none twice"


def test_nobody_starves_behind_a_job_that_always_wants_to() -> None:
    """One worker, and work that is offered anew at once: the others come round all the same."""
    scheduler = Scheduler(WallClock().now, {"cpu": 4})
    calls = {"greedy": 0, "modest": 0}
    jobs: dict[str, Job[int]] = {}

    def work(name: str) -> Callable[[int], None]:
        def call(value: int) -> None:
            calls[name] += 1
            jobs[name].mailbox.offer(value)

        return call

    for name in calls:
        jobs[name] = scheduler.add(spec(name, 0.001), work(name))
        jobs[name].mailbox.offer(0)
    with working(scheduler, workers=1):
        wait_until(lambda: min(calls.values()) >= 20)
    assert max(calls.values()) <= 2 * min(calls.values())


def test_a_period_is_kept_and_a_stall_not_caught_up() -> None:
    clock = ManualClock()
    scheduler = Scheduler(clock.now, {"cpu": 4})
    calls: list[float] = []
    job: Job[int] = scheduler.add(spec("eyes", 0.1), lambda _: calls.append(clock.now()))

    with working(scheduler, workers=1):

        def show(moment: float) -> None:
            """The clock goes on to a moment, and a new frame comes."""
            clock.advance(moment - clock.now())
            job.mailbox.offer(0)

        def called(count: int) -> None:
            wait_until(lambda: len(calls) == count and not job.running)

        show(0.0)
        called(1)
        show(0.05)
        assert job.due == pytest.approx(0.1)
        show(0.11)
        called(2)
        assert job.due == pytest.approx(0.2), "from when it was due, so that a little lateness does not add up"
        show(5.0)
        called(3)
        assert job.due == pytest.approx(5.1), "after a stall it rests for a whole period"
    assert calls == [0.0, 0.11, 5.0]


def test_a_job_that_falls_due_is_not_left_to_a_busy_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker that waited for it was given something else; the idle one has to take over."""
    monkeypatch.setattr(scheduler_module, "IDLE_S", 1000.0)
    clock = WallClock()
    scheduler, long, read = Scheduler(clock.now, {"cpu": 4}), Gate(), threading.Event()
    soon: Job[int] = scheduler.add(spec("soon", 0.3), lambda _: read.set())
    other = scheduler.add(spec("other"), long)
    with working(scheduler):
        soon.mailbox.offer(1)
        assert read.wait(HANG_S)
        read.clear()
        # One worker waits for this to fall due, the other idles; then the next offer wakes one of them.
        soon.mailbox.offer(2)
        time.sleep(0.05)
        other.mailbox.offer(1)
        assert long.begun.get(timeout=HANG_S) == 1
        assert read.wait(HANG_S)
        long.passed.release()


def test_a_call_that_fails_is_counted_and_all_go_on(failed_calls: list[str]) -> None:
    """One bad frame ended the device."""
    scheduler, read = Scheduler(WallClock().now, {"cpu": 1}), list[int]()

    def fail_on_7(value: int) -> None:
        if value == 7:
            raise ValueError(f"cannot\nread {value}")
        read.append(value)

    job = scheduler.add(spec("eyes"), fail_on_7)
    with working(scheduler, workers=1):
        for value in (7, 8):
            job.mailbox.offer(value)
            wait_until(lambda value=value: job.mailbox.statistics().taken == value - 6 and not job.running)  # type: ignore[misc]
        found = scheduler.statistics()["eyes"]
    assert read == [8]
    assert (found.failures, found.calls, found.resting) == (1, 2, False)
    assert re.fullmatch(r"ValueError: cannot read 7 \(test_scheduler\.py:\d+\)", found.failure)
    assert len(failed_calls) == 1
    failed_calls.clear()


def test_a_job_that_always_fails_rests_and_the_others_go_on(failed_calls: list[str]) -> None:
    clock = ManualClock()
    scheduler, read = Scheduler(clock.now, {"cpu": 1}), list[int]()

    def fail(value: int) -> None:
        raise SounditError("the model is gone")

    broken, sound = scheduler.add(spec("broken", 0.05), fail), scheduler.add(spec("sound", 0.05), read.append)
    with working(scheduler, workers=1):
        for step in range(600):
            clock.advance(0.1)
            broken.mailbox.offer(step)
            sound.mailbox.offer(step)
            wait_until(lambda step=step: read[-1:] == [step] and not sound.running)  # type: ignore[misc]
        wait_until(lambda: not broken.running)
        found = scheduler.statistics()["broken"]
        assert (found.failure, found.resting) == ("the model is gone", True)
    assert 5 < found.failures < 12, "rests of 1, 2, 4, 8, 16 and 30 s within a minute"
    assert len(read) == 600
    failed_calls.clear()


def test_who_ends_the_program_is_heard() -> None:
    """Ctrl-C is no failure of a sense."""
    scheduler = Scheduler(WallClock().now, {"cpu": 1})

    def interrupt(value: int) -> None:
        raise KeyboardInterrupt

    job = scheduler.add(spec("eyes"), interrupt)
    job.mailbox.offer(1)
    with pytest.raises(KeyboardInterrupt):
        scheduler.work()
    assert not job.running


def test_calls_that_hang_do_not_take_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two senses hung in their own code held both workers for ever, and no sense read anything any more."""
    monkeypatch.setattr(scheduler_module, "WATCH_S", 0.01)
    clock, read = ManualClock(), list[int]()
    scheduler = Scheduler(clock.now, {"cpu": 2})
    # A gate for each: at one gate, who is let through first may take the other's turn as well.
    hanging = [(scheduler.add(spec(name), gate), gate) for name, gate in (("a", Gate()), ("b", Gate()))]
    sound = scheduler.add(spec("sound"), read.append)
    with working(scheduler, workers=scheduler.threads):
        for job, stuck in hanging:
            job.mailbox.offer(0)
            assert stuck.begun.get(timeout=HANG_S) == 0
        sound.mailbox.offer(1)
        clock.advance(HUNG_S + 0.1)
        wait_until(lambda: read == [1])
        for job, _ in hanging:
            job.mailbox.offer(2)
        found = scheduler.statistics()["a"]
        assert (found.hung, found.failures) == (True, 1)
        assert found.failure == "a call has not ended after 10 s"
        for value in range(2, 20):
            clock.advance(0.1)
            sound.mailbox.offer(value)
            wait_until(lambda value=value: read[-1] == value)  # type: ignore[misc]
        for _, stuck in hanging:
            stuck.passed.release()
            assert stuck.begun.get(timeout=HANG_S) == 2
            assert stuck.most_inside == 1, "a job is never at work twice"
        assert not scheduler.statistics()["a"].hung
        for job, stuck in hanging:
            stuck.passed.release()
            wait_until(lambda job=job: not job.running)  # type: ignore[misc]
        counted = scheduler.statistics()["a"].mailbox
    assert counted.offered == 2 == counted.taken


def test_idle_workers_stop_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler_module, "IDLE_S", 1000.0)
    scheduler = Scheduler(WallClock().now, {"cpu": 4})
    scheduler.add(spec("eyes"), lambda _: None)
    with working(scheduler, workers=3):
        time.sleep(0.02)


def test_work_after_stop_returns_at_once() -> None:
    scheduler = Scheduler(WallClock().now, {"cpu": 4})
    job: Job[int] = scheduler.add(spec("eyes"), lambda _: pytest.fail("it was stopped"))
    job.mailbox.offer(1)
    scheduler.stop()
    scheduler.work()


def test_costs_are_measured() -> None:
    clock = ManualClock()
    scheduler = Scheduler(clock.now, {"cpu": 4})
    job = scheduler.add(spec("eyes"), clock.advance)
    with working(scheduler, workers=1):
        for count, seconds in ((1, 0.2), (2, 0.4)):
            job.mailbox.offer(seconds)
            wait_until(lambda count=count: job.mailbox.statistics().taken == count and not job.running)  # type: ignore[misc]
    statistics = scheduler.statistics()["eyes"]
    assert statistics.busy_s == pytest.approx(0.6)
    assert statistics.calls == 2
    assert statistics.median_s == pytest.approx(0.2)
    assert statistics.p95_s == pytest.approx(0.4)


def test_a_resource_that_becomes_scarce_is_held_by_fewer_at_a_time() -> None:
    """As an accelerator is once it is used: before, the CPU stood in for it, and each worker had one."""
    scheduler, gate = Scheduler(WallClock().now, {"cpu": 2, "edgetpu": 2}), Gate()
    jobs: list[Job[int]] = [
        scheduler.add(
            JobSpec(name, 1e-6, 1e-6, deadline_s=1.0, stale_s=HANG_S, resources={"cpu": 1, "edgetpu": 1}), gate
        )
        for name in ("face", "voice")
    ]

    def both() -> None:
        for job in jobs:
            job.mailbox.offer(1)

    with working(scheduler):
        both()
        wait_until(lambda: gate.inside == 2)
        scheduler.set_resource("edgetpu", 1)  # the two that hold it go on
        for _ in range(2):
            gate.passed.release()
        wait_until(lambda: gate.inside == 0)
        gate.most_inside = 0
        for _ in range(10):
            gate.passed.release()
        for taken in range(2, 6):
            both()
            wait_until(lambda taken=taken: all(job.mailbox.statistics().taken >= taken for job in jobs))  # type: ignore[misc]
        assert gate.most_inside == 1
        scheduler.set_resource("edgetpu", 2)
        wait_until(lambda: gate.inside == 0)
        with gate._lock:
            gate.passed = threading.Semaphore(0)
        both()
        wait_until(lambda: gate.inside == 2)
        for _ in range(2):
            gate.passed.release()
