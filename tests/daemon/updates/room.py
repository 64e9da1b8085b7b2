"""A device without sound and page: a store of sets, a room of senses at work, and what tries and exchanges sets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from soundit_edge.capture.capture import Frame
from soundit_edge.clock import WallClock
from soundit_edge.daemon.acceleration import AccelerationInTurn
from soundit_edge.daemon.senses import SenseSwitches
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.updates.first_set import load_first
from soundit_edge.daemon.updates.loaded_set import Load
from soundit_edge.daemon.updates.model_swap import ModelSwap
from soundit_edge.daemon.updates.trial.limits import TrialLimits
from soundit_edge.daemon.updates.trial.runner import TrialRunner
from soundit_edge.emotion import Emotion
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.perception.live import LivePerception
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.settings import Settings
from soundit_edge.update.sets.lock import locked
from soundit_edge.update.sets.store import SetStore
from tests.fakes.loaded_set import Loads
from tests.update.made_sets import MadeSet, make_set
from tests.waiting import HANG_S

WORKERS = 2


@dataclass
class Home:
    """What `at_home` has put together."""

    store: SetStore
    loads: Loads
    scheduler: Scheduler
    room: LivePerception
    swap: ModelSwap
    switches: SenseSwitches
    heads: OwnHeads
    trials: TrialRunner
    settings: SettingsStore
    teaching: bool = False
    now: Callable[[], float] = WallClock().now

    def begin(self, made: MadeSet, emotion: Emotion = Emotion.CALM) -> str:
        """Fetch a set and begin its trial, as an update does; its senses read everything as one emotion."""
        self.store.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.store.lock, wait=True):
            fetched(self.store, made)
            self.loads.emotions[self.store.folder_of(made.set_id)] = emotion
            self.store.begin_trial(made.set_id, now=1.0)
        return made.set_id

    def show(self) -> None:
        """Show a frame to the room and to the set on trial, as the daemon does."""
        frame = Frame(self.now(), np.zeros((2, 2, 3), np.uint8))
        self.room.perceive(frame)
        self.trials.watch(frame)

    @property
    def names(self) -> list[str]:
        """The names of the scheduler's jobs."""
        return sorted(self.scheduler.statistics())


def fetched(store: SetStore, made: MadeSet) -> Path:
    """Lay a set where an update lays it."""
    if not store.folder_of(made.set_id).exists():
        made.write(store.folder)
    return store.folder_of(made.set_id)


@asynccontextmanager
async def at_home(
    folder: Path, *, watch_s: float = 0.0, load: Load | None = None, senses: Any = ("face",)
) -> AsyncIterator[Home]:
    """Run the room of a device that has its shipped set alone.

    Args:
        folder: for its files.
        watch_s: seconds for which a set is watched.
        load: loads sets; None: such whose senses say one emotion.
        senses: names of those that are on.
    """
    shipped = folder / "shipped"
    if not shipped.exists():
        shipped.mkdir()
        make_set(0).write_as(shipped)
    now, loads = WallClock().now, Loads()
    store = SetStore(folder / "state" / "sets", shipped)
    settings = SettingsStore(Settings(), None)
    load = load or loads
    active, first = load_first(store, load, senses)
    scheduler = Scheduler(now, {"cpu": WORKERS})
    in_turn = AccelerationInTurn(first.acceleration, scheduler, WORKERS)
    room = LivePerception(first.senses, scheduler, now)
    switches = SenseSwitches(first.builder, room, settings)
    swap, heads = ModelSwap(store, load, active, first, room, switches, in_turn), OwnHeads()
    limits = TrialLimits(watch_s=watch_s)
    trials = TrialRunner(store, swap, room, scheduler, heads, lambda: home.teaching, limits)
    home = Home(store, loads, scheduler, room, swap, switches, heads, trials, settings, now=now)
    threads = [threading.Thread(target=scheduler.work, daemon=True) for _ in range(5)]
    for thread in threads:
        thread.start()
    try:
        yield home
    finally:
        scheduler.stop()
        for thread in threads:
            await asyncio.to_thread(thread.join, HANG_S)
