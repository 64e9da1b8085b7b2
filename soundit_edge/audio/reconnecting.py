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
"""How often a lost speaker is looked for; one look takes about 0.1 s."""


class ReconnectingSpeaker:
    """Plays to a device while it is there, and into silence, in step, while it is not.

    Attributes:
        lost: whether the device is gone and looked for.
    """

    def __init__(self, open_device: Callable[[], Speaker], now: Callable[[], float]) -> None:
        """Open the device.

        Args:
            open_device: opens it; raises SounditError where it is not there.
            now: seconds, never going back.

        Raises:
            SounditError: it is not there.
        """
        self._open = open_device
        self._now = now
        self._device: Speaker | None = open_device()
        self._underruns = 0  # of devices that are gone
        self._looked = 0.0
        self.name = self._device.name

    @property
    def lost(self) -> bool:
        return self._device is None

    @property
    def is_clock_source(self) -> bool:
        return self._device is not None and self._device.is_clock_source

    @property
    def underruns(self) -> int:
        return self._underruns + (0 if self._device is None else self._device.underruns)

    @property
    def fill(self) -> float:
        return 1.0 if self._device is None else self._device.fill

    def write(self, block: Stereo) -> None:
        """Play, or drop; see `Speaker.write`."""
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
        """See `Speaker.close`."""
        if self._device is not None:
            self._device.close()

    def _reconnect(self) -> None:
        try:
            self._device = self._open()
        except SounditError:
            self._looked = self._now()  # after it, however long it took
            return
        self.name = self._device.name
        log.info("the speaker %r is back", self.name)


def open_reconnecting(name: str | None, now: Callable[[], float]) -> ReconnectingSpeaker:
    """A device by name, or the default one; it is looked for anew each time that it is opened again.

    Raises:
        SounditError: it is not there.
    """
    first = True

    def open_device() -> Speaker:
        nonlocal first
        if not first:
            portaudio.reinitialise()
        first = False
        return PortAudioSpeaker(name)

    return ReconnectingSpeaker(open_device, now)
