"""The device's ways in and out as people choose and test them; see `DeviceControl`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from soundit_edge import settings
from soundit_edge.audio import portaudio
from soundit_edge.audio.open_speaker import check_scheme, writes_file
from soundit_edge.capture.connected import connected_cameras
from soundit_edge.capture.picamera import found_csi_cameras
from soundit_edge.control.actor import Actor
from soundit_edge.control.devices import DeviceChoice, DeviceKind, DevicesStatus, FoundDevice
from soundit_edge.control.privacy import refuse_in_private, refuse_in_public
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.control.sight import FigureStatus, HearingStatus, SightStatus
from soundit_edge.daemon.launch import AUTO, OFF
from soundit_edge.daemon.output import Output
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.ways.child import call_in_child
from soundit_edge.daemon.ways.inputs import Inputs
from soundit_edge.errors import SounditError
from soundit_edge.perception.sound_level import SoundLevel
from soundit_edge.senses.sight import Sighting
from soundit_edge.settings import DeviceSettings, PrivacySettings
from soundit_edge.settings.cameras import CSI, choose_first

SEEN_S: Final = 2.0
"""Seconds for which a frame shows what is seen now."""


class Devices:
    """Chooses and tests cameras, microphones and speakers."""

    def __init__(
        self,
        store: SettingsStore,
        inputs: Inputs,
        output: Output,
        now: Callable[[], float],
        sightings: Callable[[], Sequence[Sighting]],
        level: SoundLevel,
        root: Path = Path("/"),
    ) -> None:
        """Work on what the daemon has opened.

        Args:
            store: has the settings.
            inputs: has camera and microphone.
            output: has the speaker.
            now: the daemon's clock.
            sightings: returns what the senses found in the latest frames.
            level: knows how loud it is.
            root: in which sys lies; another one than / in tests.
        """
        self._store = store
        self._inputs = inputs
        self._output = output
        self._now = now
        self._sightings = sightings
        self._level = level
        self._root = root
        self._choosing = asyncio.Lock()

    async def devices(self) -> DevicesStatus:
        """Look for what is connected; see `DeviceControl.devices`."""
        # PortAudio looks for devices once in the life of a process.
        microphones, speakers = await call_in_child(portaudio.all_devices)
        cameras = await asyncio.to_thread(self._found_cameras)
        chosen = self._inputs.chosen  # the command's options may differ from the settings
        return DevicesStatus(
            camera=DeviceChoice(chosen=chosen["camera"], found=cameras),
            microphone=DeviceChoice(chosen=chosen["microphone"], found=_named(microphones)),
            speaker=DeviceChoice(chosen=self._output.chosen, found=_named(speakers)),
        )

    async def choose_device(self, kind: DeviceKind, name: str, by: Actor) -> None:
        """Use another device from now on, and remember it; see `DeviceControl.choose_device`."""
        if not by.may_configure:
            raise NotAllowed("This is for the admin.")
        changes = self._camera_changes(name) if kind == "camera" else {"device": {kind: name}}
        try:
            DeviceSettings.model_validate(changes["device"])
        except ValidationError as error:
            raise InvalidChange(settings.explain(error, DeviceSettings)) from error
        if kind == "speaker" and writes_file(name):
            raise InvalidChange("A file in place of the speaker is chosen in the settings file, not on the page.")
        async with self._choosing:
            if kind == "camera":
                await self._inputs.choose("camera", name)
            else:
                await _check_sound_device(kind, name)
                await (self._output.choose(name) if kind == "speaker" else self._inputs.choose("microphone", name))
            self._store.change(changes, by)

    async def test_speaker(self, by: Actor) -> None:
        """Play a soft tone; see `DeviceControl.test_speaker`."""
        if not by.may_change:
            raise NotAllowed("Who may only look cannot change anything.")
        self._output.test()

    def _found_cameras(self) -> tuple[FoundDevice, ...]:
        ports = (FoundDevice(name=f"{CSI}{k}", title=title) for k, title in enumerate(found_csi_cameras()))
        nodes = (FoundDevice(name=str(one.number), title=one.name) for one in connected_cameras(self._root))
        return *ports, *nodes

    def _camera_changes(self, typed: str) -> dict[str, Any]:
        """Return what changes in the settings with another first camera: its login has a place of its own.

        Raises:
            InvalidChange: that is no name of a camera.
        """
        chosen = self._store.current
        try:
            camera, cameras = choose_first(chosen.device.camera, chosen.cameras, typed)
        except ValueError as error:
            raise InvalidChange(f"camera: {error}") from None
        changes: dict[str, Any] = {"device": {"camera": camera}}
        if cameras is not chosen.cameras:  # a login that stays is not given anew: it may be for another camera
            changes["cameras"] = {"first": {"user": cameras.first.user, "password": cameras.first.password}}
        return changes

    def sight(self) -> SightStatus:
        """Return where the senses find people now; see `DeviceControl.sight`."""
        refuse_in_public(self._privacy)
        refuse_in_private(self._privacy)
        now = self._now()
        recent = [one for one in self._sightings() if now - one.t <= SEEN_S]
        if not recent:
            return SightStatus()
        newest = max(recent, key=lambda one: one.t)
        figures = (
            FigureStatus(kind=outline.kind, box=outline.box, lines=outline.lines)
            for one in recent
            for outline in one.outlines
        )
        age_s = max(0.0, now - newest.t)
        return SightStatus(age_s=age_s, width=newest.width, height=newest.height, figures=tuple(figures))

    def hearing(self) -> HearingStatus:
        """Return how loud it is at the microphone now; see `DeviceControl.hearing`."""
        refuse_in_private(self._privacy)
        level = self._level.at(self._now())
        return HearingStatus() if level is None else HearingStatus(rms_db=level[0], peak_db=level[1])

    async def set_public_place(self, public_place: bool, by: Actor) -> None:
        """Keep nothing about individuals from now on, or do so again; see `DeviceControl.set_public_place`."""
        if not by.may_configure:
            raise NotAllowed("This is for the admin.")
        self._store.change({"privacy": {"public_place": public_place}}, by)

    @property
    def _privacy(self) -> PrivacySettings:
        return self._store.current.privacy


async def _check_sound_device(kind: DeviceKind, name: str) -> None:
    """Make sure that there is a device or a server, before the present one is closed for it.

    Raises:
        NotNow: there is not, or more than one goes by that name.
    """
    if name == OFF or (name == AUTO and kind == "microphone"):
        return
    try:
        if kind == "speaker" and await asyncio.to_thread(check_scheme, name):
            return
        await call_in_child(portaudio.find, "output" if kind == "speaker" else "input", None if name == AUTO else name)
    except SounditError as error:
        raise NotNow(str(error)) from error


def _named(found: Sequence[portaudio.Device]) -> tuple[FoundDevice, ...]:
    return tuple(FoundDevice(name=name, title=name) for name in dict.fromkeys(one.name for one in found))
