"""The plucked figures that fill a bar between melody and bass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from soundit_edge.music.compose.bar_context import BarContext, Span
from soundit_edge.music.compose.idiom import Figure
from soundit_edge.music.compose.parts.riff import guitar
from soundit_edge.music.score import Note, Part

ARPEGGIOS: Final = (
    (0, 2, 1, 3, 2, 1, 3, 2),
    (0, 1, 2, 3, 2, 1, 2, 3),
    (0, 2, 3, 2, 1, 2, 3, 2),
    (0, 3, 2, 1, 0, 3, 2, 1),
)
"""Which of a chord's four tones are taken on each eighth of a bar, as the theme does."""
_ROCKING: Final = ((0, 2, 1, 2), (0, 1, 2, 1), (0, 2, 3, 2))
_SYNCOPES: Final = ((0.0, 1.5, 2.5, 3.5), (0.5, 1.5, 2.0, 3.5), (0.0, 0.5, 1.5, 3.0))
_FEW: Final = 0.6  # density below which every other note is left out
_TREMBLING: Final = 0.88  # how many of the strokes of a tremolo are there

Line = list[tuple[float, float, Sequence[int], float]]
"""Start and length in beats, MIDI pitches, and force beside the others."""


def pluck(context: BarContext, voicings: Sequence[Sequence[int]]) -> list[Note]:
    """Return the plucked figure of a bar; `voicings` are the MIDI pitches of each of its chords, rising."""
    if context.phrase.figure is Figure.RIFF:
        return guitar(context)
    line: Line = []
    for span, pitches in zip(context.spans, voicings, strict=True):
        line += _figure(context, span, list(pitches))
    return [
        Note(Part.PLUCK, start, length, pitch, context.velocity(force))
        for start, length, chord, force in sorted(line, key=lambda item: item[0])
        for pitch in chord
    ]


def _figure(context: BarContext, span: Span, pitches: list[int]) -> Line:
    pattern, pulse = context.phrase.pattern, 1.0 / context.metre.division
    count = round(span.length / pulse)
    few = context.expression.density < _FEW

    def tone(k: int) -> int:
        return pitches[k % len(pitches)]

    order: Sequence[int]

    def at(k: int) -> float:
        return span.start + k * pulse

    match context.phrase.figure:
        case Figure.ARPEGGIO:
            order = ARPEGGIOS[pattern % len(ARPEGGIOS)]
            return [
                (at(k), context.held(2 * pulse), [tone(order[k % 8])], 0.9 if k == 0 else 0.78)
                for k in range(count)
                if not (few and k % 2 and pattern % 2)
            ]
        case Figure.ROCKING:
            order = _ROCKING[pattern % len(_ROCKING)]
            return [
                (at(k), context.held(3 * pulse), [tone(order[k % 4])], 0.92 if k % 4 == 0 else 0.74)
                for k in range(count)
            ]
        case Figure.OFFBEAT:
            line: Line = [(span.start + k, pulse * 0.8, [tone(0)], 0.75) for k in range(0, round(span.length), 2)]
            off = pulse * (context.metre.division - 1)
            return line + [(span.start + k + off, pulse * 0.6, pitches[1:], 0.85) for k in range(round(span.length))]
        case Figure.SYNCOPATED:
            starts = [s * 0.5 / pulse * pulse for s in _SYNCOPES[pattern % len(_SYNCOPES)]]
            starts = [round(s / pulse) * pulse for s in starts if round(s / pulse) * pulse < span.length]
            return [(span.start + s, pulse * 0.8, pitches, 0.9) for s in dict.fromkeys(starts)]
        case Figure.WALTZ:
            line = [(span.start, 1.0, [tone(0)], 0.9)]
            return line + [(span.start + k, 0.6, pitches[1:], 0.7) for k in range(1, round(span.length))]
        case Figure.BROKEN:
            order = (0, 1, 2, 3) if pattern % 2 else (0, 2, 3, 1)
            step = 1.0 if span.length >= 3.0 else pulse
            ends = span.length
            return [
                (span.start + k * step, ends - k * step, [tone(t)], 1.0)
                for k, t in enumerate(order)
                if k * step < ends - 0.1
            ]
        case Figure.ROLLED:
            return [(span.start, span.length, pitches, 0.95)]
        case Figure.OSTINATO:
            return _ostinato(context, span, pitches)
        case Figure.TREMOLO:
            fine = pulse / 2
            pair = pitches[-2:]
            return [
                (span.start + k * fine, fine * 1.2, pair, 0.75 + 0.25 * (k % 3 == 0))
                for k in range(round(span.length / fine))
                if context.random.uniform() < _TREMBLING
            ]
        case Figure.DROPS:
            drops = context.random.choice(count, size=min(3, count), replace=False)
            return [
                (
                    at(int(k)),
                    pulse * 0.7,
                    [tone(int(context.random.integers(4)))],
                    float(context.random.uniform(0.6, 1)),
                )
                for k in sorted(drops)
            ]
        case Figure.RIFF:
            return []


def _ostinato(context: BarContext, span: Span, pitches: list[int]) -> Line:
    """Return quick notes about one tone, whose accents shift from bar to bar."""
    pulse = 1.0 / context.metre.division
    fine = pulse / 2 if context.expression.density > _FEW else pulse
    accents = context.phrase.accents[context.place % 2]
    low = pitches[0]
    scale = {(context.tonic + s) % 12 for s in span.chord.scale}
    near = [low + step for step in (1, 2, 3) if (low + step) % 12 in scale] or [low + 1]
    order = ((0, 0, 1, 0), (0, 1, 0, 2), (0, 0, 0, 1))[context.phrase.pattern % 3]
    notes: Line = []
    tones = [low, near[0], near[-1]]
    for k in range(round(span.length / fine)):
        start = span.start + k * fine
        hit = any(abs(start - accent) < 1e-6 for accent in accents)
        pitch = tones[order[k % 4]] + (12 if hit and context.phrase.pattern % 2 else 0)
        notes.append((start, fine * 0.6, [pitch], 1.15 if hit else 0.62))
    return notes
