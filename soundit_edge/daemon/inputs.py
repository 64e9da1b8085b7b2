"""The device's ways in: which sources are started, and what stands in for one that is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import Capture, Frame, Sound
from soundit_edge.capture.clip import Clip
from soundit_edge.capture.drawn import Drawn
from soundit_edge.capture.microphone import Microphone
from soundit_edge.daemon.launch import AUTO, OFF, LaunchConfig
from soundit_edge.daemon.source import CaptureWorker, Role
from soundit_edge.errors import SounditError
from soundit_edge.threads import run_in_thread


class Inputs:
    """Starts the configured sources, each in a thread, and keeps them."""

    def __init__(
        self, tasks: asyncio.TaskGroup, deliver: Callable[[Frame | Sound], None], now: Callable[[], float]
    ) -> None:
        """Have no source yet.

        Args:
            tasks: where the sources' tasks run.
            deliver: takes every frame and block of sound; must not wait.
            now: the daemon's clock.
        """
        self.sources: list[CaptureWorker] = []
        self.running: list[asyncio.Task[None]] = []
        self._tasks = tasks
        self._deliver = deliver
        self._now = now

    async def start(self, config: LaunchConfig) -> None:
        """Start what is configured, and the drawn demo where an automatic camera is missing.

        Raises:
            SounditError: a source that was asked for by name is not there.
        """
        if config.clip is not None:
            await self._open("clip", Clip(config.clip, loop=True))
            return
        listening = config.microphone != OFF and await self._start_microphone(config.microphone)
        if config.camera != OFF:
            await self._start_camera(config.camera, demo_sound=not listening and config.microphone == AUTO)

    async def _start_microphone(self, name: str) -> bool:
        try:
            await self._open("microphone", Microphone(None if name == AUTO else name, self._now))
        except SounditError:
            if name != AUTO:
                raise
            self.sources[-1].give_up("no microphone found: nothing is heard")
            return False
        return True

    async def _start_camera(self, number: str, demo_sound: bool) -> None:
        try:
            await self._open("camera", Camera(0 if number == AUTO else int(number), self._now))
        except SounditError:
            if number != AUTO:
                raise
            self.sources.pop()
            note = "no camera found: showing the drawn demo"
            await self._open("demo", Drawn(sound=demo_sound), note=note)

    async def _open(self, role: Role, capture: Capture, note: str = "") -> None:
        source = CaptureWorker(role, capture, self._deliver, self._now, note=note)
        self.sources.append(source)
        self.running.append(self._tasks.create_task(run_in_thread(source.name, source.run, source.stop)))
        await asyncio.wrap_future(source.opened)
