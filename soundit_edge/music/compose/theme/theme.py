"""The first theme: sixteen bars in major that play out of the box, and for ever."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from soundit_edge.audio.format import CHANNELS, RATE, Stereo, amplitude
from soundit_edge.audio.loudness import loudness
from soundit_edge.music.compose import harmony
from soundit_edge.music.compose.form.phrase import CLIMBS
from soundit_edge.music.compose.harmony import Chord, pitch_of, voicing
from soundit_edge.music.compose.parts.figures import ARPEGGIOS
from soundit_edge.music.compose.theme.melody import FALLS, draw_contrast, draw_motif, phrase
from soundit_edge.music.score import BEATS, Note, Part
from soundit_edge.music.synth.additive import INSTRUMENTS
from soundit_edge.music.track import Track

BPM: Final = 96.0
BARS: Final = 16
LOUDNESS: Final = -18.0  # LUFS

# How loud the voices are beside each other.
LEVELS: Final[Mapping[Part, float]] = MappingProxyType(
    {Part.PAD: 0.085, Part.PLUCK: 0.24, Part.BASS: 0.30, Part.LEAD: 0.25, Part.SHAKER: 0.012}
)
TONICS: Final = (46, 48, 50, 51)  # B flat, C, D or E flat below the middle C
PATTERNS: Final = ARPEGGIOS[:3]
"""What the plucked string plays: a fourth arpeggio would be drawn for some seeds, whose themes would be others."""


def theme(seed: int) -> Track:
    """Return a theme of `BARS` bars at `LOUDNESS`; the same seed gives the same samples."""
    random = np.random.default_rng(seed)
    notes = compose(random)
    samples = perform(notes)
    samples *= np.float32(amplitude(LOUDNESS - loudness(samples)))
    return Track(samples, BPM, BEATS, title=title_of(seed))


def title_of(seed: int) -> str:
    """Return the title of the theme of this seed."""
    return f"Theme {seed}"


def compose(random: np.random.Generator) -> list[Note]:
    """Return the notes of a theme in the form A A' B A'', part by part."""
    tonic = int(random.choice(TONICS))
    opening = harmony.OPENINGS[random.integers(len(harmony.OPENINGS))]
    contrast = harmony.CONTRASTS[random.integers(len(harmony.CONTRASTS))]
    close = harmony.CLOSES[random.integers(len(harmony.CLOSES))]
    chords = [*opening, *opening[:3], harmony.FIRST, *contrast, *close]
    motif = draw_motif(random)
    other = draw_contrast(random)
    climb, fall = CLIMBS[random.integers(len(CLIMBS))], FALLS[random.integers(len(FALLS))]
    sung = tonic + 12
    lead = [
        *phrase(motif, climb, chords[0:4], sung, 0, stand=7, home=False),
        *phrase(motif, fall, chords[4:8], sung, 4, stand=7, home=True),
        *phrase(other, climb, chords[8:12], sung, 8, stand=10, home=False),
        *phrase(motif, climb, chords[12:16], sung, 12, stand=7, home=True),
    ]
    return [
        *_pads(chords, tonic),
        *_plucks(chords, tonic, random),
        *_bass(chords, tonic),
        *_shaker(len(chords), random),
        *lead,
    ]


def perform(notes: Iterable[Note]) -> Stereo:
    """Return the sound of the notes as a loop, float32 [n, 2]: what rings after the end sounds into the beginning."""
    beat_s = 60.0 / BPM
    out = np.zeros((round(BARS * BEATS * beat_s * RATE), CHANNELS), dtype=np.float32)
    for voice, group in itertools.groupby(sorted(notes, key=lambda note: note.voice), key=lambda note: note.voice):
        played: dict[tuple[int, float], Stereo] = {}  # a note that comes again is the same; only one voice's are kept
        for note in group:
            if (note.pitch, note.length) not in played:
                played[note.pitch, note.length] = INSTRUMENTS[voice](note.pitch, note.length * beat_s)
            sound = played[note.pitch, note.length] * np.float32(LEVELS[voice] * note.velocity)
            _add_around(out, sound, round(note.start * beat_s * RATE))
    return out


def _add_around(out: Stereo, sound: Stereo, start: int) -> None:
    """Add `sound` to the loop `out` from `start` on, going on at its beginning where it passes its end."""
    start %= len(out)
    while len(sound):
        count = min(len(sound), len(out) - start)
        out[start : start + count] += sound[:count]
        sound, start = sound[count:], 0


def _pads(chords: list[Chord], tonic: int) -> list[Note]:
    notes = []
    pitches: tuple[int, ...] = ()
    for bar, chord in enumerate(chords):
        pitches = voicing(chord, tonic, pitches, low=50, high=73)
        notes += [Note(Part.PAD, BEATS * bar, BEATS - 0.5, p, 0.8) for p in pitches]
    return notes


def _plucks(chords: list[Chord], tonic: int, random: np.random.Generator) -> list[Note]:
    pattern = PATTERNS[random.integers(len(PATTERNS))]
    notes = []
    pitches: tuple[int, ...] = ()
    for bar, chord in enumerate(chords):
        pitches = voicing(chord, tonic, pitches, low=60, high=79)
        for eighth, tone in enumerate(pattern):
            accent = 1.0 if eighth == 0 else 0.75 if eighth % 2 == 0 else 0.55
            # A player's hand: a few milliseconds and decibels off, never twice the same.
            late, soft = random.uniform(0.0, 0.012), random.uniform(0.85, 1.0)
            notes.append(Note(Part.PLUCK, BEATS * bar + eighth / 2 + late, 0.5, pitches[tone], accent * soft))
    return notes


def _bass(chords: list[Chord], tonic: int) -> list[Note]:
    notes = []
    for bar, chord in enumerate(chords):
        root = pitch_of(chord.degree, tonic - 12)
        while root > 48:
            root -= 12
        while root < 36:
            root += 12
        fifth = root + 7 if root + 7 <= 50 else root - 5
        notes.append(Note(Part.BASS, BEATS * bar, 2.4, root, 1.0))
        notes.append(Note(Part.BASS, BEATS * bar + 2.5, 1.4, fifth if bar % 2 else root, 0.7))
    return notes


def _shaker(bars: int, random: np.random.Generator) -> list[Note]:
    """Return soft eighths that keep the time; their "pitch" only tells one stroke from another."""
    return [
        Note(Part.SHAKER, eighth / 2, 0.1, int(random.integers(3)), 1.0 if eighth % 2 else 0.5)
        for eighth in range(2 * BEATS * bars)
    ]
