"""A teacher with a clock of the test's own, whose observer tells labels by the brightness of a picture."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest_asyncio

from soundit_edge.capture.capture import Frame
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.page.app import create_app
from soundit_edge.page.background import Report
from soundit_edge.page.routes import models
from soundit_edge.page.routes.sets import own
from soundit_edge.page.teaching.sets import OwnSets
from soundit_edge.page.teaching.teacher import Teacher
from soundit_edge.senses.own import head_file
from soundit_edge.senses.own.head_file import HeadFile
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.senses.own.learn import learn
from soundit_edge.senses.own.takes import Takes
from soundit_edge.settings import PrivacySettings
from tests.fakes.control import FakeControl
from tests.fakes.own import NumberObserver, picture, shelf_in
from tests.waiting import until

HOST = "http://localhost:8080"
LESSON = {
    "kind": "expression",
    "name": "Mine",
    "labels": [{"name": "smirk", "emotion": "disgusted"}, {"name": "beam", "emotion": "happy"}],
    "camera": "device",
    "seconds": 3.0,
}


async def learn_here(takes: Takes, report: Report) -> HeadFile:
    """Learn in a thread: for tests that are not about the process."""
    head, how_good = await asyncio.to_thread(learn, takes)
    return head_file.of_head(head, takes.info, how_good)


@dataclass
class School:
    """A teacher behind the page.

    Attributes:
        client: asks the page.
        teacher: gives the lessons.
        heads: those that the senses use.
        folder: where the sets lie.
        now: what the clock shows.
        privacy: the settings in force.
        control: the device behind the page.
    """

    client: httpx.AsyncClient
    teacher: Teacher
    heads: OwnHeads
    folder: Path
    control: FakeControl
    now: float = 0.0
    privacy: PrivacySettings = field(default_factory=PrivacySettings)

    async def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Ask for something with a body of JSON, as the page does."""
        if method == "GET":
            return await self.client.get(path)
        return await self.client.request(method, path, json={} if body is None else body)

    async def record(self, label: int, level: int | None = None) -> None:
        """Record a take of three seconds: the device's camera sees one brightness."""
        level = (60, 200)[label] if level is None else level
        before = self.teacher.status().lesson
        assert before is not None
        assert (await self.ask("POST", "/api/own/take", {"label": label})).status_code == 200
        self.now += 3.0
        for _ in range(8):
            await self.see(level)
        self.now += 3.0

        def over() -> bool:
            lesson = self.teacher.status().lesson
            assert lesson is not None
            return lesson.stage == "ready" and (bool(lesson.note) or lesson.set.takes != before.set.takes)

        await until(over)

    async def see(self, level: int) -> None:
        """Let the device's camera see a picture, and wait until it was looked at."""
        status = self.teacher.status().lesson
        assert status is not None
        self.now += 0.1
        frames = status.frames
        self.teacher.watch(Frame(self.now, picture(level)))

        def looked_at() -> bool:
            lesson = self.teacher.status().lesson
            assert lesson is not None
            return lesson.frames > frames or lesson.stage != "recording"

        await until(looked_at)


@pytest_asyncio.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    """A school in a folder of its own, which is closed afterwards."""
    folder = tmp_path
    model_set, heads = ModelSet(default_folder()), OwnHeads()
    teacher = Teacher(
        OwnSets(lambda: shelf_in(folder), heads, lambda: model_set),
        lambda: one.privacy,
        lambda: one.now,
        observer=lambda kind, models: NumberObserver(),
        learn=learn_here,
    )
    control = FakeControl()
    app = create_app(control, [*models.routes(control, teacher.sets), *own.routes(teacher)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST) as client:
        one = School(client, teacher, heads, folder, control)
        running = asyncio.create_task(teacher.run())
        yield one
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
