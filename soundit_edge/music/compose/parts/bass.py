"""The bass: where it lies, and how it goes."""

from __future__ import annotations

from typing import Final

from soundit_edge.music.compose.bar_context import BarContext, Span
from soundit_edge.music.compose.harmony import pitch_of
from soundit_edge.music.compose.idiom import BassLine
from soundit_edge.music.compose.parts.riff import riff
from soundit_edge.music.score import Note, Part

LOWEST_BASS: Final = 33
"""A, 55 Hz: what a small speaker still plays."""
HIGHEST_BASS: Final = 50
LOWEST_RIFF: Final = 28
"""E, 41 Hz: the lowest string of a bass guitar."""
_THIN: Final = 0.65  # density below which the bass only holds

Line = list[tuple[float, float, int, float]]
"""Start and length in beats, MIDI pitch, and force beside the others."""


def placed(pitch_class: int, before: int | None) -> int:
    """Return the MIDI pitch of a bass note: near the one before, within the bass's range."""
    octaves = [p for p in range(LOWEST_BASS, HIGHEST_BASS + 1) if (p - pitch_class) % 12 == 0]
    near = LOWEST_BASS + 6 if before is None else before
    return min(octaves, key=lambda p: (abs(p - near) + 0.15 * abs(p - 40), p))


def fifth_of(context: BarContext, span: Span) -> int:
    """Return the fifth of a chord below or above its bass, within the bass's range."""
    degree = span.chord.triad[-1]
    pitch = pitch_of(degree, context.tonic, span.chord.scale)
    return placed(pitch % 12, span.bass)


def bass(context: BarContext) -> list[Note]:
    """Return the bass of a bar."""
    line: Line = []
    if context.phrase.bass is BassLine.RIFF:
        line = [(hit.start, hit.length, _below(hit.pitch), 1.0 if hit.accent else 0.8) for hit in riff(context)]
    elif context.phrase.bass is BassLine.DRONE:
        low = placed(context.tonic, None)
        line = [(0.0, float(context.beats), low, 0.9)]
    else:
        for span in context.spans:
            line += _line(context, span)
    return [
        Note(Part.BASS, start, _held(context, length), pitch, context.velocity(0.95 * force))
        for start, length, pitch, force in line
    ]


def _below(pitch: int) -> int:
    """Return the octave below a guitar's note, where a bass still has it."""
    return pitch - 12 if pitch - 12 >= LOWEST_RIFF else pitch


def _held(context: BarContext, length: float) -> float:
    if context.phrase.bass in (BassLine.HELD, BassLine.DRONE):
        return length * 0.98
    if context.phrase.bass in (BassLine.TWO, BassLine.WALKING):
        return length * max(0.85, context.expression.articulation)
    return context.held(length)


def _line(context: BarContext, span: Span) -> Line:
    """Return the bass under one chord."""
    root, fifth, begin, length = span.bass, fifth_of(context, span), span.start, span.length
    pulse = 1.0 / context.metre.division
    dense = context.expression.density >= _THIN
    match context.phrase.bass:
        case BassLine.TWO if length >= 2.0:
            half = 2.0 if context.metre.beats == 3 and length >= 3.0 else length / 2
            return [(begin, half, root, 1.0), (begin + half, length - half, fifth, 0.85)]
        case BassLine.ROCKING if length >= 2.0 and dense:
            long = (1.0 + pulse) if context.metre.division == 2 else 1.0
            line = [(begin, long, root, 1.0)]
            if context.metre.division == 2:
                line.append((begin + long, pulse, root, 0.7))
                long += pulse
            return [*line, (begin + long, length - long, fifth, 0.85)]
        case BassLine.WALKING if dense:
            return _walk(context, span)
        case BassLine.BOUNCE if dense:
            line = []
            for k in range(round(length)):
                low = root if k % 2 == 0 else fifth
                line.append((begin + k, pulse, low, 1.0 if k == 0 else 0.85))
            if context.phrase.pattern % 2 and length >= 2.0:
                line.append((begin + length - pulse, pulse, root + 12 if root < 40 else fifth, 0.75))
            return line
        case BassLine.HEARTBEAT:
            line = [(begin, pulse, root, 1.0), (begin + pulse, pulse, root, 0.7)]
            if length >= context.beats and context.phrase.pattern % 3 == 0:
                line += [
                    (begin + start + length / 2, pulse, root, force) for start, force in ((0.0, 0.9), (pulse, 0.6))
                ]
            return line
        case BassLine.LIMP if length >= 2.0:
            off = begin + (2.0 if length > 2.0 else 1.0)
            low = root - 1 if root > LOWEST_BASS else root + 1
            return [(begin, 1.0, root, 1.0), (off, pulse, low, 0.8)]
        case _:
            return [(begin, length, root, 1.0)]


def _walk(context: BarContext, span: Span) -> Line:
    """Return a step on every beat, through the chord and back."""
    scale, size = span.chord.scale, len(span.chord.scale)
    steps = {pitch_of(s, context.tonic, scale): s for s in range(-8, 8 * size)}
    stand = steps.get(span.bass)
    way = ((0, 1, 2, 4), (0, 2, 4, 2), (0, -1, -2, -3), (0, 4, 2, 1))[context.phrase.pattern % 4]
    line: Line = []
    for k in range(round(span.length)):
        pitch = span.bass if stand is None else pitch_of(stand + way[k % 4], context.tonic, scale)
        while pitch > HIGHEST_BASS:
            pitch -= 12
        while pitch < LOWEST_BASS - 5:
            pitch += 12
        line.append((span.start + k, 1.0, pitch, 1.0 if k == 0 else 0.8))
    return line
