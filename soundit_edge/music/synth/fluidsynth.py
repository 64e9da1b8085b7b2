"""FluidSynth, pulled into our mixer.

By ctypes, not by pyfluidsynth: that has `get_samples` only (16 bit, dithered, 9 us for 512 samples), where
`fluid_synth_process` writes into our own buffers, a pair for each part (11 us of a block more than for one pair).
FluidSynth is LGPL-2.1+ and is linked at run time, where it is installed. Its own reverberation and chorus are off, for
the engine has them.
"""

from __future__ import annotations

import ctypes
import heapq
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge import paths
from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, amplitude
from soundit_edge.music.general_midi import KITS, PROGRAMS, Instrument
from soundit_edge.music.score import CONTROLLER_NUMBERS, MidiController, Part
from soundit_edge.music.synth.soundfont_levels import later_db, trim_db
from soundit_edge.music.synth.synth import GRID, PARTS, ControlEvent, NoteEvent, Stems, SynthError

FONTS: Final = (
    "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
    "/usr/share/sounds/sf2/FluidR3_GM.sf2",
    "/usr/share/sounds/sf2/default-GM.sf2",
)
"""Where Debian puts those that are free for any use (MIT), the smallest first."""
UNWANTED: Final = "TimGM6mb.sf2"  # GPL: default-GM may lead to it
LIBRARIES: Final = ("libfluidsynth.so.3", "libfluidsynth.so.2", "libfluidsynth.3.dylib", "libfluidsynth-3.dll")
POLYPHONY: Final = 96
GAIN: Final = 5.5
DRUM_BANK: Final = 128
_DRUM_CHANNEL: Final = 9
_FAILED: Final = -1
_LOG_LEVELS: Final = 5
_VOLUME: Final = 7  # controller of MIDI
_LET_GO, _MOVED, _STRUCK = range(3)
_BEND_MAX: Final = 16_383

_HEADROOM_DB: Final = 10.0  # MIDI's volume only turns down


def find_font() -> Path | None:
    """Return the SoundFont that `$SOUNDIT_SOUNDFONT` names, or the first of `FONTS` that is installed."""
    if chosen := paths.soundfont():
        return chosen
    fonts = map(Path, FONTS)
    return next((font for font in fonts if font.is_file() and font.resolve().name != UNWANTED), None)


def is_installed() -> bool:
    """Return whether FluidSynth's library is there."""
    return next(_loaded(), None) is not None


def _is_font(font: Path) -> bool:
    """Return whether a file begins as a SoundFont does; any other makes FluidSynth complain on stderr."""
    try:
        with font.open("rb") as file:
            head = file.read(12)
    except OSError:
        return False
    return head[:4] == b"RIFF" and head[8:] == b"sfbk"


