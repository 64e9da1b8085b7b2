"""The accelerator's part in the daemon: what the page shows, and what the scheduler grants."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest

from soundit_edge.clock import WallClock
from soundit_edge.daemon.acceleration import Acceleration, AccelerationInTurn
from soundit_edge.daemon.status import accelerator_status
from soundit_edge.inference.delegates.accelerator import AcceleratorState
from soundit_edge.inference.job import JobSpec
from soundit_edge.inference.models import ModelSet
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.settings import InferenceSettings
from tests.inference.delegates.stand_in import MODEL, build, chosen, installed, known_to_work, model_set
from tests.waiting import until

WORKERS = 2


@pytest.fixture
def models(tmp_path: Path) -> ModelSet:
    return model_set(tmp_path / "models")


def test_nothing_changes_where_there_is_none(models: ModelSet) -> None:
    none = Acceleration(InferenceSettings(accelerator="off"), models)
    assert none.models is models
    assert (none.status(), none.resources(WORKERS), none.needs([MODEL])) == ([], {}, {})
    asyncio.run(none.run(Scheduler(WallClock().now, {"cpu": WORKERS}), WORKERS))  # which ends at once


def test_one_that_was_asked_for_and_is_not_there_is_a_mark_and_a_line(
    models: ModelSet, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    missing = Acceleration(chosen(tmp_path / "none.so"), models)
    assert missing.models is models
    (shown,) = missing.status()
    assert (shown.role, shown.state) == ("accelerator", "off")
    assert shown.note.endswith("none.so: there is no such library: the CPU is used")
    assert [record.getMessage() for record in caplog.records] == [f"accelerator: {shown.note}"]


def test_the_scheduler_grants_one_call_at_a_time_while_it_is_used(models: ModelSet, tmp_path: Path) -> None:
    library = build(tmp_path)
    known_to_work(installed(library, models))
    acceleration = Acceleration(chosen(library), models)
    acceleration.models.load(MODEL)
    granted: list[tuple[str, int]] = []

    class Watched(Scheduler):
        def set_resource(self, name: str, count: int) -> None:
            super().set_resource(name, count)
            granted.append((name, count))

    resources = {"cpu": WORKERS, **acceleration.resources(WORKERS)}
    assert resources == {"cpu": WORKERS, "external": WORKERS}
    scheduler = Watched(WallClock().now, resources)

    async def live() -> None:
        task = asyncio.create_task(acceleration.run(scheduler, WORKERS))
        await until(lambda: granted)
        await until(lambda: acceleration.status()[0].state == "on")
        task.cancel()
        await asyncio.wait({task})
        await until(lambda: len(granted) == 2)

    asyncio.run(live())
    assert granted == [("external", 1), ("external", WORKERS)]


class OfOneSet:
    """The acceleration of one set; counts itself while it runs."""

    def __init__(self, name: str, running: list[str], resources: dict[str, int]) -> None:
        self._name, self._running, self._resources = name, running, resources

    def resources(self, workers: int) -> dict[str, int]:
        return self._resources

    async def run(self, scheduler: Scheduler, workers: int) -> None:
        self._running.append(self._name)
        try:
            await asyncio.Event().wait()
        finally:
            self._running.remove(self._name)


async def test_of_two_sets_one_after_the_other_uses_the_device() -> None:
    running: list[str] = []
    scheduler = Scheduler(WallClock().now, {"cpu": WORKERS})
    first, second = OfOneSet("first", running, {}), OfOneSet("second", running, {"edgetpu": WORKERS})
    in_turn = AccelerationInTurn(cast(Acceleration, first), scheduler, WORKERS)
    task = asyncio.create_task(in_turn.run())
    await until(lambda: running == ["first"])
    in_turn.use(cast(Acceleration, second))
    spec = JobSpec("face", 0.1, 1.0, 0.1, 1.0, resources={"cpu": 1, "edgetpu": 1})
    scheduler.add(spec, lambda value: None)  # which knows the new resource at once
    await until(lambda: running == ["second"])
    task.cancel()
    await asyncio.wait({task})
    assert running == []


@pytest.mark.parametrize(
    ("state", "shown"), [("trying", "stand-in"), ("used", "on"), ("lost", "lost"), ("unused", "off")]
)
def test_each_state_is_shown(state: str, shown: str) -> None:
    status = accelerator_status(AcceleratorState("libedgetpu.so.1", state, "a note"))  # type: ignore[arg-type]
    assert (status.name, status.state, status.note) == ("libedgetpu.so.1", shown, "a note")
