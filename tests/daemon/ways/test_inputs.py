"""Which sources are started, and what stands in for a missing one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.audio.portaudio import NoDevice, UnknownDevice
from soundit_edge.capture import open_camera
from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import Capture, CaptureError, Frame, Sound
from soundit_edge.clock import WallClock
from soundit_edge.daemon.launch import LaunchConfig, Options, resolve
from soundit_edge.daemon.ways import inputs as inputs_module
from soundit_edge.daemon.ways.inputs import Inputs
from soundit_edge.settings import Settings
from tests.capture.media import film
from tests.fakes.camera import FakeCamera
from tests.fakes.capture import ScriptedCapture
from tests.waiting import until

USUAL = resolve(Options(), Settings())


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


class Machine:
    """A computer that has, or has not, a camera and a microphone.

    Attributes:
        asked: which camera and which microphone were opened, in order.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.webcam = FakeCamera()
        self.deaf: Exception | None = None
        self.asked: list[object] = []

        def camera(number: int, now: Callable[[], float], *, locked: bool = False) -> Capture:
            self.asked.append(number)
            return Camera(number, now, locked=locked, open_device=self.webcam.open)

        def microphone(name: str | None, now: Callable[[], float]) -> Capture:
            self.asked.append(name)
            if self.deaf is not None:
                return ScriptedCapture(self.deaf, name="default microphone")
            wait = [lambda: None] * 3
            return ScriptedCapture([Sound(0.0, np.zeros(1600, np.float32)), *wait], live=False, name="mic")

        monkeypatch.setattr(open_camera, "Camera", camera)
        monkeypatch.setattr(inputs_module, "Microphone", microphone)


@asynccontextmanager
async def started(
    wanted: LaunchConfig, seen: list[Frame | Sound] | None = None, *, private: bool = False
) -> AsyncIterator[Inputs]:
    """Inputs that run while the test looks at them."""
    items: list[Frame | Sound] = [] if seen is None else seen
    async with asyncio.TaskGroup() as tasks:
        inputs = Inputs(tasks, items.append, WallClock().now, private=private)
        following = tasks.create_task(inputs.run())
        try:
            await inputs.start(wanted)
            yield inputs
        finally:
            for task in [following, *inputs.running]:
                task.cancel()


def described(inputs: Inputs) -> list[tuple[str, str]]:
    return [(source.role, source.state) for source in inputs.sources]


async def test_camera_and_microphone_where_both_are_there(machine: Machine) -> None:
    async with started(USUAL) as inputs:
        assert described(inputs) == [("microphone", "on"), ("camera", "on")]
    assert machine.asked == [None, 0]


async def test_the_drawn_demo_stands_in_for_a_missing_camera(machine: Machine) -> None:
    machine.webcam.plugged = False
    seen: list[Frame | Sound] = []
    async with started(USUAL, seen) as inputs:
        assert described(inputs) == [("microphone", "on"), ("demo", "stand-in")]
        assert "no camera found" in inputs.sources[1].note
        await until(lambda: any(isinstance(item, Frame) for item in seen))
    sounds = [item for item in seen if isinstance(item, Sound)]
    assert len(sounds) <= 1, "the demo is silent where a real microphone listens"


async def test_without_both_the_demo_speaks_too(machine: Machine) -> None:
    machine.webcam.plugged = False
    machine.deaf = NoDevice("this machine has no microphone")
    seen: list[Frame | Sound] = []
    async with started(USUAL, seen) as inputs:
        assert described(inputs) == [("microphone", "off"), ("demo", "stand-in")]
        assert inputs.sources[0].note == "no microphone found: nothing is heard"
        await until(lambda: {type(item) for item in seen} == {Frame, Sound})


async def test_what_is_off_is_not_opened(machine: Machine) -> None:
    async with started(replace(USUAL, camera="off", microphone="off")) as inputs:
        assert inputs.sources == []
    assert machine.asked == []


async def test_a_silent_demo_where_the_microphone_is_off(machine: Machine) -> None:
    machine.webcam.plugged = False
    seen: list[Frame | Sound] = []
    async with started(replace(USUAL, microphone="off"), seen):
        await until(lambda: len(seen) >= 3)
    assert all(isinstance(item, Frame) for item in seen)


async def test_a_camera_that_was_asked_for_has_no_stand_in(machine: Machine) -> None:
    machine.webcam.plugged = False
    with pytest.raises(ExceptionGroup) as failures:
        async with started(replace(USUAL, camera="3")):
            pass
    assert failures.group_contains(CaptureError, match="camera 3 is not there")


async def test_a_microphone_that_was_asked_for_has_no_stand_in(machine: Machine) -> None:
    machine.deaf = UnknownDevice("there is no microphone called 'Trumpet'")
    with pytest.raises(ExceptionGroup) as failures:
        async with started(replace(USUAL, microphone="Trumpet")):
            pass
    assert failures.group_contains(UnknownDevice, match="Trumpet")
    assert machine.asked == ["Trumpet"]


async def test_a_clip_takes_the_place_of_both(machine: Machine, tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", seconds=0.4)
    seen: list[Frame | Sound] = []
    async with started(replace(USUAL, clip=path), seen) as inputs:
        assert described(inputs) == [("clip", "on")]
        assert inputs.sources[0].name == "film.mp4"
        await until(lambda: len(seen) >= 12)
    assert machine.asked == []
    times = [item.t for item in seen]
    assert times == sorted(times), "round after round, time goes on"


async def test_a_clip_that_is_not_there(machine: Machine, tmp_path: Path) -> None:
    with pytest.raises(ExceptionGroup) as failures:
        async with started(replace(USUAL, clip=tmp_path / "nowhere.mp4")):
            pass
    assert failures.group_contains(CaptureError, match="no such file")


async def test_what_was_missing_and_is_plugged_in_takes_the_place_of_the_drawn_demo(machine: Machine) -> None:
    machine.webcam.plugged, machine.deaf = False, NoDevice("no microphone found")
    async with started(USUAL) as inputs:
        assert described(inputs) == [("microphone", "off"), ("demo", "stand-in")]
        assert inputs.lacking
        machine.webcam.plugged, machine.deaf = True, None
        await inputs.look_again()
        assert described(inputs) == [("microphone", "on"), ("camera", "on")]
        assert not inputs.lacking
        asked = len(machine.asked)
        await inputs.look_again()
        assert len(machine.asked) == asked, "what is there is left alone"
        assert [name.split()[0] for name in inputs.progress()] == ["camera"], "the microphone's script has ended"


async def test_in_private_nothing_is_lacking_and_nothing_makes_progress(machine: Machine) -> None:
    machine.webcam.plugged, machine.deaf = False, NoDevice("no microphone found")
    async with started(USUAL, private=True) as inputs:
        assert not inputs.lacking
        await inputs.look_again()
        assert machine.asked == [None, 0]
        assert inputs.progress() == {}
