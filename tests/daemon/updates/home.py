"""A device with a folder of sets, whose mirrors, clocks and sticks a test has in its hands."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable
from pathlib import Path

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.update_status import UpdateStatus
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.updates.door import UpdateDoor
from soundit_edge.daemon.updates.keeper import UpdateKeeper
from soundit_edge.daemon.updates.parts import UpdateClocks
from soundit_edge.daemon.updates.stick_watch import StickWatch
from soundit_edge.settings import Settings, UpdateSettings
from soundit_edge.update.device.sticks import FOLDER
from soundit_edge.update.messages import UpdateProgress, UpdateRequest, UpdateResult, UpdateStage
from soundit_edge.update.sets.store import SetStore
from tests.fakes.trial_runner import FakeSwap, FakeTrials
from tests.update.made_sets import MadeSet, make_set
from tests.waiting import until

ADMIN = Actor(Kind.PAGE, Role.ADMIN)
OPERATOR = Actor(Kind.PAGE, Role.OPERATOR)
MIRROR = "https://models.example/soundit"
NOTHING = UpdateResult(ended="nothing", why="The mirrors offer no model set.")
NIGHT = datetime.datetime(2026, 11, 29, 3, 0)
NOON = datetime.datetime(2026, 11, 29, 12, 0)
DAY_S = 86_400.0
SET_1, SET_2 = make_set(1, notes="It hears whispers."), make_set(2, notes="Fewer mix-ups.")


class Home:
    """The keeper, and everything around it.

    Attributes:
        requests: what the mirrors were asked.
        offer: the set that they have; None: they have none.
        fault: why they do not answer; "": they do.
        held: whether a fetch goes on until a test lets it end.
        mono, wall, local: the clocks.
        sticks: where sticks are mounted.
    """

    def __init__(self, folder: Path, mirrors: tuple[str, ...] = (MIRROR,), **settings: object) -> None:
        self.folder = folder
        shipped = folder / "shipped"
        shipped.mkdir(parents=True)
        make_set(0).write_as(shipped)
        self.sets = SetStore(folder / "sets", shipped)
        self.store = SettingsStore(
            Settings(update=UpdateSettings.model_validate({"mirrors": mirrors, **settings})), None
        )
        self.requests: list[UpdateRequest] = []
        self.offer: MadeSet | None = None
        self.fault = ""
        self.held = False
        self.mono, self.wall, self.local = 1000.0, 1_796_000_000.0, NOON
        self.sticks: tuple[Path, ...] = ()
        self.start()

    def start(self) -> None:
        """Switch the device on, or off and on."""
        self.swap = FakeSwap(self.sets)
        self.trials = FakeTrials(self.sets, self.swap)
        clocks = UpdateClocks(lambda: self.mono, lambda: self.wall, lambda zone: self.local, lambda: 0.5)
        watch = StickWatch(lambda: self.sticks)
        state = self.folder / "state"
        self.keeper = UpdateKeeper(self.store, self.sets, self.trials, self.swap, state, clocks, self.ask, watch)
        self.door = UpdateDoor(self.keeper)

    async def ask(self, request: UpdateRequest, hear: Callable[[UpdateProgress], None]) -> UpdateResult:
        """Answer as the process of an update does, with a real store."""
        self.requests.append(request)
        while self.held:
            hear(UpdateProgress(stage=UpdateStage.FETCHING, set_id="x", done=1, total=4))
            await asyncio.sleep(0)
        if self.fault:
            return UpdateResult(ended="failed", why=self.fault)
        offer = self.offer
        if offer is None or offer.set_id in (self.sets.current(), *self.sets.refused()):
            return NOTHING
        said = UpdateResult(ended="offered", set_id=offer.set_id, notes="Fewer mix-ups.", bytes=1_900_000)
        if not request.fetch:
            return said
        await asyncio.to_thread(self.put_on_trial, offer)
        return said.model_copy(update={"ended": "fetched"})

    def put_on_trial(self, made: MadeSet) -> str:
        """Do what `soundit models update` does in a process of its own: a set is here, and its trial begins."""
        if not self.sets.folder_of(made.set_id).is_dir():
            made.write(self.sets.folder)
        self.sets.begin_trial(made.set_id, self.wall)
        return made.set_id

    def use(self, made: MadeSet) -> str:
        """Have a set in use when the device is switched on."""
        set_id = self.put_on_trial(made)
        self.sets.commit(set_id)
        self.start()
        return set_id

    def plug_in(self, name: str) -> Path:
        """Mount a stick with models."""
        stick = self.folder / "media" / name
        mark = stick / FOLDER / "metadata" / "timestamp.json"
        mark.parent.mkdir(parents=True)
        mark.write_bytes(b"{}")
        self.sticks = (*self.sticks, stick)
        return stick

    def set(self, **changes: object) -> None:
        """Change settings of updates."""
        self.store.change({"update": changes}, ADMIN)

    @property
    def status(self) -> UpdateStatus:
        return self.keeper.status()

    async def steps(self, times: int = 3) -> None:
        """Let the keeper look, and let what it begins come as far as it can."""
        for _ in range(times):
            await self.keeper.step()
            await self.rest()

    async def rest(self) -> None:
        """Wait until what was begun has ended, or waits for the test."""
        await until(lambda: self.keeper.busy is None or self.trials.progress is not None or self.held)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, by all clocks, and the keeper look."""
        self.mono += seconds
        self.wall += seconds
        await self.steps()
