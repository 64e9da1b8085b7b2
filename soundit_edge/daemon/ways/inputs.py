"""The device's ways in: which sources are open, what stands in for one that is missing, and that none is in private."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Final, Literal

from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import Capture, Frame, Sound
from soundit_edge.capture.clip import Clip
from soundit_edge.capture.drawn import Drawn
from soundit_edge.capture.microphone import Microphone
from soundit_edge.control.actor import Actor
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.launch import AUTO, OFF, LaunchConfig
from soundit_edge.daemon.ways.source import CaptureWorker, Role
from soundit_edge.errors import SounditError
from soundit_edge.settings import PrivacySettings
from soundit_edge.threads import run_in_thread

Kind = Literal["camera", "microphone"]

PRIVATE: Final = "closed: the device is private"


@dataclass(frozen=True, slots=True)
class _Way:
    """One source that runs, and whether it gives frames and sound."""

    worker: CaptureWorker
    task: asyncio.Task[None]
    sees: bool
    hears: bool


class Inputs:
    """Keeps the chosen sources open, each in a thread, and closes them while the device is private."""

    def __init__(
        self,
        tasks: asyncio.TaskGroup,
        deliver: Callable[[Frame | Sound], None],
        now: Callable[[], float],
        *,
        private: bool = False,
        lit: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Have no source yet.

        Args:
            tasks: where the sources' tasks run.
            deliver: takes every frame and block of sound; must not wait.
            now: the daemon's clock.
            private: whether the device is private at the start.
            lit: entered before any source is opened and left once it is closed, in the source's thread.
        """
        self.sources: list[CaptureWorker] = []
        """What is open, or would be if the device were not private."""
        self._tasks = tasks
        self._pass_on = deliver
        self._now = now
        self._private = private
        self._lit = lit
        self._ways: list[_Way] = []
        self._leaving: list[_Way] = []
        """Stopped, but not ended yet: a driver that hangs keeps its device open."""
        self._config: LaunchConfig
        self._shut = private  # whether nothing is open because the device was private when it was last looked at
        self._searched = False
        self._asked = asyncio.Event()
        self._changing = asyncio.Lock()

    @property
    def chosen(self) -> Mapping[Kind, str]:
        """Return which camera and which microphone are used, as the settings name them."""
        return {"camera": self._config.camera, "microphone": self._config.microphone}

    @property
    def running(self) -> list[asyncio.Task[None]]:
        """Return the tasks of the sources."""
        return [way.task for way in self._ways]

    @property
    def camera_open(self) -> bool:
        """Return whether anything that gives frames is open."""
        return any(way.sees and way.worker.is_open for way in (*self._ways, *self._leaving))

    @property
    def microphone_open(self) -> bool:
        """Return whether anything that gives sound is open."""
        return any(way.hears and way.worker.is_open for way in (*self._ways, *self._leaving))

    async def start(self, config: LaunchConfig) -> None:
        """Open what is configured, and the drawn demo where an automatic camera is missing; in private, nothing.

        Raises:
            SounditError: a source that was asked for by name is not there.
        """
        async with self._changing:
            self._config = config
            await self._open(must=("camera", "microphone", "clip"))

    def follow(self, privacy: PrivacySettings, by: Actor) -> None:
        """Close the sources, or open them again; from now on nothing of them is delivered in private."""
        self._private = privacy.private
        self._asked.set()

    async def run(self) -> None:
        """Do what `follow` asks for, the newest of it, until cancelled."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            async with self._changing:
                if self._private is not self._shut:
                    await self._close()
                    await self._open()

    async def choose(self, kind: Kind, name: str) -> None:
        """Use another camera or microphone from now on; where it cannot be opened, the one before comes back.

        Args:
            kind: which of them.
            name: as in the settings.

        Raises:
            NotNow: it cannot be opened, or a film takes the place of both.
        """
        async with self._changing:
            if self._config.clip is not None:
                raise NotNow("A film takes the place of camera and microphone in this run.")
            before = self._config
            self._config = replace(before, camera=name) if kind == "camera" else replace(before, microphone=name)
            await self._close()
            try:
                await self._open(must=(kind,))
            except SounditError as error:
                self._config = before
                await self._close()
                await self._open()
                raise NotNow(str(error)) from error

    async def _close(self) -> None:
        closing, self._ways = self._ways, []
        self._leaving += closing
        for way in closing:
            way.task.cancel()
        if closing:
            await asyncio.wait([way.task for way in closing])
        self._leaving = [way for way in self._leaving if not way.worker.ended]

    async def _open(self, must: Sequence[Role] = ()) -> None:
        """Open what is configured; of what is in `must`, a failure is raised, and anything else is looked for."""
        self.sources, self._shut, config = [], self._private, self._config
        if config.clip is not None:
            await self._add("clip", Clip(config.clip, loop=True), must, sees=True, hears=True)
            return
        listening = config.microphone != OFF and await self._open_microphone(config.microphone, must)
        if config.camera != OFF:
            await self._open_camera(config.camera, must, demo_sound=not listening and config.microphone == AUTO)
        self._searched = True

    async def _open_microphone(self, name: str, must: Sequence[Role]) -> bool:
        microphone = Microphone(None if name == AUTO else name, self._now, search_again=self._searched)
        try:
            await self._add("microphone", microphone, ("microphone",) if name == AUTO else must, hears=True)
        except SounditError:
            if name != AUTO:
                raise
            self.sources[-1].give_up("no microphone found: nothing is heard")
            return False
        return True

    async def _open_camera(self, number: str, must: Sequence[Role], *, demo_sound: bool) -> None:
        camera = Camera(0 if number == AUTO else int(number), self._now)
        try:
            await self._add("camera", camera, ("camera",) if number == AUTO else must, sees=True)
        except SounditError:
            if number != AUTO:
                raise
            self.sources.pop()
            note = "no camera found: showing the drawn demo"
            await self._add("demo", Drawn(sound=demo_sound), must, note, sees=True, hears=demo_sound)

    async def _add(
        self,
        role: Role,
        capture: Capture,
        must: Sequence[Role],
        note: str = "",
        *,
        sees: bool = False,
        hears: bool = False,
    ) -> None:
        worker = CaptureWorker(
            role, capture, self._deliver, self._now, note=note, patient=role not in must, lit=self._lit
        )
        self.sources.append(worker)
        if self._shut:
            worker.give_up(PRIVATE)
            return
        task = self._tasks.create_task(run_in_thread(worker.name, worker.run, worker.stop))
        self._ways.append(_Way(worker, task, sees, hears))
        await asyncio.wrap_future(worker.opened)

    def _deliver(self, item: Frame | Sound) -> None:
        if not self._private:
            self._pass_on(item)
