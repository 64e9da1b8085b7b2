"""Pieces of General MIDI whose beats, bars, metre and key are known, since they are made here: 40 seconds from a seed.

Band, trio, chamber and piano; 4/4, 3/4, 6/8, 5/4 and 7/8, swing, rubato and changes of key. The tracks of
`benches/analysis_tracks.py` have sounds of their own; these are played by a SoundFont, as instruments ring.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import mido
import numpy as np
import numpy.typing as npt

from benches.analysis_harmony import Harmony, harmony
from benches.analysis_patterns import PATTERNS

SECONDS: Final = 40.0
UNEVEN_S: Final = 0.004
RUBATO: Final = 0.15
DRUMS: Final = 9
KICK, SNARE, STICK, HAT, OPEN, RIDE, CRASH = 36, 38, 37, 42, 46, 51, 49
ENSEMBLES: Final = {  # programs of chords, melody and bass; drums
    "band": ((4, 0, 27, 25), (80, 65, 56, 30, 11), (33, 34, 38), True),
    "trio": ((24, 0, 25, 26), (73, 71, 40, 11), (32, 33), False),
    "chamber": ((48, 49, 46), (40, 73, 68, 60), (42, 43), False),
    "piano": ((0,), (0,), (0,), False),
}


@dataclass(frozen=True, slots=True)
class PieceKind:
    """What is asked of a piece.

    Attributes:
        group: what its figures are listed under.
        metre: beats to a bar.
        division: parts of a beat, 2 or 3.
        tonic, minor: the key that it begins in.
        bpm: beats a minute; of 7/8 eighths.
        moves: semitones by which the key changes after two thirds; the truth is the key of the longer part.
    """

    group: str
    metre: int
    division: int
    tonic: int
    minor: bool
    bpm: float
    moves: int = 0


@dataclass(frozen=True, slots=True)
class PieceTruth:
    """What is true of a piece: its kind, and the seconds of its beats; the first of them begins a bar."""

    kind: PieceKind
    beats: npt.NDArray[np.float64]

    @property
    def downbeats(self) -> npt.NDArray[np.float64]:
        return self.beats[:: self.kind.metre]

    @property
    def bpm(self) -> float:
        return float(60.0 * (len(self.beats) - 1) / (self.beats[-1] - self.beats[0]))


def kinds(seed: int) -> list[PieceKind]:
    """Return the 43 pieces of a set: the 24 keys in 4/4 at 50 to 210 a minute, and nineteen of other kinds."""
    rng = np.random.default_rng(seed)
    tempi = rng.permutation(np.geomspace(50.0, 210.0, 24))
    found = [PieceKind("4/4", 4, 2, k % 12, k >= 12, float(bpm)) for k, bpm in enumerate(tempi)]
    for group, count, metre, division, low, high in (
        ("3/4", 4, 3, 2, 80, 180),
        ("6/8", 4, 2, 3, 50, 110),
        ("swing", 3, 4, 2, 100, 180),
        ("rubato", 3, 4, 2, 60, 110),
        ("key change", 3, 4, 2, 80, 140),
        ("5/4", 1, 5, 2, 100, 170),
        ("7/8", 1, 7, 2, 150, 208),
    ):
        for k in range(count):
            moves = int(rng.choice([2, 5, -3, 1, 7])) if group == "key change" else 0
            tonic, minor = int(rng.integers(12)), bool((k + rng.integers(2)) % 2)
            found.append(PieceKind(group, metre, division, tonic, minor, float(rng.uniform(low, high)), moves))
    return found


class PieceWriter:
    """Writes the notes of one piece; `place` is in beats from the first bar line."""

    def __init__(self, kind: PieceKind, seed: int) -> None:
        self.kind, self.rng = kind, np.random.default_rng([seed, 7])
        bars = math.ceil((SECONDS - 2.0) * kind.bpm / 60.0 / kind.metre)
        self.bars = max(4, bars - bars % 2)
        count = self.bars * kind.metre + 1
        self.swing = self.rng.uniform(0.60, 0.67) if kind.group == "swing" else 0.5
        lengths = np.full(count, 60.0 / kind.bpm)
        if kind.group == "rubato":
            arch = np.sin(2 * np.pi * (np.arange(count) / (4 * kind.metre) + self.rng.random()))
            walk = np.convolve(self.rng.standard_normal(count + 3), np.ones(4) / 2.0, mode="valid")
            lengths *= 1.0 + np.clip(RUBATO * (0.7 * arch + 0.3 * walk), -1.2 * RUBATO, 1.2 * RUBATO)
        self.beats = self.rng.uniform(0.1, 1.0) + np.concatenate([[0.0], np.cumsum(lengths[:-1])])
        self.events: list[tuple[float, Any]] = []

    def seconds(self, place: float) -> float:
        """Return when a place is played; the off-beat swings."""
        beat, rest = divmod(place, 1.0)
        if self.kind.group == "swing":
            rest = rest / 0.5 * self.swing if rest <= 0.5 else 1.0 - (1.0 - rest) / 0.5 * (1.0 - self.swing)
        return float(np.interp(beat + rest, np.arange(len(self.beats)), self.beats))

    def note(self, channel: int, key: int, place: float, length: float, velocity: float) -> None:
        """Play a note of so many beats, about then and about as loud."""
        begin = max(0.0, self.seconds(place) + UNEVEN_S * self.rng.standard_normal())
        end = max(begin + 0.05, self.seconds(place + 0.95 * length))
        struck = int(np.clip(velocity + 6 * self.rng.standard_normal(), 20, 127))
        self.events.append((begin, mido.Message("note_on", channel=channel, note=key, velocity=struck)))
        self.events.append((end, mido.Message("note_off", channel=channel, note=key)))

    def messages(self) -> Iterator[Any]:
        """Yield what was written, each message with the seconds since the one before."""
        now = 0.0
        for when, message in sorted(self.events, key=lambda event: event[0]):
            yield message.copy(time=when - now)
            now = when


def piece(kind: PieceKind, seed: int) -> tuple[list[Any], PieceTruth]:
    """Return the messages of a piece of this kind, as `MidiSound.play` takes them, and what is true of it."""
    writer = PieceWriter(kind, seed)
    rng = writer.rng
    names = ["piano"] if kind.group == "rubato" else ["band"] if kind.group == "swing" else list(ENSEMBLES)
    chords, melodies, basses, drums = ENSEMBLES[
        str(rng.choice(names, p=None if len(names) < 4 else (0.5, 0.2, 0.15, 0.15)))
    ]
    for channel, programs in enumerate((chords, melodies, basses)):
        program = int(rng.choice(programs))
        writer.events.append((0.0, mido.Message("program_change", channel=channel, program=program)))
    plan = harmony(rng, writer.bars, kind.minor, kind.tonic, kind.moves)
    patterns = PATTERNS[kind.metre, kind.division]
    _chords(writer, plan, _one(rng, patterns.chords), broken=bool(rng.random() < 0.4))
    _bass(writer, plan, _one(rng, patterns.basses))
    _melody(writer, plan, [_one(rng, patterns.motifs) for _ in range(2)])
    if drums:
        _drums(writer, _one(rng, patterns.kicks), _one(rng, patterns.snares), _one(rng, patterns.hats))
    return list(writer.messages()), PieceTruth(kind, writer.beats)


def _one(rng: np.random.Generator, choices: Sequence[Sequence[float]]) -> Sequence[float]:
    return choices[int(rng.integers(len(choices)))]


def _until(places: Sequence[float], metre: int) -> Iterator[tuple[float, float]]:
    """Yield each place in a bar with the beats until the next one."""
    yield from zip(places, np.diff([*places, metre]), strict=True)


def _chords(writer: PieceWriter, plan: Harmony, pattern: Sequence[float], *, broken: bool) -> None:
    metre, last = writer.kind.metre, writer.bars - 1
    for bar in range(writer.bars):
        keys = [52 + (note - 4) % 12 for note in plan.chord(bar)]
        if bar == last:
            pattern, broken = (0.0,), False
        for k, (place, length) in enumerate(_until(pattern, metre)):
            for key in [sorted(keys)[k % 3]] if broken and len(pattern) > 2 else keys:
                writer.note(0, key, bar * metre + place, length, 62 + 10 * (place == 0))


def _bass(writer: PieceWriter, plan: Harmony, pattern: Sequence[float]) -> None:
    metre, walking = writer.kind.metre, writer.rng.random() < 0.35
    for bar in range(writer.bars):
        chord = plan.chord(bar)
        for k, (place, length) in enumerate(_until(pattern if bar < writer.bars - 1 else (0.0,), metre)):
            note = chord[(0, 2, 1, 2)[k % 4]] if walking else chord[0]
            writer.note(2, 33 + (note - 9) % 12, bar * metre + place, length, 84 + 8 * (place == 0))


def _melody(writer: PieceWriter, plan: Harmony, motifs: Sequence[Sequence[float]]) -> None:
    rng, metre, step = writer.rng, writer.kind.metre, 4
    for bar in range(writer.bars):
        if rng.random() < 0.08:
            continue
        scale, last = plan.scale(bar), bar == writer.bars - 1
        for place, length in _until((0.0,) if last or bar % 8 == 7 else motifs[(bar // 2) % 2], metre):
            step = int(np.clip(step + rng.integers(-2, 3), 0, 11))
            if place % 1.0 == 0.0 and rng.random() < 0.75:
                near = [s for s in range(12) if scale[s % 7] % 12 in {note % 12 for note in plan.chord(bar)}]
                step = min(near, key=lambda s: abs(s - step))
            key = 67 + (scale[step % 7] - 7) % 12 + 12 * (step // 7)
            writer.note(1, key - 12 * (key > 86), bar * metre + place, length, 88 + 8 * (place == 0))


def _drums(writer: PieceWriter, kicks: Sequence[float], snares: Sequence[float], hats: Sequence[float]) -> None:
    metre, hat = writer.kind.metre, int(writer.rng.choice([HAT, HAT, RIDE]))
    for bar in range(writer.bars - 1):
        for key, places, velocity in ((KICK, kicks, 100), (SNARE, snares, 92), (hat, hats, 70)):
            for place in places:
                if writer.rng.random() < 0.97:
                    writer.note(DRUMS, key, bar * metre + place, 0.1, velocity)
        if bar % 8 == 0:
            writer.note(DRUMS, CRASH, bar * metre, 0.5, 90)
