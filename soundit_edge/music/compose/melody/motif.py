"""Motifs, what can be made of them, and which are remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from soundit_edge.music.compose.metre import Metre
from soundit_edge.music.score import BEATS

KEPT: Final = 6
"""Motifs that are remembered; the one that was heard longest ago is forgotten for a new one, but never the first."""
_NEW: Final = 0.3  # how often a cycle has a motif of its own, once there are two
_WEIGHTS: Final = {0.0: 4.0, 1.0: 2.0, 2.0: 3.0, 3.0: 2.0}  # of the beats; what is between them has 1


class Form(StrEnum):
    """What is made of a motif in a bar."""

    STATED = "stated"
    MOVED = "moved"
    INVERTED = "inverted"
    WIDENED = "augmented"
    WIDENED_ON = "augmented, second half"
    BROKEN = "fragmented"


@dataclass(frozen=True, slots=True)
class Cell:
    """One note of a motif.

    Attributes:
        start: in beats, 0 to below 4.
        step: of the scale, above where the motif stands.
        weight: the lightest notes are left out first, where few are wanted.
    """

    start: float
    step: int
    weight: float


@dataclass(frozen=True, slots=True)
class Motif:
    """One bar that is known again: eight notes, of which as many are played as the mood has room for."""

    number: int
    cells: tuple[Cell, ...]

    def made(self, form: Form) -> tuple[Cell, ...]:
        """Return the cells of a bar in this form, in order of time."""
        cells = self.cells
        match form:
            case Form.INVERTED:
                return tuple(replace(cell, step=-cell.step) for cell in cells)
            case Form.WIDENED:
                return tuple(replace(cell, start=2 * cell.start) for cell in cells if cell.start < BEATS / 2)
            case Form.WIDENED_ON:
                later = (cell for cell in cells if cell.start >= BEATS / 2)
                return tuple(replace(cell, start=2 * cell.start - BEATS) for cell in later)
            case Form.BROKEN:
                head = [cell for cell in cells if cell.start < BEATS / 2]
                again = [replace(cell, start=cell.start + BEATS / 2, step=cell.step - 1) for cell in head]
                return (*head, *again)
        return cells


def thinned(cells: Sequence[Cell], count: int) -> tuple[Cell, ...]:
    """Return the `count` heaviest cells, in order of time."""
    heaviest = sorted(cells, key=lambda cell: (-cell.weight, cell.start))[:count]
    return tuple(sorted(heaviest, key=lambda cell: cell.start))


def fitted(cells: Sequence[Cell], metre: Metre) -> tuple[Cell, ...]:
    """Return the cells of a bar of eight quavers in another metre: as many of the first ones as have room, by its own
    beats and their weights."""
    if metre.pulses == 2 * BEATS:
        return tuple(cells)
    out = []
    for cell in cells:
        start = metre.beat_of(2 * cell.start)
        if start < metre.beats:
            share = (0.5 + 3.5 * metre.strength(start)) / _WEIGHTS.get(cell.start, 1.0)
            out.append(replace(cell, start=start, weight=cell.weight * share))
    return tuple(out)


def draw(random: np.random.Generator, number: int) -> Motif:
    """Return a new motif: a contour that wanders and turns back, with a rhythm of its own at every density."""
    step, cells = 0, []
    for eighth in range(2 * BEATS):
        start = eighth / 2
        cells.append(Cell(start, step, _WEIGHTS.get(start, 1.0) * float(random.uniform(0.4, 1.6))))
        step += int(random.choice((-2, -1, 1, 2, 0), p=(0.15, 0.3, 0.3, 0.15, 0.1)))
        step = min(4, max(-3, step))
    first = replace(cells[0], weight=cells[0].weight if random.uniform() < 0.25 else 9.0)  # some begin off the beat
    return Motif(number, (first, *cells[1:]))


class Memory:
    """The motifs of a piece: the first one comes back again and again, others enter and are forgotten."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._count = 0
        self._kept: list[Motif] = []  # the one that was heard last is the last

    def recall(self, other_than: Motif | None = None) -> Motif:
        """Return a motif for the next cycle, new or heard before, but not `other_than`."""
        known = [m for m in self._kept if m is not other_than]
        if len(known) < 1 or self._random.uniform() < _NEW:
            return self._remember(self._draw_new())
        # What was heard longest ago is wanted most; the first motif is what the piece is about.
        weights = np.array([(len(known) - k) * (2.0 if m.number == 0 else 1.0) for k, m in enumerate(known)])
        return self._remember(known[int(self._random.choice(len(known), p=weights / weights.sum()))])

    def _draw_new(self) -> Motif:
        motif = draw(self._random, self._count)
        self._count += 1
        return motif

    def _remember(self, motif: Motif) -> Motif:
        self._kept = [m for m in self._kept if m is not motif] + [motif]
        if len(self._kept) > KEPT:
            forgotten = next(m for m in self._kept if m.number != 0)
            self._kept.remove(forgotten)
        return motif
