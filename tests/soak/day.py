"""A day in a house, compressed: people, a schedule, hands on the controls, a house that comes and goes, misfortunes.

The device's deciding parts are the real ones (store, controller, playback, schedule, recorder of the mood, keeper of
the integrations), each in its own task as in the daemon; the room, the player and the clock on the wall are not. The
day is the one on which the clocks are set back, so that it has 25 hours by the wall.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import gc
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Final
from unittest import mock
from zoneinfo import ZoneInfo

import numpy as np

from soundit_edge import files
from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.control import Control
from soundit_edge.control.events import Event
from soundit_edge.control.patch import patch_of
from soundit_edge.daemon.integrations import IntegrationKeeper
from soundit_edge.daemon.schedule.holds import holds_at
from soundit_edge.daemon.schedule.keeper import ScheduleKeeper
from soundit_edge.daemon.watch.mood_recorder import MoodRecorder
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.errors import SounditError
from soundit_edge.integrations.integration import Connected, IntegrationError, IntegrationSettings
from soundit_edge.integrations.registry import settings_model
from soundit_edge.music.director.reason_log import KEPT
from soundit_edge.music.director.target import RANGES
from soundit_edge.perception.mood_history import MAX_MARKS, MAX_MEANS, ClockReading
from soundit_edge.settings.file import load
from tests.daemon.bench import PIECE, Bench

ZONE: Final = "Europe/Berlin"
BEGIN: Final = datetime.datetime(2026, 10, 24, 18, 0, tzinfo=ZoneInfo(ZONE))
"""A Saturday evening; in the night the clocks are set back."""
HOUR_S: Final = 3600.0
SETTLED_S: Final = 5.0
"""Seconds after which the schedule has done what it must."""
SETTINGS: Final = f"""\
[schedule]
time_zone = "{ZONE}"
quiet = [{{ from = "22:00", to = "07:00", max_volume = 0.2 }}, {{ from = "01:00", to = "05:00", max_volume = 0.0 }}]
entries = [{{ from = "18:00", to = "21:30", policy = "calm" }}, {{ from = "12:00", to = "14:00", preset = "dramatic" }}]
"""
HANDS: Final = (Actor(Kind.PAGE, Role.OPERATOR), Actor(Kind.PANEL, Role.OPERATOR), Actor(Kind.PAGE, Role.VIEWER))
ADMIN: Final = Actor(Kind.PAGE, Role.ADMIN)


class House:
    """An integration that listens to the device, asks for changes, and whose peer is away every other time."""

    name: ClassVar[str] = "house"
    title: ClassVar[str] = "House"
    Settings: ClassVar[type[IntegrationSettings]] = IntegrationSettings
    runs: ClassVar[int] = 0
    heard: ClassVar[Counter[type[Event]]] = Counter()

    def __init__(self, settings: IntegrationSettings) -> None:
        self._settings = settings

    async def run(self, device: Control, connected: Connected) -> None:
        """Count what happens for up to ten minutes, then be away."""
        House.runs += 1
        if House.runs % 2:
            raise IntegrationError("nobody is at home")
        connected()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(600.0), device.events() as events:
                async for event in events:
                    House.heard[type(event)] += 1


MODEL: Final = settings_model((House,))


@dataclass
class Seen:
    """What a day has shown.

    Attributes:
        broken: what should never have been, in words.
        done: what happened, by its name.
        blocks: Python's blocks of memory at each full hour.
        looks: how often all was looked at.
        silent: looks at which nothing was to be heard, all of them asked for.
    """

    broken: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    blocks: list[int] = field(default_factory=list)
    looks: int = 0
    silent: int = 0


class Device:
    """The deciding parts, from one switching on to the next switching off."""

    def __init__(self, day: Day) -> None:
        settings = load(day.path, MODEL)
        self.bench = Bench(day.path, settings, several=True, now=day.now)
        self.keeper = ScheduleKeeper(self.bench.controller, self.bench.store, day.wall, day.folder / "schedule.json")
        self.recorder = MoodRecorder(lambda: self.bench.playback.mood, self.bench.store, self.bench.bus, day.clocks)
        self.house = IntegrationKeeper(self.bench.store, day.now, (House,))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run it, and switch it off at the end of the block."""
        bench = self.bench
        parts = (
            bench.playback.run(),
            bench.store.run(),
            bench.controller.run(),
            self.keeper.run(),
            self.recorder.run(),
            self.house.run(bench.controller),
        )
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            yield
            for task in tasks:
                if task.done():
                    task.result()  # a part that died is the end of the day
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