class FluidSynth:
    """FluidSynth behind the contract of `StemSynth`."""

    sampled = True

    def __init__(self, font: Path | None = None, *, ready: Collection[Instrument] = ()) -> None:
        """Load the library and a SoundFont.

        Args:
            font: the SoundFont; None: `find_font` looks for it.
            ready: instruments to read now, as live music needs them; any other is read when it is first played, which
                takes up to 0.2 s.

        Raises:
            SynthError: one of them is missing or cannot be used.
        """
        font = font or find_font()
        if font is None:
            raise SynthError("no SoundFont found: install musescore-general-soundfont-small, or set SOUNDIT_SOUNDFONT")
        if not font.is_file():
            raise SynthError(f"{font}: there is no such SoundFont")
        if not _is_font(font):
            raise SynthError(f"{font}: this is no SoundFont, or it cannot be read")
        self.name = f"FluidSynth with {font.name}"
        self._library = library = _library()
        self._settings = library.new_fluid_settings()
        self._version = _version(library)
        library.fluid_settings_setnum(self._settings, b"synth.sample-rate", float(RATE))
        library.fluid_settings_setnum(self._settings, b"synth.gain", GAIN * amplitude(later_db(self._version)))
        for name, value in (
            (b"synth.dynamic-sample-loading", 1),  # 158 MB in place of 266
            (b"synth.reverb.active", 0),
            (b"synth.chorus.active", 0),
            (b"synth.polyphony", POLYPHONY),
            (b"synth.audio-channels", len(PARTS)),
            (b"synth.audio-groups", len(PARTS)),
            (b"synth.threadsafe-api", 0),
        ):
            library.fluid_settings_setint(self._settings, name, value)
        self._synth = library.new_fluid_synth(self._settings)
        self._font = library.fluid_synth_sfload(self._synth, os.fsencode(font), 0)
        if self._font == _FAILED:
            self.close()
            raise SynthError(f"{font}: FluidSynth cannot read this SoundFont")
        self._pinned: set[Instrument] = set()
        for instrument in ready:
            self._pin(instrument)
        # A channel's sound goes to the group of its number, counted around.
        self._channels = {part: _DRUM_CHANNEL if part is Part.DRUMS else k for k, part in enumerate(PARTS)}
        self._playing: dict[Part, Instrument] = {}
        # When; 0 is let go, 1 is a controller, 2 is struck; number.
        self._events: list[tuple[int, int, int, NoteEvent | ControlEvent]] = []
        self._count = 0
        self._latest: dict[tuple[Part, int], int] = {}  # number of the strike that a key was last struck by
        self._done = 0  # samples that FluidSynth has made
        self._stems: Stems = np.zeros((len(PARTS), CHANNELS, BLOCK), dtype=np.float32)
        rows = np.arange(len(PARTS) * CHANNELS, dtype=np.uint64)
        self._rows = np.uint64(self._stems.ctypes.data) + rows * np.uint64(self._stems.strides[1])
        self._places = np.empty_like(self._rows)  # of the samples that are to be written

    def note_on(self, strike: NoteEvent) -> None:
        """Have a note played; see `StemSynth`."""
        self._count += 1
        heapq.heappush(self._events, (strike.start, _STRUCK, self._count, strike))
        heapq.heappush(self._events, (strike.start + max(GRID, strike.length), _LET_GO, self._count, strike))

    def control(self, control: ControlEvent) -> None:
        """Have a controller moved; see `StemSynth`."""
        self._count += 1
        heapq.heappush(self._events, (control.start, _MOVED, self._count, control))

    def render_parts(self) -> Stems:
        """Return the next samples of each part; see `StemSynth`."""
        self._stems.fill(0.0)  # FluidSynth adds to what is there
        end = self._done + BLOCK
        while self._done < end:
            self._play_due()
            # Up to the next event, or the end of the block, on the grid of FluidSynth's own blocks.
            due = min(end, self._events[0][0] if self._events else end) - self._done
            length = max(GRID, -(-due // GRID) * GRID)
            offset = self._stems.itemsize * (BLOCK - (end - self._done))
            np.add(self._rows, np.uint64(offset), out=self._places)
            self._library.fluid_synth_process(self._synth, length, 0, None, len(self._rows), self._places.ctypes.data)
            self._done += length
        return self._stems

    def close(self) -> None:
        """Free the SoundFont and the synthesiser."""
        if self._synth:
            self._library.delete_fluid_synth(self._synth)
        if self._settings:
            self._library.delete_fluid_settings(self._settings)
        self._synth = self._settings = None

    def _play_due(self) -> None:
        while self._events and self._events[0][0] <= self._done:
            _, kind, number, event = heapq.heappop(self._events)
            if isinstance(event, ControlEvent):
                self._move(event)
            else:
                self._play(event, struck=kind == _STRUCK, number=number)

    def _play(self, strike: NoteEvent, struck: bool, number: int) -> None:
        """Strike a key, or let it go."""
        channel, key = self._channels[strike.part], (strike.part, strike.key)
        if struck:
            if self._playing.get(strike.part) is not strike.instrument:
                self._select_program(strike.part, strike.instrument)
            self._latest[key] = number
            velocity = min(127, max(1, round(127 * strike.velocity)))
            self._library.fluid_synth_noteon(self._synth, channel, strike.key, velocity)
        elif self._latest.get(key) == number:  # a key that was struck again is not let go for the first time
            self._library.fluid_synth_noteoff(self._synth, channel, strike.key)

    def _move(self, event: ControlEvent) -> None:
        """Move a controller of a part's channel."""
        channel = self._channels[event.part]
        if event.controller is MidiController.BEND:
            bend = min(_BEND_MAX, max(0, round((event.value + 1.0) * (_BEND_MAX + 1) / 2)))
            self._library.fluid_synth_pitch_bend(self._synth, channel, bend)
        else:
            value = min(127, max(0, round(127 * event.value)))
            self._library.fluid_synth_cc(self._synth, channel, CONTROLLER_NUMBERS[event.controller], value)

    def _pin(self, instrument: Instrument) -> None:
        """Read an instrument's samples, and keep them."""
        if instrument not in self._pinned:
            bank = DRUM_BANK if instrument in KITS else 0
            self._library.fluid_synth_pin_preset(self._synth, self._font, bank, PROGRAMS[instrument])
            self._pinned.add(instrument)

    def _select_program(self, voice: Part, instrument: Instrument) -> None:
        """Have a part play another instrument from its next note on."""
        self._pin(instrument)
        self._playing[voice] = instrument
        channel, level = self._channels[voice], trim_db(instrument, self._version) - _HEADROOM_DB
        # FluidSynth takes the volume as a curve of 40 dB to the factor of ten (General MIDI 2).
        volume = round(127 * min(1.0, 10.0 ** (level / 40.0)))
        self._library.fluid_synth_program_change(self._synth, channel, PROGRAMS[instrument])
        self._library.fluid_synth_cc(self._synth, channel, _VOLUME, volume)


def _library() -> ctypes.CDLL:
    """Load FluidSynth's library, declare its functions, and keep it silent.

    Raises:
        SynthError: it is not installed.
    """
    library = next(_loaded(), None)
    if library is None:
        raise SynthError("FluidSynth is not installed: install libfluidsynth3")
    pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    for name, result, arguments in (
        ("new_fluid_settings", pointer, []),
        ("new_fluid_synth", pointer, [pointer]),
        ("delete_fluid_synth", None, [pointer]),
        ("delete_fluid_settings", None, [pointer]),
        ("fluid_settings_setnum", number, [pointer, text, ctypes.c_double]),
        ("fluid_settings_setint", number, [pointer, text, number]),
        ("fluid_synth_sfload", number, [pointer, text, number]),
        ("fluid_synth_pin_preset", number, [pointer, number, number, number]),
        ("fluid_synth_program_change", number, [pointer, number, number]),
        ("fluid_synth_cc", number, [pointer, number, number, number]),
        ("fluid_synth_pitch_bend", number, [pointer, number, number]),
        ("fluid_synth_noteon", number, [pointer, number, number, number]),
        ("fluid_synth_noteoff", number, [pointer, number, number]),
        ("fluid_synth_process", number, [pointer, number, number, pointer, number, pointer]),
        ("fluid_set_log_function", pointer, [number, pointer, pointer]),
        ("fluid_version", None, [ctypes.POINTER(number)] * 3),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    for level in range(_LOG_LEVELS):
        library.fluid_set_log_function(level, None, None)
    return library


def _version(library: ctypes.CDLL) -> tuple[int, int]:
    numbers = [ctypes.c_int() for _ in range(3)]
    library.fluid_version(*map(ctypes.byref, numbers))
    return numbers[0].value, numbers[1].value


def _loaded() -> Iterator[ctypes.CDLL]:
    for name in LIBRARIES:
        try:
            yield ctypes.CDLL(name)
        except OSError:
            continue
