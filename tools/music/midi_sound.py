"""MIDI as sound: FluidSynth with any SoundFont, for what is measured and trained on music whose truth is known."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import mido
import numpy as np

from soundit_edge.audio.format import CHANNELS, RATE, Stereo
from soundit_edge.music.synth.fluidsynth import LIBRARIES

_GAIN: Final = 0.5
_PEAK: Final = 0.7


class MidiSound:
    """One SoundFont, which plays one MIDI file after another. FluidSynth's own reverberation is on, chorus is off."""

    def __init__(self, font: Path) -> None:
        """Load a SoundFont.

        Raises:
            OSError: FluidSynth is not installed, or it cannot read the SoundFont.
        """
        self._library = library = _library()
        self._settings = library.new_fluid_settings()
        library.fluid_settings_setnum(self._settings, b"synth.sample-rate", float(RATE))
        library.fluid_settings_setnum(self._settings, b"synth.gain", _GAIN)
        library.fluid_settings_setint(self._settings, b"synth.chorus.active", 0)
        library.fluid_settings_setint(self._settings, b"synth.polyphony", 128)
        library.fluid_settings_setint(self._settings, b"synth.dynamic-sample-loading", 1)
        self._font = font
        self._synth = self._new_synth()

    def _new_synth(self) -> int:
        synth: int = self._library.new_fluid_synth(self._settings)
        if self._library.fluid_synth_sfload(synth, os.fsencode(self._font), 1) < 0:
            raise OSError(f"{self._font}: FluidSynth cannot read this SoundFont")
        return synth

    def play(self, messages: Iterable[Any], seconds: float) -> Stereo:
        """Return the sound of MIDI messages, float32 [n, 2] at `RATE`, with a peak of 0.7.

        Args:
            messages: mido's, each with the seconds since the one before, as a `MidiFile` yields them.
            seconds: how much is played at most; shorter where the messages end before, and a second of ringing.
        """
        # A new one each time: what is reset keeps a begun block and where its reverberation swings, and a piece would
        # be another one by its place in a row.
        self._library.delete_fluid_synth(self._synth)
        self._synth = self._new_synth()
        pieces, done, now = [], 0, 0.0
        for message in messages:
            now += message.time
            if now > seconds:
                break
            if round(now * RATE) > done:
                pieces.append(self._render(round(now * RATE) - done))
                done = round(now * RATE)
            self._send(message)
        pieces.append(self._render(max(1, round(min(seconds, now + 1.0) * RATE) - done)))
        sound = np.concatenate(pieces)
        return sound * np.float32(_PEAK / max(float(np.abs(sound).max()), 1e-6))

    def _send(self, message: Any) -> None:
        library, synth = self._library, self._synth
        if message.type == "note_on" and message.velocity:
            library.fluid_synth_noteon(synth, message.channel, message.note, message.velocity)
        elif message.type in ("note_on", "note_off"):
            library.fluid_synth_noteoff(synth, message.channel, message.note)
        elif message.type == "control_change":
            library.fluid_synth_cc(synth, message.channel, message.control, message.value)
        elif message.type == "pitchwheel":
            library.fluid_synth_pitch_bend(synth, message.channel, message.pitch + 8192)
        elif message.type == "program_change":
            library.fluid_synth_program_change(synth, message.channel, message.program)

    def _render(self, count: int) -> Stereo:
        piece = np.empty((count, CHANNELS), dtype=np.float32)
        place = piece.ctypes.data
        self._library.fluid_synth_write_float(self._synth, count, place, 0, CHANNELS, place, 1, CHANNELS)
        return piece


def messages_of(path: Path) -> Iterator[Any]:
    """Yield the messages of a MIDI file, each with the seconds since the one before.

    Raises:
        OSError: it cannot be read.
    """
    yield from mido.MidiFile(path, clip=True)


def _library() -> ctypes.CDLL:
    for name in LIBRARIES:
        try:
            library = ctypes.CDLL(name)
            break
        except OSError:
            continue
    else:
        raise OSError("FluidSynth is not installed: install libfluidsynth3")
    pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    for function, result, arguments in (
        ("new_fluid_settings", pointer, []),
        ("new_fluid_synth", pointer, [pointer]),
        ("fluid_settings_setnum", number, [pointer, text, ctypes.c_double]),
        ("fluid_settings_setint", number, [pointer, text, number]),
        ("fluid_synth_sfload", number, [pointer, text, number]),
        ("delete_fluid_synth", None, [pointer]),
        ("fluid_synth_program_change", number, [pointer, number, number]),
        ("fluid_synth_cc", number, [pointer, number, number, number]),
        ("fluid_synth_pitch_bend", number, [pointer, number, number]),
        ("fluid_synth_noteon", number, [pointer, number, number, number]),
        ("fluid_synth_noteoff", number, [pointer, number, number]),
        ("fluid_synth_write_float", number, [pointer, number, *[pointer, number, number] * 2]),
        ("fluid_set_log_function", pointer, [number, pointer, pointer]),
    ):
        found = getattr(library, function)
        found.restype, found.argtypes = result, arguments
    for level in range(5):
        library.fluid_set_log_function(level, None, None)
    return library