class Day:
    """The day, from `BEGIN` on. To be made and run in a `VirtualLoop`."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Prepare an empty house.

        Args:
            folder: where settings and state lie; the paths of the state lead there.
            seed: of all that happens by chance.
        """
        self.folder = folder
        self.path = folder / "settings.toml"
        self.path.write_text(SETTINGS)
        self.seen = Seen()
        self.offset_s = 0.0
        """By how much the clock on the wall is wrong."""
        self._random = np.random.default_rng(seed)
        self._loop = asyncio.get_running_loop()
        self._edge_s = 0.0  # when something changed that the schedule has to follow
        self.device = Device(self)

    def now(self) -> float:
        """Return the seconds since the beginning."""
        return self._loop.time()

    def wall(self, zone: str) -> datetime.datetime:
        """Return what the clock on the wall shows."""
        return datetime.datetime.fromtimestamp(self.clocks().wall_s, ZoneInfo(zone or ZONE))

    def clocks(self) -> ClockReading:
        """Return the moment for the recorder of the mood."""
        return ClockReading(self.now(), BEGIN.timestamp() + self.now() + self.offset_s)

    async def run(self, hours: float) -> Seen:
        """Live for so long, and return what was seen."""
        others = [asyncio.create_task(way()) for way in (self._people, self._tracks, self._hands, self._house)]
        others.append(asyncio.create_task(self._misfortunes()))
        try:
            while self.now() < hours * HOUR_S:
                # The device is switched off and on again every six hours.
                until = min(hours * HOUR_S, (self.now() // (6 * HOUR_S) + 1) * 6 * HOUR_S)
                async with self.device.running():
                    await self._watch(until)
                if self.now() < hours * HOUR_S:
                    self.device, self._edge_s = Device(self), self.now()
                    self.seen.done["switched off and on"] += 1
            for other in others:
                if other.done():
                    other.result()
        finally:
            for other in others:
                other.cancel()
            await asyncio.wait(others)
        return self.seen

    async def _watch(self, until: float) -> None:
        while self.now() < until:
            await asyncio.sleep(min(60.0, until - self.now()))
            self.seen.looks += 1
            self.seen.broken += (f"{self.now():.0f} s: {what}" for what in self.broken())
            if self.now() % HOUR_S < 60.0:
                gc.collect()
                self.seen.blocks.append(sys.getallocatedblocks())

    def broken(self) -> Iterator[str]:
        """Yield what should never be, in words."""
        bench, recorder = self.device.bench, self.device.recorder
        chosen, ceiling = bench.store.current.music, self._ceiling()
        heard = bench.player.volume if bench.player.volume is not None else chosen.audible_volume
        if heard != chosen.audible_volume:
            yield f"the music plays at {heard}, and {chosen.audible_volume} was chosen"
        # At an edge of the schedule, as after a jump of the clock, it has some seconds.
        settled = self.now() - self._edge_s > SETTLED_S and ceiling == self._ceiling(SETTLED_S)
        if settled and ceiling is not None and chosen.volume > ceiling:
            yield f"the volume is {chosen.volume}, above the schedule's {ceiling}"
        if heard == 0.0:
            self.seen.silent += 1
            if not chosen.muted and (settled and ceiling != 0.0):
                yield "nobody asked for silence"
        target = bench.player.target
        for name, (low, high) in RANGES.items():
            if not low <= getattr(target, name) <= high:
                yield f"{name} is {getattr(target, name)}"
        if len(bench.playback.reasons) > KEPT:
            yield "reasons pile up"
        record = recorder.record()
        if len(record.means) > MAX_MEANS or len(record.marks) > MAX_MARKS:
            yield "the history of the mood piles up"
        try:
            load(self.path, MODEL)
        except SounditError as error:
            yield f"the settings are broken: {error}"
        if len(there := list(self.folder.iterdir())) > 8:
            yield f"files pile up: {there}"

    def _ceiling(self, ago_s: float = 0.0) -> float | None:
        moment = datetime.datetime.fromtimestamp(self.clocks().wall_s - ago_s, ZoneInfo(ZONE))
        return holds_at(self.device.bench.store.current.schedule, moment).max_volume

    async def _people(self) -> None:
        """Come and go, and sleep at night."""
        while True:
            asleep = not 7 <= self.wall(ZONE).hour < 23
            at_home = not asleep and self._random.random() < 0.7
            bench = self.device.bench
            bench.emotion = Emotion(self._random.choice([e.value for e in EMOTIONS])) if at_home else Emotion.NEUTRAL
            bench.strength = float(self._random.uniform(0.4, 1.0)) if at_home else 0.2
            self.seen.done["the room changed"] += 1
            await asyncio.sleep(self._random.exponential(1200.0 if asleep else 120.0))

    async def _tracks(self) -> None:
        """Let one piece follow the other."""
        while True:
            await asyncio.sleep(self._random.uniform(120.0, 300.0))
            self.seen.done["another piece"] += 1
            number = self.seen.done["another piece"]
            self.device.bench.player.piece = replace(PIECE, title=f"Piece {number}", bpm=60.0 + number % 100)

    async def _hands(self) -> None:
        """Change what people change, as whoever may and as one who may not."""
        random = self._random
        while True:
            await asyncio.sleep(random.exponential(240.0))
            asked: dict[str, object] = random.choice(
                np.array(
                    [
                        {"volume": float(random.uniform(0.1, 1.0))},
                        {"policy": str(random.choice(["follow", "calm", "lift"]))},
                        {"preset": str(random.choice(["musical", "dramatic"]))},
                        {"muted": bool(random.random() < 0.3)},
                        {"paused": bool(random.random() < 0.3)},
                        {"locks": {"tempo": float(random.uniform(0.8, 1.2))}},
                        {"locks": {"tempo": None}},
                        {"mood": {"emotion": "happy", "minutes": int(random.integers(1, 90))}},
                        {"mood": None},
                        {"private": bool(random.random() < 0.3)},
                        {"volume": 7.0},
                    ],
                    dtype=object,
                )
            )
            by = HANDS[int(random.integers(len(HANDS)))]
            try:
                await self.device.bench.controller.change(patch_of(asked), by)
                self.seen.done["a change"] += 1
            except SounditError:
                self.seen.done["a change refused"] += 1

    async def _house(self) -> None:
        """Switch the integration on and off."""
        on = True
        while True:
            self.device.bench.store.change({"integrations": {"house": {"enabled": on}}}, ADMIN)
            self.seen.done["the house switched"] += 1
            on = not on
            await asyncio.sleep(self._random.uniform(900.0, 4000.0))

    async def _misfortunes(self) -> None:
        """Let the clock jump there and back, and the disk be full for a while, again and again."""
        while True:
            await asyncio.sleep(self._random.uniform(3000.0, 6000.0))
            self._jump(float(self._random.choice([-7200.0, 5400.0, 86_400.0])))
            await asyncio.sleep(600.0)
            self._jump(-self.offset_s)
            with full_disk():
                self.seen.done["the disk was full"] += 1
                await asyncio.sleep(900.0)

    def _jump(self, seconds: float) -> None:
        self.offset_s += seconds
        self._edge_s = self.now()
        self.seen.done["the clock jumped"] += 1


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """Let no file be written whole within the block."""

    def refuse(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    with mock.patch.object(files, "make_durable", refuse):
        yield
