"""The device's ways in: which sources are open, what stands in for one that is missing, and that none is in private."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

from soundit_edge.capture.capture import Capture, Frame, Sound
from soundit_edge.capture.clip import Clip
from soundit_edge.capture.drawn import Drawn
from soundit_edge.capture.microphone.microphone import Microphone
from soundit_edge.capture.open_camera import camera_called, first_camera
from soundit_edge.control.actor import Actor
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.health.progress import PartProgress
from soundit_edge.daemon.launch import AUTO, OFF, LaunchConfig
from soundit_edge.daemon.ways.source import CaptureWorker, Role
from soundit_edge.errors import SounditError
from soundit_edge.settings import PrivacySettings
from soundit_edge.settings.cameras import NO_LOGIN, CameraSettings, CamerasSettings, choose_first, is_address, origin_of
from soundit_edge.threads import run_in_thread

Kind = Literal["camera", "microphone"]

WITHHELD: Final = "its user name and password were given for another camera and are not sent to it: enter them again"
PRIVATE: Final = "closed: the device is private"
MAX_STEP_S: Final = 60.0
"""Seconds for which a source may give nothing: one that opens slowly (a camera in the network) takes half of them."""


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
        self._stale = False  # whether the cameras are open as other settings say than those in force
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
    def lacking(self) -> bool:
        """Return whether a camera or a microphone that is to be found by itself was not there."""
        demo = any(source.role == "demo" for source in self.sources)
        deaf = any(source.role == "microphone" and source.state == "off" for source in self.sources)
        return not self._shut and (demo or (deaf and self._config.microphone == AUTO))

    async def look_again(self) -> None:
        """Look for everything again, because something was plugged in: what stood in for it ends."""
        async with self._changing:
            if self.lacking:
                await self._close()
                await self._open()

    def progress(self) -> dict[str, PartProgress]:
        """Return what each source that runs has done so far, by what it is; none in private."""
        running = [way.worker for way in self._ways if not way.worker.ended]
        return {
            f"{worker.role} {n}": PartProgress(worker.steps, MAX_STEP_S) for n, worker in enumerate(running, start=1)
        }

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

    def follow_cameras(self, chosen: tuple[str, CamerasSettings], by: Actor) -> None:
        """Have the cameras as the settings say: the first one's name there, and those of each.

        The first camera stays the one that is in use; that of the settings may be another one than the command's.
        """
        named, cameras = chosen
        if origin_of(named) != origin_of(self._config.camera):  # whose login is no other camera's business
            login = self._config.cameras.first.model_dump(include=set(NO_LOGIN))
            cameras = cameras.model_copy(update={"first": cameras.first.model_copy(update=login)})
        if cameras != self._config.cameras:
            self._config, self._stale = replace(self._config, cameras=cameras), True
            self._asked.set()

    async def run(self) -> None:
        """Do what `follow` and `follow_cameras` ask for, the newest of it, until cancelled."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            async with self._changing:
                if self._private is not self._shut or self._stale:
                    await self._close()
                    await self._open()

    async def choose(self, kind: Kind, name: str) -> None:
        """Use another camera or microphone from now on; where it cannot be opened, the one before comes back.

        Args:
            kind: which of them.
            name: as in the settings; a camera's address may have a login in it.

        Raises:
            NotNow: it cannot be opened, or a film takes the place of both.
        """
        async with self._changing:
            if self._config.clip is not None:
                raise NotNow("A film takes the place of camera and microphone in this run.")
            before = self._config
            if kind == "camera":
                camera, cameras = choose_first(before.camera, before.cameras, name)
                self._config = replace(before, camera=camera, cameras=cameras, camera_given=True)
            else:
                self._config = replace(before, microphone=name)
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
        self.sources, self._shut, self._stale, config = [], self._private, False, self._config
        if config.clip is not None:
            await self._add("clip", Clip(config.clip, loop=True), must, sees=True, hears=True)
            return
        listening = config.microphone != OFF and await self._open_microphone(config.microphone, must)
        if config.camera != OFF:
            await self._open_camera(config.camera, must, demo_sound=not listening and config.microphone == AUTO)

    async def _open_microphone(self, name: str, must: Sequence[Role]) -> bool:
        microphone = Microphone(None if name == AUTO else name, self._now)
        try:
            await self._add("microphone", microphone, ("microphone",) if name == AUTO else must, hears=True)
        except SounditError:
            if name != AUTO:
                raise
            self.sources[-1].give_up("no microphone found: nothing is heard")
            return False
        return True

    async def _open_camera(self, name: str, must: Sequence[Role], *, demo_sound: bool) -> None:
        """Open the first camera, and begin to look for the others."""
        cameras, source = self._config.cameras, await _resolved(name)
        # A network camera may need longer to start than this device, once both have power again.
        must = ("camera",) if name == AUTO else () if is_address(source) and not self._config.camera_given else must
        try:
            await self._add_camera(source, cameras.first, must)
        except SounditError:
            if name != AUTO:
                raise
            self.sources.pop()
            note = "no camera found: showing the drawn demo"
            await self._add("demo", Drawn(sound=demo_sound), must, note, sees=True, hears=demo_sound)
        used = {OFF, source}
        for number, further in enumerate(cameras.further, 1):
            if (other := await _resolved(further.source)) not in used:
                used.add(other)
                await self._add_camera(other, further, (), number)

    async def _add_camera(self, source: str, settings: CameraSettings, must: Sequence[Role], number: int = 0) -> None:
        camera = camera_called(source, settings, self._now)
        note = WITHHELD if is_address(source) and settings.is_withheld_from(source) else ""
        await self._add("camera", camera, must, note, sees=True, number=number, backs_off=is_address(source))

    async def _add(
        self,
        role: Role,
        capture: Capture,
        must: Sequence[Role],
        note: str = "",
        *,
        sees: bool = False,
        hears: bool = False,
        number: int = 0,
        backs_off: bool = False,
    ) -> None:
        """Run a source; return once it is open or looked for, and at once for the second camera and the third.

        Raises:
            SounditError: it is in `must`, and cannot be opened.
        """
        worker = CaptureWorker(
            role,
            capture,
            self._deliver if number == 0 else partial(self._deliver_of, number),
            self._now,
            note=note,
            patient=role not in must,
            backs_off=backs_off,
            lit=self._lit,
        )
        self.sources.append(worker)
        if self._shut:
            worker.give_up(PRIVATE)
            return
        if number:
            worker.opened.set_result(None)
        task = self._tasks.create_task(run_in_thread(worker.name, worker.run, worker.stop))
        self._ways.append(_Way(worker, task, sees, hears))
        await asyncio.wrap_future(worker.opened)

    def _deliver_of(self, number: int, item: Frame | Sound) -> None:
        """Deliver an item of one of several cameras."""
        self._deliver(replace(item, camera=number) if isinstance(item, Frame) else item)

    def _deliver(self, item: Frame | Sound) -> None:
        if not self._private:
            self._pass_on(item)


async def _resolved(camera: str) -> str:
    """Return which camera is meant, where the choice is left to us."""
    return await asyncio.to_thread(first_camera) if camera == AUTO else camera
