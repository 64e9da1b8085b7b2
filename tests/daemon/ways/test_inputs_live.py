"""Camera and microphone while the device runs: closed in private, opened again, and changed for others."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundit_edge.audio.portaudio import UnknownDevice
from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.ways import inputs as inputs_module
from soundit_edge.daemon.ways import source as source_module
from soundit_edge.daemon.ways.inputs import PRIVATE, Inputs
from soundit_edge.settings import PrivacySettings
from tests.capture.media import film
from tests.daemon.ways.test_inputs import USUAL, Machine, described, started
from tests.waiting import until

ADMIN = Actor(Kind.PAGE, Role.ADMIN)


class Humming:
    """A microphone that gives sound until it is closed."""

    live = True

    def __init__(self, name: str | None, *_: object, **options: object) -> None:
        self.name = name or "default microphone"
        self._open = False

    def __enter__(self) -> Humming:
        self._open = True
        return self

    def __exit__(self, *exc: object) -> None:
        self._open = False

    def items(self) -> Iterator[Sound]:
        while self._open:
            time.sleep(0.002)
            yield Sound(0.0, np.zeros(160, np.float32))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(monkeypatch)
    monkeypatch.setattr(inputs_module, "Microphone", Humming)
    return machine


def ask(inputs: Inputs, private: bool) -> None:
    inputs.follow(PrivacySettings(private=private), ADMIN)


def handles(machine: Machine) -> int:
    """How many handles on the camera are open."""
    return sum(device.isOpened() for device in machine.webcam.devices)


async def test_private_closes_both_and_nothing_comes_any_more_until_it_is_taken_back(machine: Machine) -> None:
    seen: list[Frame | Sound] = []
    async with started(USUAL, seen) as inputs:
        await until(lambda: any(isinstance(item, Frame) for item in seen))
        await until(lambda: inputs.camera_open and inputs.microphone_open)
        ask(inputs, True)
        seen.clear()
        await until(lambda: handles(machine) == 0)
        await until(lambda: not inputs.camera_open and not inputs.microphone_open)
        await until(lambda: described(inputs) == [("microphone", "off"), ("camera", "off")])
        assert inputs.running == []
        assert {source.note for source in inputs.sources} == {PRIVATE}
        assert seen == []
        ask(inputs, False)
        await until(lambda: any(isinstance(item, Frame) for item in seen))
        assert (inputs.camera_open, handles(machine)) == (True, 1)


async def test_a_start_in_private_opens_nothing(machine: Machine) -> None:
    async with started(USUAL, private=True) as inputs:
        assert machine.webcam.devices == []
        assert inputs.running == []
        assert (inputs.camera_open, inputs.microphone_open) == (False, False)
        ask(inputs, False)
        await until(lambda: inputs.camera_open)


async def test_private_asked_for_ten_times_quickly_ends_in_the_last_state(machine: Machine) -> None:
    async with started(USUAL) as inputs:
        most = 0
        for number in range(11):
            ask(inputs, number % 2 == 0)
            most = max(most, handles(machine))
            await asyncio.sleep(0.003)
        await until(lambda: described(inputs) == [("microphone", "off"), ("camera", "off")])
        assert (inputs.camera_open, inputs.microphone_open, handles(machine)) == (False, False, 0)
        assert most <= 1
        ask(inputs, False)
        await until(lambda: inputs.camera_open)
        assert handles(machine) == 1


async def test_a_film_and_the_drawn_demo_stop_too(machine: Machine, tmp_path: Path) -> None:
    machine.webcam.plugged = False
    for wanted in (replace(USUAL, clip=film(tmp_path / "film.mp4", seconds=0.4)), USUAL):
        seen: list[Frame | Sound] = []
        async with started(wanted, seen) as inputs:
            await until(lambda seen=seen: len(seen) > 3)  # type: ignore[misc]
            assert inputs.camera_open
            ask(inputs, True)
            await until(lambda inputs=inputs: {s.note for s in inputs.sources} == {PRIVATE})  # type: ignore[misc]
            assert not inputs.camera_open
            assert not inputs.microphone_open
            count = len(seen)
            await asyncio.sleep(0.05)
            assert len(seen) == count


async def test_a_driver_that_hangs_is_shown_as_open_until_it_lets_go(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soundit_edge.threads.PATIENCE_S", 0.01)
    hangs, lets_go, usual_open = threading.Event(), threading.Event(), machine.webcam.open

    def open_slow(number: int) -> Any:
        device = usual_open(number)
        usual = device.read

        def read() -> Any:
            hangs.set()
            lets_go.wait()
            return usual()

        monkeypatch.setattr(device, "read", read)
        return device

    monkeypatch.setattr(machine.webcam, "open", open_slow)
    seen: list[Frame | Sound] = []
    async with started(replace(USUAL, microphone="off"), seen) as inputs:
        await until(hangs.is_set)
        ask(inputs, True)
        await until(lambda: not inputs.running)
        assert inputs.camera_open, "the truth, not the wish"
        lets_go.set()
        await until(lambda: not inputs.camera_open)
    assert seen == []


async def test_another_camera_is_used_at_once(machine: Machine) -> None:
    async with started(USUAL) as inputs:
        await inputs.choose("camera", "2")
        assert machine.asked[-1] == 2
        assert [source.name for source in inputs.sources if source.role == "camera"] == ["camera 2"]
        assert handles(machine) == 1
        await inputs.choose("camera", "off")
        assert not inputs.camera_open
        assert inputs.microphone_open


async def test_a_camera_that_cannot_be_opened_leaves_the_one_before(machine: Machine) -> None:
    usual = machine.webcam.open

    def open_only_the_first(number: int) -> Any:
        machine.webcam.plugged = number == 0
        device = usual(number)
        machine.webcam.plugged = True
        return device

    machine.webcam.open = open_only_the_first  # type: ignore[method-assign]
    async with started(replace(USUAL, camera="0")) as inputs:
        with pytest.raises(NotNow, match="camera 7 is not there"):
            await inputs.choose("camera", "7")
        assert [source.name for source in inputs.sources if source.role == "camera"] == ["camera 0"]
        assert inputs.camera_open
        assert handles(machine) == 1


async def test_where_both_are_gone_the_one_before_is_looked_for_until_it_is_back(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chosen camera vanishes while another is chosen; the device lives on."""
    monkeypatch.setattr(source_module, "RETRY_S", 0.005)
    async with started(replace(USUAL, camera="0")) as inputs:
        machine.webcam.plugged = False
        with pytest.raises(NotNow):
            await inputs.choose("camera", "1")
        await until(lambda: ("camera", "lost") in described(inputs))
        machine.webcam.plugged = True
        await until(lambda: inputs.camera_open)


