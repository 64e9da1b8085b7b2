"""The accelerator's part in the daemon: what the page shows, and what the scheduler grants."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from soundit_edge.clock import WallClock
from soundit_edge.daemon.acceleration import Acceleration
from soundit_edge.daemon.status import accelerator_status
from soundit_edge.inference.delegates.accelerator import AcceleratorState
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
    assert none.parts(Scheduler(WallClock().now, {"cpu": WORKERS}), WORKERS) == []


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
        (part,) = acceleration.parts(scheduler, WORKERS)
        task = asyncio.create_task(part)
        await until(lambda: granted)
        await until(lambda: acceleration.status()[0].state == "on")
        task.cancel()
        await asyncio.wait({task})
        await until(lambda: len(granted) == 2)

    asyncio.run(live())
    assert granted == [("external", 1), ("external", WORKERS)]


@pytest.mark.parametrize(
    ("state", "shown"), [("trying", "stand-in"), ("used", "on"), ("lost", "lost"), ("unused", "off")]
)
def test_each_state_is_shown(state: str, shown: str) -> None:
    status = accelerator_status(AcceleratorState("libedgetpu.so.1", state, "a note"))  # type: ignore[arg-type]
    assert (status.name, status.state, status.note) == ("libedgetpu.so.1", shown, "a note")
