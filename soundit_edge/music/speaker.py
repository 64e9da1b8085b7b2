"""Where the music goes: a device, a file or nowhere. The only file that knows how PortAudio plays."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from soundit_edge import portaudio
from soundit_edge.errors import SounditError
from soundit_edge.music.format import BLOCK, CHANNELS, RATE, Stereo
from soundit_edge.music.wav import WavFile

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
    """

    name: str
    keeps_time: bool
    underruns: int

    def write(self, block: Stereo) -> None:
        """Play float32 [n, 2], n up to `BLOCK`, after what was written before.

        Raises:
            SounditError: it is gone or full.
        """
        ...

    def close(self) -> None:
        """Play what was written to its end, and let go. Closing again does nothing."""
        ...


class Silent:
    """Plays nothing, for a device that shall only watch."""

    name = "off"
    keeps_time = False
    underruns = 0

    def write(self, block: Stereo) -> None:
        pass

    def close(self) -> None:
        pass


class PortAudioSpeaker:
    """A sound device, written to in blocks; PortAudio's own C buffer is the ring between us and the card."""

    keeps_time = True

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
        try:
            with portaudio.quiet_stderr():
                self._stream = sounddevice.OutputStream(
                    device=device.index,
                    samplerate=RATE,
                    channels=CHANNELS,
                    dtype="float32",
                    blocksize=BLOCK,
                    latency=LATENCY_S,
                )
                self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SpeakerError(f"the speaker {device.name!r} cannot be opened: {error}") from error
        self._begun = False

    def write(self, block: Stereo) -> None:
        try:
            late = self._stream.write(block)
        except self._failure as error:
            raise SpeakerLost(f"the speaker {self.name!r} is gone: {error}") from error
        # Before the first block the buffer is empty of necessity, and some back ends call that an underrun.
        self.underruns += bool(late) and self._begun
        self._begun = True

    def close(self) -> None:
        if self._stream.closed:
            return
        # Stopping throws away what ALSA's plug-ins still hold, whatever it promises; let that be silence.
        with contextlib.suppress(self._failure):
            for _ in range(math.ceil(1.5 * self._stream.latency * RATE / BLOCK)):
                self._stream.write(np.zeros((BLOCK, CHANNELS), dtype=np.float32))
        with portaudio.quiet_stderr():
            self._stream.stop(ignore_errors=True)
            self._stream.close(ignore_errors=True)


def open_speaker(spec: str) -> Speaker:
    """The speaker that `spec` names: a device's name, "default", "file:OUT.wav" or "off".

    Raises:
        NoSpeaker: "default", and the machine has no speaker.
        SounditError: there is no such device, or the file cannot be written.
    """
    if spec == "off":
        return Silent()
    if spec.startswith("file:"):
        path = spec.removeprefix("file:")
        if not path:
            raise SpeakerError("the speaker 'file:' lacks the name of the file, as in file:out.wav")
        return WavFile(Path(path).expanduser())
    if not spec:
        raise SpeakerError("the speaker has no name; give a device's name, default, file:OUT.wav or off")
    return PortAudioSpeaker(None if spec == "default" else spec)
