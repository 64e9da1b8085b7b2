"""The chords of a phrase: when they change, which they are, what the bass takes of them, and how they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from soundit_edge.music.compose.draw import drawn
from soundit_edge.music.compose.harmony import pitch_of
from soundit_edge.music.compose.idiom import Cadence, HarmonicRhythm, Idiom
from soundit_edge.music.compose.metre import Metre
from soundit_edge.music.compose.modes import Mode

_FOURTH: Final = 3


@dataclass(frozen=True, slots=True)
class ChordChange:
    """A chord that begins.

    Attributes:
        beat: where in its bar.
        degree: of its root.
        inversion: 0 has the root in the bass, 1 the third.
        stack: how it is built, in steps above the root; () is thirds.
        suspended: whether it keeps a tone of the one before.
        leads: whether it leads home, and so has the leading note.
    """

    beat: float
    degree: int
    inversion: int = 0
    stack: tuple[int, ...] = ()
    suspended: bool = False
    leads: bool = False


Bars = tuple[tuple[ChordChange, ...], ...]
"""The changes of each bar of a phrase; a bar without any goes on with the chord before."""


def progression(
    random: np.random.Generator, mode: Mode, idiom: Idiom, metre: Metre, bars: int, first: int, cadence: Cadence
) -> Bars:
    """Return the chords of a phrase of `bars`, from the degree `first` on to a cadence."""
    starts = _starts(random, drawn(random, idiom.rhythms), metre, bars)
    count = len(starts)
    end = _ends(mode, cadence, first)
    if count > 2:
        end = end[1 - count :]  # there is room for the first chord
    way = mode.walk(random, first, max(1, count - len(end)), home=False) if count > len(end) else []
    degrees = [*way, *end][-count:] if len(way) + len(end) >= count else [first, *way, *end]
    degrees = degrees[:count]
    if count > len(end):
        degrees[0] = first
    phrase: list[list[ChordChange]] = [[] for _ in range(bars)]
    closing = count - len(end)
    for k, ((bar, beat), degree) in enumerate(zip(starts, degrees, strict=True)):
        stack = drawn(random, idiom.stacks) if idiom.stacks and len(mode.scale) == 7 else ()
        firm = k == 0 or k >= closing
        suspended = k > 0 and bool(random.uniform() < idiom.suspended)
        leads = degree in mode.leading and k + 1 >= closing
        phrase[bar].append(ChordChange(beat, degree, 0 if firm else -1, stack, suspended, leads))
    return _with_bass(random, mode, phrase)


def _starts(random: np.random.Generator, rhythm: HarmonicRhythm, metre: Metre, bars: int) -> list[tuple[int, float]]:
    """Return the bars and beats at which a chord begins; each of the last two bars has one."""
    half = float(metre.beats // 2) if metre.beats != 3 else 2.0
    starts = []
    for bar in range(bars):
        match rhythm:
            case HarmonicRhythm.SLOW:
                if bar % 2 == 0 or bar == bars - 1:
                    starts.append((bar, 0.0))
            case HarmonicRhythm.EVEN:
                starts.append((bar, 0.0))
            case HarmonicRhythm.QUICK:
                starts += [(bar, 0.0), (bar, half)] if bar < bars - 1 or random.uniform() < 0.3 else [(bar, 0.0)]
            case HarmonicRhythm.GATHERING:
                starts.append((bar, 0.0))
                if bar == bars - 2:
                    starts.append((bar, half))
    return starts


def _ends(mode: Mode, cadence: Cadence, first: int) -> list[int]:
    """Return the degrees that a phrase ends with."""
    strong = mode.leading[0]
    before = [] if mode.prepares is None else [mode.prepares]
    match cadence:
        case Cadence.AUTHENTIC:
            return [*before, strong, 0]
        case Cadence.PLAGAL:
            return [_FOURTH if _FOURTH in mode.graph else strong, 0]
        case Cadence.HALF:
            return [*before, strong]
        case Cadence.DECEPTIVE:
            return [*before, strong, mode.elsewhere]
        case Cadence.MODAL:
            return [mode.leading[-1], 0]
        case Cadence.DENIED:
            return [0, mode.leading[-1]] if first else [mode.elsewhere, strong]
        case Cadence.PEDAL:
            return [0]


def _with_bass(random: np.random.Generator, mode: Mode, phrase: Sequence[Sequence[ChordChange]]) -> Bars:
    """Choose inversions so that the bass moves by step, or by a fourth or fifth between roots, where it is free."""
    before: int | None = None
    out = []
    for changes in phrase:
        bar = []
        for change in changes:
            options = (0,) if change.inversion == 0 or mode.pedal or change.stack else (0, 1)
            pitches = {k: pitch_of(change.degree + 2 * k, 0, mode.scale) % 12 for k in options}
            costs = {
                k: 0.3 * k + _cost(before, pitch) + float(random.uniform(0.0, 0.8)) for k, pitch in pitches.items()
            }
            chosen = min(costs, key=lambda k: costs[k])
            before = pitches[chosen]
            bar.append(replace(change, inversion=chosen))
        out.append(tuple(bar))
    return tuple(out)


def _cost(before: int | None, pitch: int) -> float:
    """Return what a movement of the bass costs."""
    if before is None:
        return 0.0
    away = min((pitch - before) % 12, (before - pitch) % 12)
    return {0: 1.0, 1: 0.0, 2: 0.0, 5: 0.6}.get(away, 1.2)
