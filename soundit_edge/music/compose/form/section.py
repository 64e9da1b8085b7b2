"""The sections of a piece, and the rounds that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class FormSection(StrEnum):
    """What a phrase is in the form of the piece."""

    INTRO = "intro"
    THEME = "theme"
    ANSWER = "answer"
    CONTRAST = "contrast"
    BREAK = "break"
    BUILD = "build"
    RETURN = "return"
    BRIDGE = "bridge"
    CODA = "coda"


FIRST_ROUND: Final = (
    FormSection.INTRO,
    FormSection.THEME,
    FormSection.ANSWER,
    FormSection.CONTRAST,
    FormSection.RETURN,
)
ROUNDS: Final = (
    (
        FormSection.BREAK,
        FormSection.THEME,
        FormSection.ANSWER,
        FormSection.BUILD,
        FormSection.CONTRAST,
        FormSection.RETURN,
    ),
    (FormSection.BREAK, FormSection.CONTRAST, FormSection.THEME, FormSection.BUILD, FormSection.RETURN),
    (
        FormSection.BUILD,
        FormSection.THEME,
        FormSection.CONTRAST,
        FormSection.BREAK,
        FormSection.ANSWER,
        FormSection.RETURN,
    ),
    (FormSection.BREAK, FormSection.BUILD, FormSection.RETURN, FormSection.CONTRAST, FormSection.ANSWER),
)
"""What follows the first round, one after another in an order that is drawn."""
AFTER_A_TURN: Final = (
    FormSection.BRIDGE,
    FormSection.THEME,
    FormSection.ANSWER,
    FormSection.CONTRAST,
    FormSection.RETURN,
)
AFTER_A_CUT: Final = (FormSection.THEME, FormSection.ANSWER, FormSection.CONTRAST, FormSection.RETURN)
CLOSING: Final = frozenset({FormSection.ANSWER, FormSection.RETURN, FormSection.BRIDGE})
"""Sections that end at home; the others ask for more."""
REFRAIN: Final = frozenset({FormSection.THEME, FormSection.ANSWER, FormSection.RETURN})
"""Sections that have the theme's motif and its chords: what is known again."""


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a phrase is played beside the loudest, at its beginning and at its end, 0 to 1."""

    begin: float
    end: float


LEVELS: Final[Mapping[FormSection, Level]] = MappingProxyType(
    {
        FormSection.INTRO: Level(0.55, 0.68),
        FormSection.THEME: Level(0.80, 0.84),
        FormSection.ANSWER: Level(0.90, 0.90),
        FormSection.CONTRAST: Level(0.74, 0.84),
        FormSection.BREAK: Level(0.60, 0.55),
        FormSection.BUILD: Level(0.58, 0.95),
        FormSection.RETURN: Level(1.00, 0.97),
        FormSection.BRIDGE: Level(0.60, 0.72),
        FormSection.CODA: Level(0.85, 0.70),
    }
)
