"""The process that records from a microphone: PortAudio, and a pipe to the daemon.

A sound server that is killed and comes back can take a process that records down with it (libpulse aborts), and a
driver can hang for ever: neither must happen where everything else runs. Nothing heavy is imported: numpy alone would
make this process larger by half, and its parent imports this module, too.
"""

from __future__ import annotations

import contextlib
import os
import queue
import struct
import time
from multiprocessing.connection import Connection
from typing import Any, Final

from soundit_edge.audio import portaudio
from soundit_edge.errors import SounditError
from soundit_edge.signals import leave_signals_to_parent

BLOCK_S: Final = 0.1
MAX_WAITING: Final = 50
"""Blocks in the queue; when it is full, the newest are dropped."""
HEAD: Final = struct.Struct("d")
"""Before the samples of each block: when its last one was heard, in seconds of the machine's monotonic clock."""
_LOOK_S: Final = 1.0
"""Seconds after which a microphone that says nothing is no reason to miss that the parent is gone."""


def main(end: Connection, parent: int, wanted: str | None, rate: int) -> None:
    """Record until the device or the parent is gone.

    `end` gets the device's name, sample rate and number of channels, or a `SounditError`; after that each block:
    `HEAD`, then float32 samples, interleaved.

    Args:
        end: the sending end of a pipe.
        parent: the parent's process id; this process ends when the parent is gone.
        wanted: the device's name, or a part of it; None for the system's default.
        rate: the sample rate to record at where the device supports it; its own otherwise.
    """
    leave_signals_to_parent()
    with contextlib.suppress(OSError):  # the parent no longer listens
        try:
            _record(end, parent, wanted, rate)
        except SounditError as error:
            end.send(error)


def _record(end: Connection, parent: int, wanted: str | None, rate: int) -> None:
    device = portaudio.find("input", wanted)
    sounddevice = portaudio.library()
    channels = min(device.channels, 2)
    blocks: queue.Queue[bytes | None] = queue.Queue(MAX_WAITING)

    def offer(block: bytes | None) -> None:
        with contextlib.suppress(queue.Full):  # the parent does not read: it does not matter where the gap is
            blocks.put_nowait(block)

    try:
        rate = _usable_rate(sounddevice, device, rate)
        with portaudio.quiet_stderr():
            stream = sounddevice.RawInputStream(
                samplerate=rate,
                device=device.index,
                channels=channels,
                blocksize=int(rate * BLOCK_S),
                dtype="float32",
                latency="high",
                callback=lambda samples, *_: offer(HEAD.pack(time.monotonic()) + bytes(samples)),
                finished_callback=lambda: offer(None),
            )
            stream.start()
    except sounddevice.PortAudioError as error:
        raise portaudio.DeviceError(f"microphone {device.name!r} cannot be opened ({error.args[0]})") from error
    end.send((device.name, rate, channels))
    while os.getppid() == parent:
        try:
            block = blocks.get(timeout=_LOOK_S)
        except queue.Empty:
            continue
        if block is None:
            return
        end.send_bytes(block)


def _usable_rate(sounddevice: Any, device: portaudio.Device, rate: int) -> int:
    """Return `rate` where the device supports it, else the device's own."""
    try:
        with portaudio.quiet_stderr():
            sounddevice.check_input_settings(device=device.index, channels=1, dtype="float32", samplerate=rate)
    except sounddevice.PortAudioError:
        return int(device.rate)
    return rate
