"""How full the music is: who plays and how much, where a film begins with restraint or its mood has fallen.

A part enters at its own fullness, the quiet ones first, and whoever plays plays less and more softly: the orchestra
opens up, it is not turned up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from soundit_edge.music.compose.expression import Expression
from soundit_edge.music.compose.form.arrangement import Players
from soundit_edge.music.compose.form.phrase import Phrase
from soundit_edge.music.compose.idiom import BassLine, Texture
from soundit_edge.music.score import Part

ENTRIES: Final[Mapping[Part, float]] = MappingProxyType(
    {Part.PAD: 0.0, Part.BASS: 0.25, Part.LEAD: 0.4, Part.PLUCK: 0.55, Part.DRUMS: 0.85, Part.STINGER: 0.85}
)
"""The fullness, 0 to 1, from which a part plays; with the drums everybody does."""
_CALM: Final = frozenset({BassLine.HELD, BassLine.DRONE, BassLine.HEARTBEAT})
_QUIET: Final = 0.6  # share of the notes that is left at no fullness
_SOFT: Final = 0.8  # share of the force
_STILL: Final = 0.55  # below it pad and bass hold their notes
_GROUND: Final = frozenset({Part.PAD, Part.BASS})
_STRUCK: Final = frozenset({Texture.PULSED, Texture.STABBED})


def plays(part: Part, fullness: float) -> bool:
    """Return whether a part plays at a fullness, 0 to 1."""
    return fullness >= ENTRIES.get(part, 0.0)


def calm_bass(line: BassLine) -> BassLine:
    """Return what a bass does where little happens, that else plays this line."""
    return line if line in _CALM else BassLine.HELD


def _playing(players: Players, fullness: float) -> Players:
    return frozenset(part for part in players if plays(part, fullness))


def thinned_phrase(phrase: Phrase, fullness: float) -> Phrase:
    """Return a phrase with the players of a fullness, 0 to 1; over pad and bass, where nobody leads."""
    if plays(Part.DRUMS, fullness):
        return phrase
    players = _playing(phrase.players, fullness)
    if Part.LEAD not in players:
        players |= _playing(_GROUND, fullness)
    still = fullness < _STILL
    return replace(
        phrase,
        players=players,
        texture=Texture.HELD if still and phrase.texture in _STRUCK else phrase.texture,
        bass=calm_bass(phrase.bass) if still else phrase.bass,
        groove="",
        stop=phrase.stop if Part.LEAD in players else 0.0,  # where nobody leads, it would be a hole
    )


def thinned_expression(expression: Expression, fullness: float) -> Expression:
    """Return how the music goes at a fullness, 0 to 1: fewer notes, softer, and without drums before these enter."""
    if fullness >= 1.0:
        return expression
    return replace(
        expression,
        density=expression.density * (_QUIET + (1.0 - _QUIET) * fullness),
        dynamics=expression.dynamics * (_SOFT + (1.0 - _SOFT) * fullness),
        drums=expression.drums if plays(Part.DRUMS, fullness) else 0.0,
    )
