"""A small synthesiser of our own, for a machine without FluidSynth or SoundFont.

Every note reads a table of one period, two of them mixed: a bright one that dies away, and a mellow one that stays. The
tables are band-limited, one for each octave. All notes that sound are rendered as one array; envelopes and vibrato move
in steps of `GRID` samples, with straight lines between. Drums are short sounds that are made once.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE
from soundit_edge.music.general_midi import KITS
from soundit_edge.music.score import BEND_SEMITONES, MidiController, Part
from soundit_edge.music.synth.additive import VIBRATO_HZ, harmonics, hertz
from soundit_edge.music.synth.controllers import ControllerTracks
from soundit_edge.music.synth.drum_samples import stroke
from soundit_edge.music.synth.synth import GRID, PARTS, ControlEvent, NoteEvent, Stems
from soundit_edge.music.synth.timbres import TIMBRES

POLYPHONY: Final = 48
"""Notes that sound at once; the one that began first makes room for another."""
GAIN: Final = 2.5
_KIT_LEVEL: Final = 0.8  # of the drums, beside the other instruments
_BITS: Final = 11
_SIZE: Final = 1 << _BITS  # samples of a table
_SHIFT: Final = np.uint32(32 - _BITS)
_OCTAVES: Final = 10
_LOWEST_HZ: Final = 20.0  # the highest fundamental of the first octave's table is twice that
_STEPS: Final = BLOCK // GRID
_PEDAL_DOWN: Final = 0.5
_WIDER: Final = 0.25  # semitones of vibrato that full modulation adds
_SILENT: Final = 1e-4
_DRUMS: Final = PARTS.index(Part.DRUMS)
_NUMBERS: Final = {instrument: k for k, instrument in enumerate(TIMBRES)}


@cache
def _tables() -> npt.NDArray[np.float32]:
    """Return a period of each timbre in each octave, bright and mellow, float32 [timbres, octaves, 2, _SIZE]."""
    phase = np.arange(_SIZE) / _SIZE
    highest = 0.45 * RATE / (_LOWEST_HZ * 2.0 ** np.arange(1, _OCTAVES + 1))
    counts = np.clip(highest.astype(int), 1, 64)  # of harmonics; the low octaves have equally many
    tables = np.empty((len(TIMBRES), _OCTAVES, 2, _SIZE), dtype=np.float32)
    for number, timbre in enumerate(TIMBRES.values()):
        for k, slope in enumerate((timbre.slope, max(timbre.slope, timbre.mellow))):
            weights = tuple((timbre.odd if n % 2 == 0 else 1.0) / n**slope for n in range(1, counts.max() + 1))
            for count in np.unique(counts):
                wave = harmonics(phase, weights[:count])
                tables[number, counts == count, k] = wave / np.sqrt(2 * np.mean(np.square(wave)))
    return tables


_VOICE: Final = np.dtype(
    [
        ("start", np.int64),  # samples
        ("stop", np.int64),
        ("table", np.int64),  # where the bright one begins; the mellow one follows
        ("part", np.int64),  # its place in `PARTS`
        ("phase", np.uint32),  # a whole turn is 2 ** 32
        ("step", np.float64),  # of it, a sample
        *((name, np.float64) for name in ("attack", "decay", "release", "bright_s", "vibrato", "level")),
    ]
)
_RAMP: Final = (np.arange(GRID) / GRID).astype(np.float32)
_WITHIN: Final = np.arange(GRID, dtype=np.uint32)


class Wavetable:
    """Our own synthesiser behind the contract of `StemSynth`."""

    name = "our own small synthesiser"
    sampled = False

    def __init__(self) -> None:
        self._flat = _tables().reshape(-1)
        self._waiting: list[tuple[int, int, NoteEvent]] = []  # when, and in what order they were given
        self._count = 0
        self._voices = np.zeros(0, dtype=_VOICE)
        self._drums: list[tuple[int, npt.NDArray[np.float32]]] = []  # when, and the sound
        self._controllers = ControllerTracks()
        self._done = 0

    def note_on(self, strike: NoteEvent) -> None:
        """Have a note played; see `StemSynth`."""
        self._count += 1
        heapq.heappush(self._waiting, (strike.start, self._count, strike))

    def control(self, control: ControlEvent) -> None:
        """Have a controller moved; see `StemSynth`."""
        self._controllers.add(control)

    def close(self) -> None:
        """Do nothing: there is nothing to free."""

    def render_parts(self) -> Stems:
        """Return the next samples of each part, in the middle; see `StemSynth`."""
        self._begin()
        tracks = self._controllers.block(self._done)
        out = np.zeros((len(PARTS), BLOCK), dtype=np.float32)
        if len(self._voices):
            # What the pedal holds is not let go before the pedal is.
            held = tracks[MidiController.PEDAL][self._voices["part"], 0] >= _PEDAL_DOWN
            due = held & (self._voices["stop"] >= self._done) & (self._voices["stop"] < self._done + BLOCK)
            self._voices["stop"][due] = self._done + BLOCK
            sound = self._sound(tracks)
            whose = np.arange(len(PARTS))[:, np.newaxis] == self._voices["part"]
            out += (whose * self._voices["level"]).astype(np.float32) @ sound
        for start, sound in self._drums:
            first, skip = max(0, start - self._done), max(0, self._done - start)
            part = sound[skip : skip + BLOCK - first]
            out[_DRUMS, first : first + len(part)] += part
        self._done += BLOCK
        gone = self._done - self._voices["stop"] > self._voices["release"] * RATE
        faint = self._done - self._voices["start"] > -np.log(_SILENT) * self._voices["decay"] * RATE
        self._voices = self._voices[~(gone | faint)]
        self._drums = [(start, sound) for start, sound in self._drums if start + len(sound) > self._done]
        return np.repeat(out[:, np.newaxis], CHANNELS, axis=1)

    def _begin(self) -> None:
        """Take in what begins in this block."""
        rows = []
        while self._waiting and self._waiting[0][0] < self._done + BLOCK:
            strike = heapq.heappop(self._waiting)[2]
            start = max(self._done, -(-strike.start // GRID) * GRID)
            loud = GAIN * strike.velocity**2 * np.sqrt(0.5)
            if strike.instrument in KITS:
                self._drums.append((start, (_KIT_LEVEL * loud * stroke(strike.key)).astype(np.float32)))
                continue
            timbre, frequency = TIMBRES[strike.instrument], hertz(strike.key)
            octave = min(_OCTAVES - 1, max(0, int(np.log2(frequency / _LOWEST_HZ))))
            rows.append(
                (
                    start,
                    start + max(GRID, strike.length),
                    (_NUMBERS[strike.instrument] * _OCTAVES + octave) * 2 * _SIZE,
                    PARTS.index(strike.part),
                    0,
                    frequency / RATE * 2.0**32,
                    timbre.attack,
                    timbre.decay,
                    timbre.release,
                    timbre.bright_s,
                    timbre.vibrato,
                    timbre.level * loud,
                )
            )
        if rows:
            self._voices = np.concatenate([self._voices, np.array(rows, dtype=_VOICE)])[-POLYPHONY:]

    def _sound(self, tracks: Mapping[MidiController, npt.NDArray[np.float64]]) -> npt.NDArray[np.float32]:
        """Return the sound of every voice in this block, float32 [voices, BLOCK], its controllers in these `tracks`."""
        part = self._voices["part"]
        v = {name: self._voices[name][:, np.newaxis] for name in _VOICE.names or ()}
        at = self._done + GRID * np.arange(_STEPS + 1)
        age = (at - v["start"]) / RATE
        level = _smooth(age / v["attack"]) * np.exp(-np.maximum(age, 0.0) / v["decay"])
        level *= _smooth(1.0 - (at - v["stop"]) / (v["release"] * RATE))
        level *= np.square(tracks[MidiController.EXPRESSION][part])
        bright = np.exp(-np.maximum(age, 0.0) / v["bright_s"])
        deep = v["vibrato"] * np.log(2) / 12 * np.clip(2 * age - 0.5, 0.0, 1.0)
        deep += _WIDER * np.log(2) / 12 * tracks[MidiController.MODULATION][part]
        bent = np.exp2(BEND_SEMITONES / 12 * tracks[MidiController.BEND][part])
        steps = v["step"] * bent * (1.0 + deep * np.sin(2 * np.pi * VIBRATO_HZ * age))
        steps = steps[:, :-1].astype(np.uint32)
        turned = np.cumsum(steps * np.uint32(GRID), axis=1, dtype=np.uint32) + v["phase"]
        self._voices["phase"] = turned[:, -1]
        begin = (turned - steps * np.uint32(GRID))[:, :, np.newaxis]
        place = ((begin + steps[:, :, np.newaxis] * _WITHIN) >> _SHIFT).astype(np.int64)
        place += v["table"][:, :, np.newaxis]
        sound = self._flat.take(place) * _line(level * bright)
        place += _SIZE
        sound += self._flat.take(place) * _line(level * (1.0 - bright))
        joined: npt.NDArray[np.float32] = sound.reshape(len(self._voices), BLOCK)
        return joined


def _smooth(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return a smooth step from 0 to 1, level at both ends (a cubic)."""
    x = np.clip(x, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def _line(ends: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return straight lines between the values of each step, float32 [voices, steps, GRID]."""
    level = ends.astype(np.float32)
    lines: npt.NDArray[np.float32] = level[:, :-1, np.newaxis] + np.diff(level, axis=1)[:, :, np.newaxis] * _RAMP
    return lines
