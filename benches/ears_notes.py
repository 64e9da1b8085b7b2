"""The notes of a piece, in figures: from its MIDI file, as a stranger would read it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import mido
import numpy as np

LEAD: Final = "lead"
DRUMS: Final = "drums"
_DRUM_CHANNEL: Final = 9
_GRIDS: Final = (4, 3)  # to a beat: sixteenths, and the eighths of a triplet
_SECTION: Final = 8  # bars
_SPAN: Final = 32  # bars in which sections shall differ
_DENSER: Final = 1.3
_TOGETHER_BEATS: Final = 0.1  # that two parts may be apart and still strike together


@dataclass(frozen=True, slots=True)
class Struck:
    """A note of a file: beats from its beginning, and the second at which it begins."""

    part: str
    start: float
    end: float
    pitch: int
    velocity: int
    second: float


@dataclass(frozen=True, slots=True)
class Notes:
    """A file's notes in their order, the beats at which its bars begin, its length in seconds, and its controllers."""

    struck: list[Struck]
    bars: list[float]
    seconds: float
    controllers: int
    spb: float
    """Seconds of a beat, in the mean."""


@dataclass(frozen=True, slots=True)
class NoteFigures:
    """What the notes of a piece say of it. Shares are 0 to 1.

    Attributes:
        notes_s: notes a second, the drums included.
        on_top: of the lead's notes: above all that sounds meanwhile.
        doubled: of the lead's notes: another part sounds the same pitch.
        repeated, step, leap: of the lead's intervals: none, one or two semitones, five and more.
        off_grid_ms: root mean square of what a note is beside the nearest sixteenth or triplet eighth.
        rests: of the bars: that the part which rests least is silent in.
        differ: of the spans of 32 bars: in which a section of eight has other parts, or a third more notes.
        controllers_s: controller messages a second.
        velocity_sd: standard deviation of the lead's velocities, 1 to 127.
        bars: how many there are.
    """

    notes_s: float
    on_top: float
    doubled: float
    repeated: float
    step: float
    leap: float
    off_grid_ms: float
    rests: float
    differ: float
    controllers_s: float
    velocity_sd: float
    bars: int


def read_notes(path: Path) -> Notes:
    """Read a MIDI file; a part is a track, and its name is the track's."""
    file = mido.MidiFile(path)
    tempi, signs, controllers = [(0, 500_000)], [(0, 4.0)], 0
    raw: list[tuple[str, int, int, int, int]] = []
    for track in file.tracks:
        now, name = 0, track.name
        open_notes: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for message in track:
            now += message.time
            if message.type == "set_tempo":
                tempi.append((now, message.tempo))
            elif message.type == "time_signature":
                signs.append((now, message.numerator * 4.0 / message.denominator))
            elif message.type == "control_change":
                controllers += 1
            elif message.type in ("note_on", "note_off"):
                key = (message.channel, message.note)
                if message.type == "note_on" and message.velocity:
                    open_notes[key].append((now, message.velocity))
                elif open_notes[key]:
                    begun, velocity = open_notes[key].pop(0)
                    part = DRUMS if message.channel == _DRUM_CHANNEL else name
                    raw.append((part, begun, now, message.note, velocity))
    ticks = file.ticks_per_beat
    second = _clock(tempi, ticks)
    struck = [Struck(p, a / ticks, b / ticks, n, v, second(a)) for p, a, b, n, v in sorted(raw, key=lambda r: r[1])]
    last = max((b for _, _, b, _, _ in raw), default=0)
    beats = last / ticks
    bars, at = [], 0.0
    changes = sorted(signs)
    while at < beats - 1e-6:
        bars.append(at)
        at += [length for tick, length in changes if tick / ticks <= at + 1e-6][-1]
    return Notes(struck, bars, second(last), controllers, second(last) / max(beats, 1e-9))


def _clock(tempi: list[tuple[int, int]], ticks: int) -> Any:
    """Return a function that gives the second of a tick."""
    marks = sorted(tempi)
    at = [0.0]
    for (begin, tempo), (end, _) in pairwise(marks):
        at.append(at[-1] + (end - begin) * tempo / 1e6 / ticks)
    ends = np.array([tick for tick, _ in marks])

    def second(tick: int) -> float:
        k = int(np.searchsorted(ends, tick, side="right")) - 1
        return at[k] + (tick - marks[k][0]) * marks[k][1] / 1e6 / ticks

    return second


