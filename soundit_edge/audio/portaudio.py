"""PortAudio for playing and recording: quiet on stderr, devices by name, a new search after a change of devices."""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Literal

from soundit_edge.errors import SounditError

Kind = Literal["input", "output"]

PERIODS: Final = 4
"""Steps a buffer that PortAudio has ALSA work in, unless it is asked for another number."""

_NOUNS: Final = {"input": "microphone", "output": "speaker"}


class DeviceError(SounditError):
    """A sound device cannot be found or used."""


class NoDevice(DeviceError):
    """The machine has no such device at all (or no PortAudio to reach it with)."""


class UnknownDevice(DeviceError):
    """No device, or more than one, goes by the name that was asked for."""


@dataclass(frozen=True, slots=True)
class Device:
    """A sound device: PortAudio's index (valid until the next `reinitialise`), name, channels and own sample rate."""

    index: int
    name: str
    channels: int
    rate: float


_lock = threading.RLock()
_module: ModuleType | None = None
_alsa_handler: Any = None  # ALSA keeps the pointer, so the object must live as long as the process


def library() -> ModuleType:
    """Return the sounddevice module; it is imported on the first call.

    Raises:
        NoDevice: PortAudio is not installed.
    """
    global _module
    with _lock:
        if _module is None:
            _silence_alsa()
            try:
                with quiet_stderr():
                    import sounddevice
            except OSError as error:
                raise NoDevice(
                    f"no sound: the PortAudio library is missing ({error}); on Debian: apt-get install libportaudio2"
                ) from error
            _module = sounddevice
        return _module


def devices(kind: Kind) -> list[Device]:
    """Return the devices that can play ("output") or record ("input"), in PortAudio's order; none without PortAudio."""
    try:
        found = library().query_devices()
    except NoDevice:
        return []
    return [
        Device(d["index"], d["name"], d[f"max_{kind}_channels"], d["default_samplerate"])
        for d in found
        if d[f"max_{kind}_channels"] > 0
    ]


def all_devices() -> tuple[list[Device], list[Device]]:
    """Return the devices that can record, and those that can play; see `devices`."""
    return devices("input"), devices("output")


def find(kind: Kind, name: str | None = None) -> Device:
    """Return the device with exactly this name, or the only one whose name contains it; upper and lower case are equal.

    Without a name, return the default device.

    Raises:
        NoDevice: the default was asked for, and there is no device.
        UnknownDevice: no device or several have that name.
    """
    noun = _NOUNS[kind]
    found = devices(kind)
    if name is None:
        default = _default_index(kind)
        for device in found:
            if device.index == default:
                return device
        raise NoDevice(f"this machine has no {noun}")
    folded = name.casefold()
    exact = [d for d in found if d.name.casefold() == folded]
    matching = exact or [d for d in found if folded and folded in d.name.casefold()]
    if len(matching) == 1:
        return matching[0]
    listing = ", ".join(repr(d.name) for d in found)
    if matching:
        raise UnknownDevice(f"more than one {noun} is called {name!r}; there is: {listing}")
    instead = f"there is: {listing}" if found else "this machine has none"
    raise UnknownDevice(f"there is no {noun} called {name!r}; {instead}")


@contextlib.contextmanager
def alsa_periods(count: int) -> Iterator[None]:
    """Have ALSA work in so many steps a buffer with the streams that are opened inside the block; elsewhere nothing.

    PortAudio's own choice are four. Each step is as long as a sound server works ahead, of which nobody tells us.
    """
    set_periods = getattr(ctypes.CDLL(library()._libname), "PaAlsa_SetNumPeriods", lambda count: None)
    set_periods(count)
    try:
        yield
    finally:
        set_periods(PERIODS)


def reinitialise() -> None:
    """Search for devices again, in about 0.1 s. Close every stream of this process before; indices change."""
    sounddevice = library()
    with _lock, quiet_stderr():
        sounddevice._terminate()
        sounddevice._initialize()


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Keep C libraries from writing to stderr inside the block: PortAudio reports failed calls there by itself.

    The block silences the whole process, so put no more than the one call in it.
    """
    with _lock:
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)


def _default_index(kind: Kind) -> int:
    try:
        return int(library().query_devices(kind=kind)["index"])
    except NoDevice:
        raise
    except Exception as error:  # sounddevice raises PortAudioError or ValueError, depending on why there is none
        raise NoDevice(f"this machine has no {_NOUNS[kind]}") from error


def _silence_alsa() -> None:
    """Give ALSA an error handler that says nothing."""
    global _alsa_handler
    try:
        alsa = ctypes.CDLL("libasound.so.2")
    except OSError:
        return  # no ALSA, no chatter
    prototype = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
    _alsa_handler = prototype(lambda *_: None)
    alsa.snd_lib_error_set_handler(_alsa_handler)
