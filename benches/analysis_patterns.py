"""Rhythms of the pieces in `benches/analysis_pieces.py`: places in a bar, in beats from its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Choices = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Of one metre; each part has several to choose from."""

    kicks: Choices
    snares: Choices
    hats: Choices
    basses: Choices
    chords: Choices
    motifs: Choices


def _every(step: float, metre: float) -> list[float]:
    return [k * step for k in range(round(metre / step))]


_T: Final = 1 / 3
PATTERNS: Final[Mapping[tuple[int, int], Patterns]] = {
    (4, 2): Patterns(
        kicks=((0, 2), (0, 1.5, 2), (0, 2, 2.5), (0, 1, 2, 3), (0, 0.75, 2.5)),
        snares=((1, 3), (1, 3), (1, 3, 3.5), (2,)),
        hats=(_every(0.5, 4), _every(0.5, 4), _every(1, 4), [0.5, 1.5, 2.5, 3.5]),
        basses=((0, 2), (0, 1, 2, 3), (0, 1.5, 2), (0,), _every(0.5, 4)),
        chords=((0,), (0, 2), (1, 3), _every(1, 4), _every(0.5, 4), (0, 1.5, 2.5)),
        motifs=((0, 1, 2, 3), (0, 0.5, 1, 2), (0, 1.5, 2, 3), (0, 2), (0, 1, 1.5, 2, 2.5, 3), (0, 2, 2.5, 3)),
    ),
    (3, 2): Patterns(
        kicks=((0,), (0, 2.5), (0, 1.5)),
        snares=((1, 2), (1, 2), (2,)),
        hats=(_every(1, 3), _every(0.5, 3), [1, 2]),
        basses=((0,), (0, 2), (0, 1, 2)),
        chords=((1, 2), (0, 1, 2), (0,), _every(0.5, 3)),
        motifs=((0, 1, 2), (0, 2), (0, 1.5, 2), (0, 0.5, 1, 2), _every(0.5, 3)),
    ),
    (2, 3): Patterns(
        kicks=((0,), (0, 1), (0, 2 * _T)),
        snares=((1,), (1,), (1, 1 + 2 * _T)),
        hats=(_every(_T, 2), _every(_T, 2), [0, 1]),
        basses=((0, 1), (0,), (0, 2 * _T, 1), (0, 1, 1 + 2 * _T)),
        chords=(_every(_T, 2), _every(_T, 2), (0, 1), (0, 2 * _T, 1, 1 + 2 * _T)),
        motifs=(
            (0, 2 * _T, 1, 1 + 2 * _T),
            (0, _T, 2 * _T, 1),
            (0, 1, 1 + _T, 1 + 2 * _T),
            _every(_T, 2),
            (0, 2 * _T, 1),
        ),
    ),
    (5, 2): Patterns(
        kicks=((0, 3), (0, 1.5, 3), (0, 2.5, 3)),
        snares=((2, 4), (2,), (1, 4)),
        hats=(_every(1, 5), _every(0.5, 5)),
        basses=((0, 3), (0, 1.5, 3), (0, 3, 4)),
        chords=((0, 3), (0, 1.5, 3, 4), _every(1, 5), _every(0.5, 5)),
        motifs=((0, 1, 2, 3, 4), (0, 1.5, 3, 4), (0, 2, 3), (0, 1, 3, 4)),
    ),
    (7, 2): Patterns(
        kicks=((0, 4), (0, 2, 4), (0, 3, 4)),
        snares=((2, 6), (2, 4), (5,)),
        hats=(_every(1, 7), [0, 2, 4, 6]),
        basses=((0, 4), (0, 2, 4), (0, 2, 4, 5)),
        chords=((0, 2, 4), (0, 4), _every(1, 7)),
        motifs=((0, 2, 4, 5), (0, 1, 2, 4, 6), (0, 2, 4), (0, 2, 3, 4, 6)),
    ),
}
"""By beats to a bar and parts of a beat; 7/8 is counted in eighths."""
