"""The notes of a piece as a standard MIDI file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from soundit_edge.errors import SounditError
from soundit_edge.files import replacing, unwritable
from soundit_edge.music.general_midi import PROGRAMS, Instrument
from soundit_edge.music.score import CONTROLLER_NUMBERS, Bar, ControlChange, MidiController, Note, Part

TICKS: Final = 480
"""To a beat."""
_DRUM_CHANNEL: Final = 9
_CHANNELS: Final = {
    Part.LEAD: 0,
    Part.PAD: 1,
    Part.PLUCK: 2,
    Part.BASS: 3,
    Part.STINGER: 4,
    Part.DRUMS: _DRUM_CHANNEL,
}


class MidiError(SounditError):
    """A MIDI file cannot be written."""


def write_midi(path: Path, bars: Iterable[Bar]) -> float:
    """Write a file of format 1: a track of tempi and modes, and one for each part. It appears when it is whole.

    Returns:
        Its length in seconds.

    Raises:
        MidiError: the folder is missing or cannot be written to, or the path is a folder.
    """
    try:
        with replacing(path) as temporary:
            file, seconds = _file_of(bars)
            file.save(temporary)
    except OSError as error:
        raise MidiError(f"cannot write {path}: {unwritable(path, error)}") from error
    return seconds


def _file_of(bars: Iterable[Bar]) -> tuple[Any, float]:
    """Return a piece as a mido file, and its length in seconds."""
    import mido

    signs = []  # (tick, order, message) of the track of tempi
    tempo, metre, seconds, begin = 0, "", 0.0, 0
    playing: dict[Part, Instrument] = {}
    parts: dict[Part, list[tuple[int, int, mido.Message]]] = {voice: [] for voice in _CHANNELS}
    strikes: dict[Part, list[_Strike]] = {voice: [] for voice in _CHANNELS}
    for bar in bars:
        beat = TICKS * bar.division // 2  # a dotted crotchet in compound metres
        if bar.metre != metre:
            metre = bar.metre
            above, below = map(int, metre.split("/"))
            signs.append((begin, 0, mido.MetaMessage("time_signature", numerator=above, denominator=below)))
        if (new := round(60e6 / bar.bpm * TICKS / beat)) != tempo:
            tempo = new
            signs.append((begin, 0, mido.MetaMessage("set_tempo", tempo=tempo)))
        if bar.place == 0:
            signs.append((begin, 0, mido.MetaMessage("marker", text=f"{bar.section}: {bar.character}, {bar.mode}")))
        for note in bar.notes:
            instrument = bar.instruments[note.voice]
            if playing.get(note.voice) is not instrument:
                playing[note.voice] = instrument
                at = max(0, begin + min(0, _ticks(note.start, beat)))
                program = mido.Message("program_change", channel=_CHANNELS[note.voice], program=PROGRAMS[instrument])
                parts[note.voice].append((at, 1, program))
            strikes[note.voice].append(_strike(note, begin, beat))
        for moved in bar.controls:
            parts[moved.voice].append((begin + _ticks(moved.start, beat), 2, _movement(moved)))
        begin += bar.beats_per_bar * beat
        seconds += bar.bar_s
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    for voice, part in parts.items():
        part += _strokes(strikes[voice], _CHANNELS[voice])
    for name, events in [(None, signs), *((str(voice), part) for voice, part in parts.items() if part)]:
        track = mido.MidiTrack()
        if name:
            track.append(mido.MetaMessage("track_name", name=name))
        now = 0
        for tick, _, message in sorted(events, key=lambda event: event[:2]):
            track.append(message.copy(time=tick - now))
            now = tick
        file.tracks.append(track)
    return file, seconds


@dataclass(frozen=True, slots=True)
class _Strike:
    """A note in ticks: begin, end, pitch, and velocity 1 to 127."""

    start: int
    stop: int
    pitch: int
    velocity: int


def _ticks(beats: float, beat: int) -> int:
    return round(beats * beat)


def _strike(note: Note, begin: int, beat: int) -> _Strike:
    start = max(0, begin + _ticks(note.start, beat))
    velocity = min(127, max(1, round(127 * note.velocity)))
    return _Strike(start, start + max(1, _ticks(note.length, beat)), note.pitch, velocity)


def _strokes(strikes: list[_Strike], channel: int) -> list[tuple[int, int, Any]]:
    """Return the messages of a part's notes, each let go before its key is struck again."""
    import mido

    out, again = [], dict[int, int]()
    for strike in sorted(strikes, key=lambda s: s.start, reverse=True):
        stop = max(strike.start, min(strike.stop, again.get(strike.pitch, strike.stop)))
        again[strike.pitch] = strike.start
        on = mido.Message("note_on", channel=channel, note=strike.pitch, velocity=strike.velocity)
        off = mido.Message("note_off", channel=channel, note=strike.pitch)
        out += [(strike.start, 3, on), (stop, 0 if stop > strike.start else 4, off)]
    return out


def _movement(moved: ControlChange) -> Any:
    """Return the message of a controller's movement."""
    import mido

    channel = _CHANNELS[moved.voice]
    if moved.controller is MidiController.BEND:
        return mido.Message("pitchwheel", channel=channel, pitch=min(8191, max(-8192, round(8192 * moved.value))))
    value = min(127, max(0, round(127 * moved.value)))
    return mido.Message("control_change", channel=channel, control=CONTROLLER_NUMBERS[moved.controller], value=value)
