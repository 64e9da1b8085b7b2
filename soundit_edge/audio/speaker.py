"""Where the music goes: a device, or nowhere. The only file that knows how PortAudio plays."""

from __future__ import annotations

import contextlib
import math
from typing import Any, Final, Protocol

import numpy as np

from soundit_edge.audio import portaudio
from soundit_edge.audio.device_layout import DeviceAdapter, StreamFormat, stream_formats
from soundit_edge.audio.format import BLOCK, Stereo
from soundit_edge.errors import SounditError

LATENCY_S: Final = 0.15
"""How much PortAudio holds ready: this is the ring that bridges a late block. Below 0.05 s it runs dry."""


class SpeakerError(SounditError):
    """A speaker cannot be used. The message names it, and says what is there instead."""


class NoSpeaker(SpeakerError):
    """The default speaker was asked for, and the machine has none."""


class SpeakerLost(SpeakerError):
    """A speaker that worked is gone (unplugged); it may come back."""


class Speaker(Protocol):
    """A place to play to.

    Attributes:
        name: what to call it to the user.
        keeps_time: whether `write` waits until there is room, so that the device's own clock paces the music.
        underruns: how often it ran dry because the next block came too late.
        lost: whether it is gone and looked for; what is written meanwhile is not heard.
        fill: how full the buffer is from which it plays, 0 to 1; 1 until it was full once, and where it has none.
    """

    @property
    def name(self) -> str: ...

    @property
    def is_clock_source(self) -> bool: ...

    @property
    def underruns(self) -> int: ...

    @property
    def lost(self) -> bool: ...

    @property
    def fill(self) -> float: ...

    def write(self, block: Stereo) -> None:
        """Play float32 [n, 2], n up to `BLOCK`, after what was written before.

        Raises:
            SounditError: it is gone or full.
        """
        ...

    def close(self) -> None:
        """Play what was written to its end, and let go. Closing again does nothing."""
        ...


class NullSpeaker:
    """Plays nothing, for a device that shall only watch."""

    name = "off"
    is_clock_source = False
    underruns = 0
    lost = False
    fill = 1.0

    def write(self, block: Stereo) -> None:
        pass

    def close(self) -> None:
        pass


class PortAudioSpeaker:
    """A sound device, written to in blocks; PortAudio's own C buffer is the ring between us and the card."""

    is_clock_source = True
    lost = False

    def __init__(self, name: str | None = None) -> None:
        """Open the device of that name, or the default one.

        Raises:
            NoSpeaker: the default was asked for, and there is none.
            SpeakerError: the name fits no device or several, or the device cannot be opened.
        """
        try:
            device = portaudio.find("output", name)
        except portaudio.NoDevice as error:
            raise NoSpeaker(str(error)) from error
        except portaudio.UnknownDevice as error:
            raise SpeakerError(str(error)) from error
        sounddevice = portaudio.library()
        self.name = device.name
        self.underruns = 0
        self._failure = sounddevice.PortAudioError
        failures = []
        for layout in stream_formats(device.rate, device.channels):
            try:
                self._stream = self._opened(sounddevice, device, layout)
                break
            except (sounddevice.PortAudioError, ValueError) as error:
                failures.append(error)
        else:
            raise SpeakerError(f"the speaker {device.name!r} cannot be opened: {failures[0]}") from failures[0]
        self.format = layout
        self._adapter = DeviceAdapter(layout)
        self._begun = False
        self._size: int = max(1, self._stream.write_available)  # frames; nothing was written yet
        self._filled = False

    def _opened(self, sounddevice: Any, device: portaudio.Device, layout: StreamFormat) -> Any:
        # Whether the device takes float or whole numbers of 16 bits, PortAudio converts for it.
        with portaudio.quiet_stderr():
            stream = sounddevice.OutputStream(
                device=device.index,
                samplerate=layout.rate,
                channels=layout.channels,
                dtype="float32",
                blocksize=BLOCK,
                latency=LATENCY_S,
            )
            try:
                stream.start()
            except BaseException:
                stream.close(ignore_errors=True)
                raise
        return stream

    def write(self, block: Stereo) -> None:
        try:
            late = self._stream.write(self._adapter.process(block))
        except self._failure as error:
            raise SpeakerLost(f"the speaker {self.name!r} is gone: {error}") from error
        # Before the first block the buffer is empty of necessity, and some back ends call that an underrun.
        self.underruns += bool(late) and self._begun
        self._begun = True
        self._filled = self._filled or self._available() < BLOCK

    @property
    def fill(self) -> float:
        return 1.0 - float(self._available()) / self._size if self._filled else 1.0

    def _available(self) -> int:
        """Frames that there is room for; the next write will tell if the device is gone."""
        try:
            room: int = self._stream.write_available
        except self._failure:
            return self._size
        return min(self._size, room)

    def close(self) -> None:
        if self._stream.closed:
            return
        # Stopping throws away what ALSA's plug-ins still hold, whatever it promises; let that be silence.
        with contextlib.suppress(self._failure):
            for _ in range(math.ceil(1.5 * self._stream.latency * self.format.rate / BLOCK)):
                self._stream.write(np.zeros((BLOCK, self.format.channels), dtype=np.float32))
        with portaudio.quiet_stderr():
            self._stream.stop(ignore_errors=True)
            self._stream.close(ignore_errors=True)
