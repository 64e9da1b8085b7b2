"""The form: sixteen bars as four phrases, and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from soundit_edge.music.compose.modes import Mode
from soundit_edge.music.compose.motif import Form, Motif
from soundit_edge.music.compose.style import Figure, Style

PHRASE: Final = 4
"""Bars of a phrase."""
_FORMS: Final = (
    (Form.STATED, Form.MOVED, Form.BROKEN),
    (Form.STATED, Form.INVERTED, Form.MOVED),
    (Form.STATED, Form.MOVED, Form.INVERTED),
    (Form.WIDENED, Form.WIDENED_ON, Form.STATED),
    (Form.STATED, Form.BROKEN, Form.BROKEN),
)
_PATHS: Final = ((0, 1, 2, 0), (0, 2, 3, 1), (0, 1, -1, 0), (0, -1, -2, -3), (2, 1, 0, 0), (-2, 0, 1, 0))


@dataclass(frozen=True, slots=True)
class Phrase:
    """The plan of four bars.

    Attributes:
        degrees: of the chords.
        motif: that the melody is made of.
        forms: what is made of it in the first three bars; the fourth has a long note.
        path: how far each bar is moved, in steps of the scale.
        figure: of the plucked part.
        pattern: which of the patterns of figure and drums.
        second: whether the other instrument sings.
    """

    degrees: tuple[int, ...]
    motif: Motif
    forms: tuple[Form, ...]
    path: tuple[int, ...]
    figure: Figure
    pattern: int
    second: bool


def cycle(random: np.random.Generator, character: Style, mode: Mode, motif: Motif, other: Motif) -> list[Phrase]:
    """Four phrases A A' B A'' as in the theme: A of one motif, B of the other, which another instrument sings."""

    def phrase(degrees: tuple[int, ...], motif: Motif, second: bool = False) -> Phrase:
        return Phrase(
            degrees,
            motif,
            _FORMS[random.integers(len(_FORMS))],
            _PATHS[random.integers(len(_PATHS))],
            character.figures[random.integers(len(character.figures))],
            int(random.integers(12)),
            second,
        )

    opening = mode.walk(random, 0, PHRASE, home=False)
    home = (*opening[:2], mode.leading[0], 0)
    away = int(random.choice([d for d in mode.graph[0] if d]))
    contrast = mode.walk(random, away, PHRASE, home=False)
    return [
        phrase(tuple(opening), motif),
        phrase(home, motif),
        phrase(tuple(contrast), other, second=True),
        phrase(home, motif),
    ]
