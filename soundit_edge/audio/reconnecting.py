"""A speaker that may be unplugged and come back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from soundit_edge.audio import portaudio
from soundit_edge.audio.format import Stereo
from soundit_edge.audio.speaker import PortAudioSpeaker, Speaker, SpeakerLost
from soundit_edge.errors import SounditError

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
"""Seconds between two attempts to reopen a lost speaker; one attempt takes about 0.1 s."""


class ReconnectingSpeaker:
    """Plays to a device while it is there; while it is gone, discards the sound and tries to reopen the device.

    Attributes:
        name: the name of the device.
    """

    def __init__(
        self, open_device: Callable[[], Speaker], now: Callable[[], float], *, await_as: str | None = None
    ) -> None:
        """Open the device.

        Args:
            open_device: opens the device; raises SounditError where it is not there.
            now: returns the seconds of a steady clock.
            await_as: what a device is called that is not there yet and is looked for as one that was lost; None: it has
                to be there.

        Raises:
            SounditError: the device is not there, and nobody waits for it.
        """
        self._open = open_device
        self._now = now
        self._device: Speaker | None = None
        self._underruns = 0  # of earlier devices, which are gone
        self._looked = 0.0  # when the device was lost, or the last attempt to reopen it ended
        self.name = await_as or ""
        try:
            self._device = open_device()
        except SounditError as error:
            if await_as is None:
                raise
            log.warning("%s: it is waited for", error)
            self._looked = now()
        else:
            self.name = self._device.name

    @property
    def lost(self) -> bool:
        """Return whether the device is gone."""
        return self._device is None

    @property
    def is_clock_source(self) -> bool:
        """Return whether the device is there and paces the music."""
        return self._device is not None and self._device.is_clock_source

    @property
    def underruns(self) -> int:
        """Return the underruns of all devices so far."""
        return self._underruns + (0 if self._device is None else self._device.underruns)

    @property
    def fill(self) -> float:
        """Return how full the device's buffer is, 0 to 1; 1 while the device is gone."""
        return 1.0 if self._device is None else self._device.fill

    @property
    def latency_s(self) -> float:
        """Return how many seconds from now the end of what was written is heard; 0 while the device is gone."""
        return 0.0 if self._device is None else self._device.latency_s

    def write(self, block: Stereo) -> None:
        """Play the block, or drop it while the device is gone; see `Speaker.write`."""
        if self._device is None and self._now() - self._looked >= LOOK_S:
            self._reconnect()
        if self._device is None:
            return
        try:
            self._device.write(block)
        except SpeakerLost as error:
            log.warning("%s", error)
            self._underruns += self._device.underruns
            self._device.close()
            self._device = None
            self._looked = self._now()

    def close(self) -> None:
        """Close the device, if there is one; see `Speaker.close`."""
        if self._device is not None:
            self._device.close()

    def _reconnect(self) -> None:
        try:
            self._device = self._open()
        except SounditError:
            self._looked = self._now()  # after the attempt, however long it took
            return
        self.name = self._device.name
        log.info("the speaker %r is back", self.name)


def open_reconnecting(
    name: str | None, now: Callable[[], float], *, await_as: str | None = None
) -> ReconnectingSpeaker:
    """Open a device by name, or the default one; each reopening searches for it again.

    Args:
        name: as in `portaudio.find`; None: the default device.
        now: returns the seconds of a steady clock.
        await_as: see `ReconnectingSpeaker`.

    Raises:
        SounditError: the device is not there, and nobody waits for it.
    """
    first = True

    def open_device() -> Speaker:
        nonlocal first
        if not first:
            portaudio.reinitialise()
        first = False
        return PortAudioSpeaker(name)

    return ReconnectingSpeaker(open_device, now, await_as=await_as)
