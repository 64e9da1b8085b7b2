"""A microphone through PortAudio, brought to 16 kHz mono."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import soxr

from soundit_edge.audio import portaudio
from soundit_edge.capture.capture import SOUND_RATE, CaptureError, CaptureLost, Sound

BLOCK_S: Final = 0.1
LOST_S: Final = 2.0
"""A microphone that gives nothing for so long is gone: a vanished device ends its stream without an error."""
MAX_WAITING: Final = 50
"""Blocks; where nobody takes them, the newest are dropped."""


class Microphone:
    """A recording device, read block by block."""

    live = True

    def __init__(self, name: str | None, now: Callable[[], float]) -> None:
        """Args:
        name: of the device, or a part of it; None for the system's default.
        now: the daemon's clock, for the moment of each block.
        """
        self.name = name or "default microphone"
        self._wanted = name
        self._now = now
        self._opened_before = False
        self._stream: Any = None
        self._blocks: queue.Queue[tuple[float, npt.NDArray[np.float32]] | None] = queue.Queue(MAX_WAITING)

    def __enter__(self) -> Microphone:
        """Open the device.

        Raises:
            CaptureError: there is no such microphone (`portaudio.NoDevice` where there is none at all).
        """
        if self._opened_before:
            # PortAudio lists devices once; one that came back is only seen anew.
            portaudio.reinitialise()
        self._opened_before = True
        device = portaudio.find("input", self._wanted)
        sounddevice = portaudio.library()
        self.name = device.name
        self._blocks = queue.Queue(MAX_WAITING)
        rate = _usable_rate(sounddevice, device)
        channels = min(device.channels, 2)
        self._resampler = soxr.ResampleStream(rate, SOUND_RATE, 1, dtype="float32")
        try:
            with portaudio.quiet_stderr():
                # Raw: sounddevice's own arrays are made in a way that NumPy 2.5 warns of.
                self._stream = sounddevice.RawInputStream(
                    samplerate=rate,
                    device=device.index,
                    channels=channels,
                    blocksize=int(rate * BLOCK_S),
                    dtype="float32",
                    latency="high",
                    callback=lambda samples, *_: self._on_block(np.frombuffer(samples, "f4").reshape(-1, channels)),
                    finished_callback=lambda: self._offer(None),
                )
                self._stream.start()
        except sounddevice.PortAudioError as error:
            self.__exit__()
            raise CaptureError(f"microphone {device.name!r} cannot be opened ({error.args[0]})") from error
        return self

    def __exit__(self, *exc: object) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with portaudio.quiet_stderr():
                stream.close()
        self._offer(None)

    def items(self) -> Iterator[Sound]:
        """Blocks of about a tenth of a second; see `Capture.items`.

        Raises:
            CaptureLost: the device went away.
        """
        while self._stream is not None:
            try:
                block = self._blocks.get(timeout=LOST_S)
            except queue.Empty:
                block = None
            if self._stream is None:
                return
            if block is None:
                raise CaptureLost(f"microphone {self.name!r} is gone; it is looked for every second")
            end, samples = block
            resampled = self._resampler.resample_chunk(samples)
            if len(resampled):
                yield Sound(end - len(resampled) / SOUND_RATE, resampled)

    def _on_block(self, samples: npt.NDArray[np.float32]) -> None:
        self._offer((self._now(), samples.mean(axis=1, dtype=np.float32)))

    def _offer(self, block: tuple[float, npt.NDArray[np.float32]] | None) -> None:
        try:
            self._blocks.put_nowait(block)
        except queue.Full:
            return  # nobody listens: a gap is as good as any


def _usable_rate(sounddevice: Any, device: portaudio.Device) -> int:
    """16 kHz where the device can do it, else its own default."""
    try:
        with portaudio.quiet_stderr():
            sounddevice.check_input_settings(device=device.index, channels=1, dtype="float32", samplerate=SOUND_RATE)
    except sounddevice.PortAudioError:
        return int(sounddevice.query_devices(device.index)["default_samplerate"])
    return SOUND_RATE
