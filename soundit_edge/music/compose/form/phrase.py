"""The plan of a phrase, and of the round that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from soundit_edge.music.compose.draw import drawn
from soundit_edge.music.compose.form.arrangement import ARRANGEMENTS, Players
from soundit_edge.music.compose.form.progression import Bars, progression
from soundit_edge.music.compose.form.section import CLOSING, LEVELS, REFRAIN, FormSection, Level
from soundit_edge.music.compose.idiom import BassLine, Ending, Figure, Idiom, Texture
from soundit_edge.music.compose.melody.motif import Form, Motif
from soundit_edge.music.compose.metre import Metre
from soundit_edge.music.compose.modes import Mode
from soundit_edge.music.compose.parts.accents import Accents, draw_accents
from soundit_edge.music.score import Part

MAX_BARS: Final = 4
"""Bars of the longest phrase: a mood is never farther from its music than that."""
_WHOLE: Final = frozenset({FormSection.THEME, FormSection.CONTRAST, FormSection.BREAK})
_WHOLE_BARS: Final = 3  # bars at least of a section in which somebody rests who plays in all others
_FORMS: Final = (
    (Form.STATED, Form.MOVED, Form.BROKEN),
    (Form.STATED, Form.INVERTED, Form.MOVED),
    (Form.STATED, Form.MOVED, Form.INVERTED),
    (Form.WIDENED, Form.WIDENED_ON, Form.STATED),
    (Form.STATED, Form.BROKEN, Form.BROKEN),
    (Form.STATED, Form.STATED, Form.MOVED),
)
CLIMBS: Final = ((0, 1, 2, 0), (0, 2, 3, 1), (0, 1, -1, 0))
"""How far, in steps of the scale, each bar of a phrase that opens stands above its first."""
_PATHS: Final = (*CLIMBS, (0, -1, -2, -3), (2, 1, 0, 0), (-2, 0, 1, 0))


@dataclass(frozen=True, slots=True)
class Phrase:
    """The plan of a phrase.

    Attributes:
        section: what it is in the form.
        chords: the changes of each bar.
        motif: that the melody is made of.
        forms: what is made of it in each bar but the last; None is a silent bar.
        path: how far each bar is moved, in steps of the scale.
        ending: how the melody ends in the last bar.
        players: who plays.
        figure: of the plucked part.
        bass: of the bass.
        texture: of the pad.
        pattern: which of the patterns of a figure.
        groove: name of the drums' groove; "" where they rest.
        accents: places that riffs, hits and drums beat together.
        second: whether the second instrument plays the melody.
        level: how loud it is.
        fill: whether the drums lead over into the next phrase.
        stop: beats before its end at which all break off; 0: they do not.
    """

    section: FormSection
    chords: Bars
    motif: Motif
    forms: tuple[Form | None, ...]
    path: tuple[int, ...]
    ending: Ending
    players: Players
    figure: Figure
    bass: BassLine
    texture: Texture
    pattern: int
    groove: str
    accents: Accents
    second: bool
    level: Level
    fill: bool
    stop: float

    @property
    def bars(self) -> int:
        """Return how many bars it has."""
        return len(self.chords)


@dataclass(frozen=True, slots=True)
class Material:
    """What a round is made of: its two motifs, and what its refrain has that is known again.

    Attributes:
        motif: of the theme.
        other: of the contrast.
        chords: of the theme; the answer and the return have them too, and end at home.
        accents: of the refrain.
        groove: of the refrain.
    """

    motif: Motif
    other: Motif
    chords: Bars
    accents: Accents
    groove: str


def draw_material(
    random: np.random.Generator, idiom: Idiom, mode: Mode, metre: Metre, motif: Motif, other: Motif
) -> Material:
    """Return the material of a round: chords of the longest phrase, of which a shorter one takes the first ones."""
    chords = progression(random, mode, idiom, metre, MAX_BARS, 0, drawn(random, idiom.opens))
    groove = idiom.grooves[int(random.integers(len(idiom.grooves)))] if idiom.grooves else ""
    return Material(motif, other, chords, draw_accents(random, metre), groove)


def draw_phrase(
    random: np.random.Generator,
    section: FormSection,
    idiom: Idiom,
    mode: Mode,
    metre: Metre,
    material: Material,
    bars: int | None = None,
) -> Phrase:
    """Return the plan of a phrase in a section; of `bars` bars, or as the idiom has it."""
    refrain = section in REFRAIN
    if bars is None:
        bars = drawn(random, idiom.lengths)
        if section is FormSection.INTRO:
            bars = idiom.intro if metre.beats > 2 else MAX_BARS
        elif section in _WHOLE:
            bars = max(_WHOLE_BARS, bars)
    if section is FormSection.BRIDGE:
        bars = 2
    options = ARRANGEMENTS[idiom.arrangement][section]
    players = options[int(random.integers(len(options)))]
    grooves = idiom.grooves
    groove = material.groove if refrain or not grooves else grooves[int(random.integers(len(grooves)))]
    forms: list[Form | None] = list(_FORMS[int(random.integers(len(_FORMS)))][: bars - 1])
    for bar in range(1, len(forms)):
        if random.uniform() < idiom.singing.rest:
            forms[bar] = None
    return Phrase(
        section=section,
        chords=_chords(random, section, idiom, mode, metre, material, bars),
        motif=material.motif if section is not FormSection.CONTRAST else material.other,
        forms=tuple(forms),
        path=_PATHS[int(random.integers(len(_PATHS)))],
        ending=drawn(random, idiom.singing.endings),
        players=players,
        figure=idiom.figures[int(random.integers(len(idiom.figures)))],
        bass=idiom.bass[int(random.integers(len(idiom.bass)))],
        texture=_texture(random, section, idiom),
        pattern=int(random.integers(12)),
        groove=groove if Part.DRUMS in players else "",
        accents=material.accents if refrain else draw_accents(random, metre),
        second=section is FormSection.CONTRAST or (section is FormSection.BREAK and random.uniform() < 0.5),
        level=LEVELS[section],
        fill=section not in (FormSection.INTRO, FormSection.BREAK) and bars > 1,
        stop=_stop(random, idiom, metre),
    )


def _texture(random: np.random.Generator, section: FormSection, idiom: Idiom) -> Texture:
    """Return how the pad plays: over a bridge it holds, for few play, and struck chords leave silence between moods."""
    texture = idiom.textures[int(random.integers(len(idiom.textures)))]
    return Texture.HELD if section is FormSection.BRIDGE else texture


def _chords(
    random: np.random.Generator,
    section: FormSection,
    idiom: Idiom,
    mode: Mode,
    metre: Metre,
    material: Material,
    bars: int,
) -> Bars:
    closes = section in CLOSING
    cadence = drawn(random, idiom.closes if closes else idiom.opens)
    if section in REFRAIN and not closes:
        return material.chords[:bars]
    if section in REFRAIN and bars > 2:
        # The same way as the theme, but home at the end.
        end = progression(
            random,
            mode,
            idiom,
            metre,
            2,
            material.chords[bars - 2][0].degree if material.chords[bars - 2] else 0,
            cadence,
        )
        return (*material.chords[: bars - 2], *end)
    first = 0
    if section is FormSection.CONTRAST:
        away = [d for d in mode.graph[0] if d]
        first = int(random.choice(away))
    return progression(random, mode, idiom, metre, bars, first, cadence)


def _stop(random: np.random.Generator, idiom: Idiom, metre: Metre) -> float:
    if random.uniform() >= idiom.stops:
        return 0.0
    return float(random.choice((1.0, metre.beats / 2)))
