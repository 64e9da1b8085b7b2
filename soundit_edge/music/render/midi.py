"""The notes of a piece as a standard MIDI file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from soundit_edge.errors import SounditError
from soundit_edge.files import replacing, unwritable
from soundit_edge.music.general_midi import PROGRAMS, Instrument
from soundit_edge.music.score import Bar, Part

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

    signs = []  # (tick, order, message): of all tracks, by channel; None is the track of tempi
    bpm, seconds, begin = 0.0, 0.0, 0
    playing: dict[Part, Instrument] = {}
    parts: dict[Part, list[tuple[int, int, mido.Message]]] = {voice: [] for voice in _CHANNELS}
    for bar in bars:
        if bar.number == 0:
            signs.append((0, 0, mido.MetaMessage("time_signature", numerator=bar.beats_per_bar, denominator=4)))
        if bar.bpm != bpm:
            bpm = bar.bpm
            signs.append((begin, 0, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))))
        if bar.place == 0:
            signs.append((begin, 0, mido.MetaMessage("marker", text=f"{bar.character}, {bar.mode}")))
        for note in bar.notes:
            channel, instrument = _CHANNELS[note.voice], bar.instruments[note.voice]
            part = parts[note.voice]
            if playing.get(note.voice) is not instrument:
                playing[note.voice] = instrument
                part.append((begin, 1, mido.Message("program_change", channel=channel, program=PROGRAMS[instrument])))
            start = begin + round(note.start * TICKS)
            stop = start + max(1, round(note.length * TICKS))
            velocity = min(127, max(1, round(127 * note.velocity)))
            on = mido.Message("note_on", channel=channel, note=note.pitch, velocity=velocity)
            part += [(start, 2, on), (stop, 0, mido.Message("note_off", channel=channel, note=note.pitch))]
        begin += bar.beats_per_bar * TICKS
        seconds += bar.bar_s
    tracks = [(None, signs), *((str(voice), part) for voice, part in parts.items() if part)]
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    for name, events in tracks:
        track = mido.MidiTrack()
        if name:
            track.append(mido.MetaMessage("track_name", name=name))
        now = 0
        for tick, _, message in sorted(events, key=lambda event: event[:2]):
            track.append(message.copy(time=tick - now))
            now = tick
        file.tracks.append(track)
    return file, seconds
