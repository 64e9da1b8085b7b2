"""The speaker: a sound device, or none. Only this file knows how PortAudio plays."""

from __future__ import annotations

import contextlib
import math
from typing import Any, Final, Protocol

import numpy as np

from soundit_edge.audio import portaudio
from soundit_edge.audio.device_layout import DeviceAdapter, StreamFormat, stream_formats
from soundit_edge.audio.format import BLOCK, Stereo
from soundit_edge.errors import SounditError

LATENCY_S: Final = 0.2
"""Length of PortAudio's buffer in seconds, which bridges a late block. A buffer below 0.05 s runs dry."""


class SpeakerError(SounditError):
    """A speaker cannot be used. The message names it, and says what is there instead."""


class NoSpeaker(SpeakerError):
    """The default speaker was asked for, and the machine has none."""


class SpeakerLost(SpeakerError):
    """A speaker that worked is gone (unplugged); it may come back."""


class Speaker(Protocol):
    """A place to play to."""

    @property
    def name(self) -> str:
        """Return the name to show to the user."""
        ...

    @property
    def is_clock_source(self) -> bool:
        """Return whether `write` waits until there is room, so that the device's own clock paces the music."""
        ...

    @property
    def underruns(self) -> int:
        """Return how often the buffer ran dry because the next block came too late."""
        ...

    @property
    def lost(self) -> bool:
        """Return whether the device is gone; blocks that are written meanwhile are not heard."""
        ...

    @property
    def fill(self) -> float:
        """Return how full the buffer is, 0 to 1; 1 until it was full once, and where there is no buffer."""
        ...

    @property
    def latency_s(self) -> float:
        """Return how many seconds from now the end of what was written is heard; 0 where nobody hears it."""
        ...

    def write(self, block: Stereo) -> None:
        """Play float32 [n, 2], n up to `BLOCK`, after the blocks written before.

        Raises:
            SounditError: the speaker is gone, or its file is full.
        """
        ...

    def close(self) -> None:
        """Play the blocks written so far to their end, and close the device. Closing again does nothing."""
        ...


class NullSpeaker:
    """Plays nothing, for a device that only watches."""

    name = "off"
    is_clock_source = False
    underruns = 0
    lost = False
    fill = 1.0
    latency_s = 0.0

    def write(self, block: Stereo) -> None:
        pass

    def close(self) -> None:
        pass


class PortAudioSpeaker:
    """A sound device; PortAudio's own C buffer lies between this process and the sound card."""

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
        # In frames. A sound server takes a block more than PortAudio knows of; what it takes beyond that it has missed.
        most = round(self._stream.latency * layout.rate) + BLOCK
        self._size: int = max(1, min(self._stream.write_available, most))  # nothing was written yet
        self._filled = False

    def _opened(self, sounddevice: Any, device: portaudio.Device, layout: StreamFormat) -> Any:
        # Whether the device takes float or whole numbers of 16 bits, PortAudio converts for it. With steps of a block,
        # what it says of its buffer is true to within one, however patient a sound server is.
        steps = math.ceil(LATENCY_S * layout.rate / BLOCK) + 1
        with portaudio.quiet_stderr(), portaudio.alsa_periods(steps):
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
        # Before the first block the buffer is necessarily empty, which some back ends report as an underrun.
        self.underruns += bool(late) and self._begun
        self._begun = True
        self._filled = self._filled or self._available() < BLOCK

    @property
    def fill(self) -> float:
        return 1.0 - float(self._available()) / self._size if self._filled else 1.0

    @property
    def latency_s(self) -> float:
        # PortAudio's own figure is that of a full buffer, without the block more.
        return (self._size - self._available() + self._adapter.delay) / self.format.rate

    def _available(self) -> int:
        """Return how many frames the buffer has room for; where the device is gone, the next write reports it."""
        try:
            room: int = self._stream.write_available
        except self._failure:
            return self._size
        return min(self._size, room)

    def close(self) -> None:
        if self._stream.closed:
            return
        # Stopping discards what ALSA's plug-ins still hold, though it promises not to: silence fills them before.
        with contextlib.suppress(self._failure):
            for _ in range(math.ceil(1.5 * self._stream.latency * self.format.rate / BLOCK)):
                self._stream.write(np.zeros((BLOCK, self.format.channels), dtype=np.float32))
        with portaudio.quiet_stderr():
            self._stream.stop(ignore_errors=True)
            self._stream.close(ignore_errors=True)
