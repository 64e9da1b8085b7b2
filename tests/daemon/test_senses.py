"""Senses switched by the settings while the device runs, and loaded then where they were off at the start."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.patch import patch_of
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.controller import Controller, Views
from soundit_edge.daemon.senses import SenseSwitches
from soundit_edge.emotion import Emotion
from soundit_edge.inference.models import ModelSetError
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.modalities import MODALITIES
from soundit_edge.perception.live import LivePerception
from soundit_edge.senses.registry import AuditorySense, SenseBuilder
from soundit_edge.settings import SensesSettings, Settings
from tests.daemon.bench import Bench
from tests.fakes.clock import ManualClock
from tests.fakes.senses import SaysOfFrames, SaysOfSound, ensemble
from tests.waiting import until

ADMIN = Actor(Kind.PAGE, Role.ADMIN)


class FakeBuilder:
    """Builds senses that say nothing of importance; one in `broken` cannot be built."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.broken = ""

    def visual(self, name: str) -> SaysOfFrames:
        self._build(name)
        return SaysOfFrames(Emotion.CALM, name=name)

    def auditory(self, name: str) -> AuditorySense:
        self._build(name)
        return AuditorySense(SaysOfSound(Emotion.CALM, name=name), 1.0)

    def _build(self, name: str) -> None:
        if name == self.broken:
            raise ModelSetError(f"{name}: damaged; install the model set again")
        self.built.append(name)


class Senses:
    """A device of which only the hue sense runs at the start."""

    def __init__(self, path: Path) -> None:
        only_hue = SensesSettings(**(dict.fromkeys(MODALITIES, False) | {"hue": True}))
        self.bench = Bench(path, Settings(senses=only_hue))
        self.store = self.bench.store
        clock = ManualClock()
        hue = ensemble(SaysOfFrames(Emotion.CALM, name="hue"))
        self.room = LivePerception(hue, Scheduler(clock.now, {"cpu": 1}), clock.now)
        self.builder = FakeBuilder()
        self.switches = SenseSwitches(cast(SenseBuilder, self.builder), self.room, self.store)
        views = Views(clock.now, self.room.statistics, lambda: self.bench.sources, unloaded=self.switches.missing)
        self.controller = Controller(
            self.store,
            self.bench.playback,
            self.bench.tracks,
            self.bench.music,
            views,
            self.bench.bus,
            self.switches.prepare,
        )

    def states(self) -> dict[str, str]:
        return {sense.name: sense.state for sense in self.controller.status().senses}


async def test_a_sense_that_was_off_at_the_start_is_loaded_when_it_is_switched_on(tmp_path: Path) -> None:
    device = Senses(tmp_path / "settings.toml")
    assert list(device.states()) == list(MODALITIES)
    assert device.states() == dict.fromkeys(MODALITIES, "off") | {"hue": "quiet"}
    await device.controller.change(patch_of({"senses": {"face": True, "voice": True, "hue": False}}), ADMIN)
    assert device.builder.built == ["face", "voice"]
    assert device.states() == dict.fromkeys(MODALITIES, "off") | {"face": "quiet", "voice": "quiet"}
    await device.controller.change(patch_of({"senses": {"face": False}}), ADMIN)
    await device.controller.change(patch_of({"senses": {"face": True}}), ADMIN)
    assert device.builder.built == ["face", "voice"], "what was loaded once stays"
    assert device.states()["face"] == "quiet"


async def test_one_whose_model_is_broken_stays_off_and_nothing_of_the_patch_is_done(tmp_path: Path) -> None:
    device = Senses(tmp_path / "settings.toml")
    device.builder.broken = "face"
    with pytest.raises(NotNow, match="cannot be switched on: face: damaged"):
        await device.controller.change(patch_of({"senses": {"face": True}, "volume": 0.1}), ADMIN)
    assert device.states()["face"] == "off"
    assert device.store.current.senses.switched_on() == {"hue"}
    assert device.store.current.music.volume != 0.1
    [face] = [sense for sense in device.controller.status().senses if sense.name == "face"]
    assert "damaged" in face.failure
    device.builder.broken = ""
    await device.controller.change(patch_of({"senses": {"face": True}}), ADMIN)
    assert device.states()["face"] == "quiet"


async def test_whoever_changes_the_settings_past_the_patch_is_followed_too(tmp_path: Path) -> None:
    device = Senses(tmp_path / "settings.toml")
    following = asyncio.create_task(device.switches.run())
    device.builder.broken = "lips"
    device.store.change({"senses": {"face": True, "lips": True}}, ADMIN)
    await until(lambda: device.store.current.senses.switched_on() == {"hue", "face"})
    await until(lambda: device.states()["face"] == "quiet")
    assert device.states()["lips"] == "off"
    following.cancel()
