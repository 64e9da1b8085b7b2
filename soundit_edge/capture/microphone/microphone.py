"""A microphone, recorded by a process of its own and resampled to 16 kHz mono."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final

import numpy as np
import soxr

from soundit_edge.audio.portaudio import DeviceError
from soundit_edge.capture.capture import SOUND_RATE, CaptureError, CaptureLost, Sound
from soundit_edge.capture.microphone import recording_process
from soundit_edge.signals import start_masked

OPEN_S: Final = 30.0
"""Seconds in which a device is open, or its driver hangs; on a busy computer the process alone takes some."""
LOST_S: Final = 2.0
"""A microphone without a block for this long is gone: an unplugged device ends its stream without an error."""


class Microphone:
    """A recording device, read block by block."""

    live = True

    def __init__(self, name: str | None, now: Callable[[], float]) -> None:
        """Name the device; entering opens it.

        Args:
            name: the device's name, or a part of it; None for the system's default.
            now: the daemon's clock, for the moment of each block.
        """
        self.name = name or "default microphone"
        self._wanted = name
        self._now = now
        self._process: BaseProcess | None = None

    def __enter__(self) -> Microphone:
        """Open the device. Each time a new process does, so that PortAudio finds what was plugged in since.

        Raises:
            CaptureError: the microphone cannot be opened.
            DeviceError: it does not exist (`portaudio.NoDevice` where the machine has none at all).
        """
        context = multiprocessing.get_context("spawn")
        self._end, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=recording_process.main,
            args=(theirs, os.getpid(), self._wanted, SOUND_RATE),
            name="soundit-microphone",
            daemon=True,
        )
        start_masked(self._process)
        theirs.close()
        try:
            self.name, rate, self._channels = self._opened(self._end)
        except BaseException:
            self.__exit__()
            raise
        self._resampler = soxr.ResampleStream(rate, SOUND_RATE, 1, dtype="float32")
        return self

    def __exit__(self, *exc: object) -> None:
        process, self._process = self._process, None
        if process is not None:
            # Not asked to end: its driver may hang. Its pipe ends with it, and so does who reads.
            process.kill()
            process.join()
            process.close()

    def items(self) -> Iterator[Sound]:
        """Yield blocks of about a tenth of a second; see `Capture.items`.

        Raises:
            CaptureLost: the device went away.
        """
        head = recording_process.HEAD
        while self._process is not None:
            try:
                block = self._end.recv_bytes() if self._end.poll(LOST_S) else None
            except (EOFError, OSError):
                block = None
            if self._process is None:
                return
            if block is None:
                raise CaptureLost(f"microphone {self.name!r} is gone; it is looked for every second")
            # The two processes have one monotonic clock, of which the daemon's counts from another moment.
            end = self._now() - (time.monotonic() - head.unpack_from(block)[0])
            samples = np.frombuffer(block, "f4", offset=head.size).reshape(-1, self._channels)
            resampled = self._resampler.resample_chunk(samples.mean(axis=1, dtype=np.float32))
            if len(resampled):
                yield Sound(end - len(resampled) / SOUND_RATE, resampled)

    def _opened(self, end: Connection) -> tuple[str, int, int]:
        """Return the device's name, sample rate and number of channels once it is open."""
        try:
            opened = end.recv() if end.poll(OPEN_S) else None
        except (EOFError, OSError) as error:
            raise CaptureError(f"{self.name}: the recording process died; is its sound server well?") from error
        if opened is None:
            raise CaptureError(f"{self.name}: not open after {OPEN_S:.0f} seconds; does its driver hang?")
        if isinstance(opened, DeviceError):
            raise opened
        name, rate, channels = opened
        return name, rate, channels