async def test_a_microphone_that_does_not_exist_leaves_the_one_before(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Humming.__enter__

    def missing(self: Humming) -> Humming:
        if self.name == "Trumpet":
            raise UnknownDevice("there is no microphone called 'Trumpet'")
        return usual(self)

    async with started(USUAL) as inputs:
        monkeypatch.setattr(Humming, "__enter__", missing)
        with pytest.raises(NotNow, match="Trumpet"):
            await inputs.choose("microphone", "Trumpet")
        assert [source.name for source in inputs.sources if source.role == "microphone"] == ["default microphone"]
        assert inputs.microphone_open


async def test_two_choices_at_once_are_made_one_after_the_other(machine: Machine) -> None:
    async with started(USUAL) as inputs:
        await asyncio.gather(*(inputs.choose("camera", str(number)) for number in (1, 2, 3)))
        assert [source.name for source in inputs.sources if source.role == "camera"] == ["camera 3"]
        assert handles(machine) == 1


async def test_a_choice_in_private_opens_nothing(machine: Machine) -> None:
    async with started(USUAL, private=True) as inputs:
        await inputs.choose("camera", "2")
        assert machine.webcam.devices == []
        ask(inputs, False)
        await until(lambda: inputs.camera_open)
        assert [source.name for source in inputs.sources if source.role == "camera"] == ["camera 2"]


async def test_a_film_is_not_replaced_by_a_camera(machine: Machine, tmp_path: Path) -> None:
    async with started(replace(USUAL, clip=film(tmp_path / "film.mp4", seconds=0.4))) as inputs:
        with pytest.raises(NotNow, match="film takes the place"):
            await inputs.choose("camera", "0")
        assert described(inputs) == [("clip", "on")]
