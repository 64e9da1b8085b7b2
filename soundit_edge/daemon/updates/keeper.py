"""Keeps the models up to date: looks for better ones, has them fetched and tried, and follows what others change.

One thing is done at a time. What fetches works in a process of its own (`update.process`), so that neither TUF nor
cryptography comes into this one.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from soundit_edge.control.refusals import NotNow
from soundit_edge.control.update_status import UpdateState, UpdateStatus
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.updates.memory import FILE
from soundit_edge.daemon.updates.one_job import JobKind, OneJob
from soundit_edge.daemon.updates.parts import AskMirrors, MakesTrials, SwapsSets, UpdateClocks
from soundit_edge.daemon.updates.record import UpdateRecord
from soundit_edge.daemon.updates.stick_watch import StickWatch
from soundit_edge.daemon.updates.store_watch import Stamp, StoreView, StoreWatch
from soundit_edge.daemon.updates.timing.look_times import LookTimes
from soundit_edge.daemon.updates.timing.unattended import Unattended
from soundit_edge.daemon.updates.work import UpdateWork
from soundit_edge.settings import UpdateSettings
from soundit_edge.update.device.request import NO_MIRROR
from soundit_edge.update.process import run_update
from soundit_edge.update.sets.store import SetStore

POLL_S: Final = 5.0
"""How often the folder of the sets and the list of what is mounted are looked at."""


class UpdateKeeper:
    """Decides what is done next. To be used in one event loop; `UpdateDoor` lets clients in."""

    def __init__(
        self,
        store: SettingsStore,
        sets: SetStore,
        trials: MakesTrials,
        swap: SwapsSets,
        memory: Path | None = None,
        clocks: UpdateClocks | None = None,
        ask: AskMirrors = run_update,
        sticks: StickWatch | None = None,
    ) -> None:
        """Take up what was known when the device was last switched off; nothing is asked yet.

        Args:
            store: has the settings.
            sets: the folder of the model sets.
            trials: makes trials.
            swap: puts sets in use.
            memory: folder of what the device remembers; None: there is no place for it.
            clocks: what is known of time.
            ask: asks the mirrors.
            sticks: knows which sticks are there.
        """
        self._store = store
        self.sets = sets
        """The folder of the model sets."""
        self._swap = swap
        self._clocks = clocks or UpdateClocks()
        self._sticks = sticks or StickWatch()
        self.record = UpdateRecord(memory and memory / FILE, self._clocks.wall)
        """What has come of updates."""
        self._work = UpdateWork(trials, swap, sets, self.record, ask)
        looked, now = self.record.memory.looked, self._clocks.monotonic()
        times = LookTimes(self._clocks.dice, now, None if looked is None else self._clocks.wall() - looked)
        self._unattended = Unattended(times, self._clocks.dice)
        self._watch = StoreWatch(sets)
        self.view = StoreView()
        """What the folder says."""
        self._looking = asyncio.Lock()
        self._tried: Stamp = None
        self._followed: tuple[str | None, str | None] | None = None
        self._asked: Literal["look", "take"] | None = None
        self._wake = asyncio.Event()
        self._job = OneJob(self._wake.set)
        store.subscribe(lambda settings: settings.update, lambda _, __: self._wake.set())

    @property
    def settings(self) -> UpdateSettings:
        """Return the settings of updates."""
        return self._store.current.update

    @property
    def busy(self) -> JobKind | None:
        """Return what is being done."""
        return "update" if self._asked else None if self._job.done else self._job.kind

    @property
    def has_mirror(self) -> bool:
        """Return whether there is anything to ask."""
        return bool(self.settings.mirrors or self._sticks.mirrors)

    def status(self) -> UpdateStatus:
        """Return how updates stand. Cheap: what is on the disk was looked at before."""
        state, share = self._state()
        memory = self.record.memory
        return UpdateStatus(
            state=state,
            share=share,
            mode=self.settings.mode,
            mirrors=self.has_mirror,
            in_use=self.view.in_use,
            offered=memory.offered,
            outcome=memory.outcome,
            failed=memory.failed,
            looked=memory.looked,
            pinned=self.view.pinned,
            back=self._swap.active.set_id is not None,
            counts=memory.counts,
        )

    def ask_for(self, what: Literal["look", "take"]) -> None:
        """Do something as soon as possible, whatever the mode and the time of day.

        Raises:
            NotNow: something is being done, or there is no mirror.
        """
        if self.busy:
            raise NotNow("An update is under way already.")
        if not self.has_mirror:
            raise NotNow(NO_MIRROR)
        self._asked = what
        self._wake.set()

    async def stop(self) -> None:
        """Break off what is asked or fetched, and wait until it has ended.

        Raises:
            NotNow: nothing is.
        """
        if self.busy != "update":
            raise NotNow("Nothing is being fetched.")
        self._asked = None
        await self._job.end()
        await self.record.stopped()

    async def go_back(self) -> None:
        """Go back to the set before, because the user wants it.

        Raises:
            NotNow: something is being done, or there is none to go back to.
            SounditError: it cannot be done.
        """
        async with self._looking:
            if self.busy:
                raise NotNow("An update is under way already.")
            if self._swap.active.set_id is None:
                raise NotNow("The shipped models are in use: there are none to go back to.")
            await self._work.roll_back("")
            await self._look_around()

    async def look_around(self) -> None:
        """Look what has changed on the disk, and which sticks are there."""
        async with self._looking:
            await self._look_around()

    async def run(self) -> None:
        """Keep the models up to date until cancelled; what is being done then is broken off, and left whole."""
        try:
            if remark := self._swap.active.remark:
                await self.record.failed(remark)
            while True:
                self._wake.clear()
                await self.step()
                # Not `wait_for`, which may swallow a cancellation that comes at the moment of a wake (until 3.12).
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await self._wake.wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Break off what is being done, and wait until it has ended."""
        await self._job.end()

    async def step(self) -> None:
        """Look what has changed, and begin what is to be done next."""
        async with self._looking:
            await self._look_around()
            if (kind := self._job.kind) is not None:
                tried = self._job.set_id
                if not self._job.done:
                    if tried in self.view.refused:  # it was revoked while it is tried
                        await self._job.end()
                        await self.record.tried(tried, kept=False, why=self.view.refused[tried])
                    return
                await self._job.end()
                await self._look_around()
                if kind == "trial":  # one that cannot even be counted is left until something has changed
                    self._tried = self.view.trial_stamp
            self._begin_next()

    async def _look_around(self) -> None:
        self.view = await asyncio.to_thread(self._watch.look, self._swap.active)
        await self._sticks.look(wanted=self.settings.sticks)
        offered = self.record.offered
        if offered is not None and (offered.id in self.view.refused or offered.id == self.view.current):
            await self.record.forget_offer()

    def _begin_next(self) -> None:
        view, active = self.view, self._swap.active.set_id
        if view.current == active:
            self._followed = None
        if (view.current, active) not in ((active, active), self._followed):
            self._followed = view.current, active  # a set that cannot be used is not tried over and over
            self._job.begin("swap", self._work.follow(view.current))
        elif active is not None and active == view.current and active in view.refused:
            self._job.begin("swap", self._work.leave(view.refused[active]))
        elif self._has_trial:
            self._job.begin("trial", self._work.make_trial(), view.trial or "")
        elif self._asked:
            asked, self._asked = self._asked, None
            self._job.begin("update", self._update(fetch=asked == "take"))
        elif self.has_mirror and self.settings.mode != "off":
            self._begin_by_itself()

    @property
    def _has_trial(self) -> bool:
        return self.view.trial is not None and self.view.trial_stamp != self._tried

    def _begin_by_itself(self) -> None:
        if new := self._sticks.take_new():  # somebody has plugged it in for this
            self._job.begin("update", self._update(fetch=self.settings.mode == "automatic", first=new))
            return
        local = self._clocks.local(self._store.current.schedule.time_zone)
        ready = self.record.offered is not None and not self.view.pinned and self.view.trial is None
        fetch = self._unattended.wants(self.settings, self._clocks.monotonic(), local, ready=ready)
        if fetch is not None:
            self._job.begin("update", self._update(fetch=fetch))

    def _update(self, *, fetch: bool, first: Sequence[str] = ()) -> Coroutine[Any, Any, None]:
        return self._work.update(self.settings, self._answered, fetch=fetch, first=first)

    def _answered(self, well: bool) -> None:
        times, now = self._unattended.times, self._clocks.monotonic()
        if well:
            times.answered(now)
        else:
            times.failed(now)

    def _state(self) -> tuple[UpdateState, float | None]:
        if (progress := self._work.progress()) is not None:
            return progress
        if self._asked:
            return "asking", None
        if self._has_trial:
            return "checking", 0.0
        return ("ready" if self.record.offered is not None else "idle"), None
