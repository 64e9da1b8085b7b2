"""The arranger: writes the notes of a bar, part by part, the melody first, so that the rest keeps below it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from soundit_edge.music.compose.bar_context import BarContext, Span
from soundit_edge.music.compose.form.phrase import Phrase
from soundit_edge.music.compose.harmony import Chord, voicing
from soundit_edge.music.compose.idiom import Idiom
from soundit_edge.music.compose.melody.line import MelodyState
from soundit_edge.music.compose.melody.phrasing import melody
from soundit_edge.music.compose.metre import Metre
from soundit_edge.music.compose.modes import Mode
from soundit_edge.music.compose.parts.bass import bass, placed
from soundit_edge.music.compose.parts.drums import drums
from soundit_edge.music.compose.parts.figures import pluck
from soundit_edge.music.compose.parts.hits import stab
from soundit_edge.music.compose.parts.pad import pad
from soundit_edge.music.compose.parts.underscore import LOW_RANGE, underscore
from soundit_edge.music.general_midi import CRASH
from soundit_edge.music.score import Note, Part

PAD_RANGE: Final = (47, 74)
"""MIDI pitches of the held chords under a melody about 70."""
_CLEAR: Final = 2  # semitones that the accompaniment keeps below the melody
_MIDDLE: Final = 70.0


class Arranger:
    """Writes bar after bar: each part goes on from where it was."""

    def __init__(self) -> None:
        self._voice = MelodyState()
        self._held: tuple[int, ...] = ()
        self._plucked: tuple[int, ...] = ()
        self._low: tuple[int, ...] = ()  # the chord before under speech
        self._bass: int | None = None
        self._under: int | None = None  # the bass under the chord before
        self._chord: Chord | None = None

    @property
    def chord(self) -> Chord | None:
        """Return the chord that was written last."""
        return self._chord

    def spans(self, phrase: Phrase, place: int, mode: Mode, tonic: int, metre: Metre, soft: bool) -> tuple[Span, ...]:
        """Return the chords of a bar as long as they last, with the bass under each."""
        changes = phrase.chords[place]
        spans: list[Span] = []
        starts = [change.beat for change in changes]
        if not changes or starts[0] > 0.0:
            chord = self._chord or mode.chord(0, soft)
            low = self._bass if self._bass is not None else placed(tonic, None)
            spans.append(Span(0.0, starts[0] if starts else float(metre.beats), chord, low, fresh=False))
        ends = [*starts[1:], float(metre.beats)]
        for change, end in zip(changes, ends, strict=False):
            chord = mode.chord(change.degree, soft, change.leads)
            if change.stack and chord.scale == mode.scale:
                chord = replace(chord, stack=change.stack, colour=0)
            degree = 0 if mode.pedal else chord.triad[change.inversion]
            self._bass = placed((tonic + chord.scale[degree]) % 12, self._bass)
            self._chord = chord
            spans.append(Span(change.beat, end, chord, self._bass, change.suspended))
        return tuple(spans)

    def write(self, context: BarContext) -> tuple[list[Note], str]:
        """Return the notes of a bar, and the form of the motif that its melody is made of."""
        players = context.phrase.players
        lead: list[Note] = []
        motif = ""
        if Part.LEAD in players:
            lead, motif = melody(context, self._voice)
            root = context.spans[0].bass
            self._voice.outer = [(root, note.pitch) for note in (lead[:1] + lead[-1:])]
        else:
            self._voice.pitch, self._voice.outer = None, []
        voicings = self._voicings(context, lead)
        notes = list(lead)
        if Part.PAD in players:
            notes += pad(context, voicings[0])
        if Part.BASS in players:
            notes += bass(context)
        if Part.PLUCK in players:
            notes += pluck(context, voicings[1])
        if Part.DRUMS in players:
            notes += drums(context)
        if not context.closing:
            notes += stab(context)
        if context.last and context.phrase.stop and not context.closing:
            notes = _stopped(notes, context.beats - context.phrase.stop)
        return notes, motif

    def write_under_speech(self, context: BarContext, ring: float = 0.0) -> list[Note]:
        """Return the notes of a bar that was written already, as they are while somebody speaks.

        Args:
            context: as `under_speech` returns it.
            ring: beats that the notes ring on after the bar.
        """
        low, high = LOW_RANGE
        voicings = []
        for span in context.spans:
            plain = replace(span.chord, colour=0)
            self._low = voicing(plain, 48 + context.tonic, self._low, low, high, rough=context.idiom.rough)
            voicings.append(self._low)
        return underscore(context, voicings, ring)

    def last_bar(self, context: BarContext, ring: float) -> list[Note]:
        """Return the last bar: every part holds the chord of home, and lets it ring for `ring` beats more."""
        lead, _ = melody(context, self._voice)
        voicings = self._voicings(context, lead)
        length = context.beats + ring
        span = context.spans[0]
        notes = [replace(note, length=length) for note in lead[:1]]
        notes += [Note(Part.PAD, 0.0, length, p, context.velocity(0.7)) for p in voicings[0][0]]
        notes += [Note(Part.PLUCK, 0.0, length, p, context.velocity(0.85)) for p in voicings[1][0]]
        notes.append(Note(Part.BASS, 0.0, length, span.bass, context.velocity()))
        if context.expression.drums > 0.5:
            notes.append(Note(Part.DRUMS, 0.0, 1.0, CRASH, context.velocity(0.8)))
        return notes

    def _voicings(self, context: BarContext, lead: list[Note]) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        """Return the pitches of pad and plucked part under each chord: below the melody, wherever that sounds."""
        register = context.expression.register
        shift = (register - _MIDDLE) / 2
        top = min((note.pitch for note in lead), default=round(register) + 4) - _CLEAR
        low, high = round(PAD_RANGE[0] + shift), min(round(PAD_RANGE[1] + shift), top)
        centre = round(64 + (register - _MIDDLE) * 0.75)
        held, plucked = [], []
        tonic = 48 + context.tonic
        rough = context.idiom.rough
        for span in context.spans:
            under = None if self._under is None else (self._under, span.bass)
            low_pad = min(low, high - 11)
            self._held = voicing(span.chord, tonic, self._held, low_pad, high, under, rough)
            high_pluck = min(centre + 12, top)
            low_pluck = min(centre - 12, high_pluck - 12)
            self._plucked = voicing(span.chord, tonic, self._plucked, low_pluck, high_pluck)
            self._under = span.bass
            held.append(self._held)
            plucked.append(self._plucked)
        return held, plucked


def colours(idiom: Idiom, soft: bool) -> bool:
    """Return whether chords have ninths and sevenths: never where tones rub anyway."""
    return soft and not idiom.rough


def _stopped(notes: list[Note], end: float) -> list[Note]:
    """Return the notes up to a beat at which all break off."""
    return [
        replace(note, length=min(note.length, max(0.1, end - note.start))) for note in notes if note.start < end - 1e-6
    ]