def note_figures(short: Notes, long: Notes) -> NoteFigures:
    """Return the figures of a piece; form and rests are those of a `long` one of the same seed."""
    lead = [note for note in short.struck if note.part == LEAD]
    others = [note for note in short.struck if note.part not in (LEAD, DRUMS)]
    on_top, doubled = [], []
    for note in lead:
        begin = note.start + _TOGETHER_BEATS
        pitches = [o.pitch for o in others if o.start <= begin and o.end > note.start + 1e-6]
        on_top.append(note.pitch > max(pitches, default=-1))
        doubled.append(note.pitch in pitches)
    steps = np.abs([b.pitch - a.pitch for a, b in pairwise(_line(lead))])
    off = [_off(note.start) * short.spb * 1000.0 for note in short.struck]
    return NoteFigures(
        notes_s=len(short.struck) / max(short.seconds, 1e-9),
        on_top=_share(on_top),
        doubled=_share(doubled),
        repeated=_share(list(steps == 0)),
        step=_share(list((steps >= 1) & (steps <= 2))),
        leap=_share(list(steps >= 5)),
        off_grid_ms=float(np.sqrt(np.mean(np.square(off)))) if off else 0.0,
        rests=least_rest(long),
        differ=differing(long),
        controllers_s=short.controllers / max(short.seconds, 1e-9),
        velocity_sd=float(np.std([note.velocity for note in lead])) if lead else 0.0,
        bars=len(short.bars),
    )


def _line(lead: list[Struck]) -> list[Struck]:
    """Return the melody's own line: of notes that begin together, the highest."""
    line: list[Struck] = []
    for note in lead:
        if line and note.start - line[-1].start < _TOGETHER_BEATS / 2:
            if note.pitch > line[-1].pitch:
                line[-1] = note
        else:
            line.append(note)
    return line


def _off(beat: float) -> float:
    """Return how far a moment is from the nearest line of the grids, in beats."""
    return min(abs(beat * grid - round(beat * grid)) / grid for grid in _GRIDS)


def _sounding(notes: Notes) -> dict[str, set[int]]:
    """Return the numbers of the bars in which each part sounds for more than a moment."""
    bars: dict[str, set[int]] = defaultdict(set)
    starts = np.array([*notes.bars, np.inf])
    for note in notes.struck:
        first = int(np.searchsorted(starts, note.start + 1e-3, side="right")) - 1
        last = int(np.searchsorted(starts, max(note.start, note.end - 0.25), side="right")) - 1
        bars[note.part].update(range(max(0, first), max(first, last) + 1))
    return bars


def least_rest(notes: Notes) -> float:
    """Return the share of the bars in which the part that rests least is silent; stingers, which come once, apart."""
    count = max(1, len(notes.bars))
    rests = [1.0 - len(bars) / count for bars in _sounding(notes).values()]
    return min(rests, default=0.0)


def differing(notes: Notes) -> float:
    """Return the share of the spans of 32 bars in which two sections of eight bars differ in who plays, or in how many
    notes there are."""
    sounding = _sounding(notes)
    counts = np.histogram([note.start for note in notes.struck], bins=np.append(notes.bars, 1e9))[0]
    sections = []
    for begin in range(0, len(notes.bars) - _SECTION + 1, _SECTION):
        bars = set(range(begin, begin + _SECTION))
        parts = frozenset(part for part, where in sounding.items() if len(where & bars) > _SECTION // 2)
        sections.append((parts, int(counts[begin : begin + _SECTION].sum())))
    span = _SPAN // _SECTION
    found = []
    for k in range(len(sections) - span + 1):
        some = sections[k : k + span]
        most, least = max(n for _, n in some), min(n for _, n in some)
        found.append(len({parts for parts, _ in some}) > 1 or most > _DENSER * max(1, least))
    return _share(found)


def _share(values: list[Any]) -> float:
    return float(np.mean(values)) if values else 0.0
