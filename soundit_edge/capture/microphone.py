"""A microphone through PortAudio, resampled to 16 kHz mono."""

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
"""A microphone without a block for this long is gone: an unplugged device ends its stream without an error."""
MAX_WAITING: Final = 50
"""Blocks in the queue; when it is full, the newest are dropped."""


class Microphone:
    """A recording device, read block by block."""

    live = True

    def __init__(self, name: str | None, now: Callable[[], float], *, search_again: bool = False) -> None:
        """Name the device; entering opens it.

        Args:
            name: the device's name, or a part of it; None for the system's default.
            now: the daemon's clock, for the moment of each block.
            search_again: whether devices may have come or gone since this process first looked for any.
        """
        self.name = name or "default microphone"
        self._wanted = name
        self._now = now
        self._search_again = search_again
        self._stream: Any = None
        self._blocks: queue.Queue[tuple[float, npt.NDArray[np.float32]] | None] = queue.Queue(MAX_WAITING)

    def __enter__(self) -> Microphone:
        """Open the device.

        Raises:
            CaptureError: the microphone does not exist (`portaudio.NoDevice` where the machine has none at all).
        """
        if self._search_again:
            # PortAudio lists devices only once, so a device that was plugged in again needs a new start.
            portaudio.reinitialise()
        self._search_again = True
        device = portaudio.find("input", self._wanted)
        sounddevice = portaudio.library()
        self.name = device.name
        self._blocks = queue.Queue(MAX_WAITING)
        rate = _usable_rate(sounddevice, device)
        channels = min(device.channels, 2)
        self._resampler = soxr.ResampleStream(rate, SOUND_RATE, 1, dtype="float32")
        try:
            with portaudio.quiet_stderr():
                # The raw stream avoids sounddevice's own arrays, whose construction NumPy 2.5 warns about.
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
        """Yield blocks of about a tenth of a second; see `Capture.items`.

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
            return  # no consumer: it does not matter where the gap is


def _usable_rate(sounddevice: Any, device: portaudio.Device) -> int:
    """Return 16 kHz where the device supports it, else the device's default rate."""
    try:
        with portaudio.quiet_stderr():
            sounddevice.check_input_settings(device=device.index, channels=1, dtype="float32", samplerate=SOUND_RATE)
    except sounddevice.PortAudioError:
        return int(sounddevice.query_devices(device.index)["default_samplerate"])
    return SOUND_RATE
