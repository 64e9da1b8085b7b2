"""The modes, and how their chords lead to one another.

The weights say which chord likes to follow which: functional harmony in major and Lydian, and what gives each of the
others its colour elsewhere (the Dorian's major fourth, the Phrygian's chord a semitone above home). A diminished chord
is never gone to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from soundit_edge.music.compose.harmony import MAJOR, Chord

_DOMINANT: Final = 4
_SEVENTH: Final = 6
_MINOR_THIRD: Final = 3

Graph = Mapping[int, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class Mode:
    """A scale and its chords.

    Attributes:
        name: as a `Bar` has it.
        scale: semitones of the degrees above the tonic.
        graph: from the degree of a chord to those that may follow, with their weights.
        leading: degrees whose chords ask for the tonic's, the strongest first.
        sung: degrees that the melody may pass over between the chord's own tones.
        stack: the tones of a chord, in degrees above its root.
        pedal: whether the bass stays at home under the other chords, without which the ear hears another tonic.
        prepares: degree whose chord comes before the strongest that leads home, None where nothing does: in a major
            key the fourth, without which the ear takes the fifth for home.
        raised: scale under the chord of the fifth degree that leads home, where the mode has not its leading note or
            its seventh.
        elsewhere: degree that a cadence turns to where it is denied home.
    """

    name: str
    scale: tuple[int, ...]
    graph: Graph
    leading: tuple[int, ...]
    sung: frozenset[int]
    stack: tuple[int, ...] = (0, 2, 4)
    pedal: bool = False
    prepares: int | None = None
    raised: tuple[int, ...] = ()
    elsewhere: int = 5

    @property
    def minor(self) -> bool:
        """Return whether the chord of home is a minor one."""
        return self.scale[self.stack[1]] == _MINOR_THIRD

    def chord(self, degree: int, soft: bool = False, leads: bool = False) -> Chord:
        """Return the chord on a degree.

        Args:
            degree: of the root, 0 is the tonic.
            soft: add a ninth or a seventh, unless that clashes by a semitone.
            leads: it leads home: on the fifth degree it then has the leading note.
        """
        dominant = leads and degree == _DOMINANT
        scale = self.raised if self.raised and dominant else self.scale
        plain = Chord(degree, 0, scale, self.stack)
        if dominant and self.prepares is not None:
            return Chord(degree, _SEVENTH, scale, self.stack)
        plain_home = degree == 0 and self.prepares is not None  # where cadences tell of it, it is not blurred
        for colour in (8, _SEVENTH) if soft and not plain_home and len(scale) == 7 else ():
            added = scale[(degree + colour) % 7]
            if all((added - scale[tone]) % 12 not in (0, 1, 11) for tone in plain.triad):
                return Chord(degree, colour, scale, self.stack)
        return plain

    def walk(self, random: np.random.Generator, first: int, count: int, home: bool) -> list[int]:
        """Return the degrees of `count` chords from `first` on, ending at home or on one that leads on."""
        ends = (0,) if home else self.leading
        way = [first]
        while len(way) < count:
            onward = self.graph[way[-1]]
            left = count - len(way)
            if left == 1:
                allowed = [d for d in ends if d in onward] or list(ends)
            else:
                allowed = [d for d in onward if left > 2 or any(end in self.graph[d] for end in ends)] or list(onward)
            weights = np.array([onward.get(d, 1.0) for d in allowed])
            way.append(int(random.choice(allowed, p=weights / weights.sum())))
        return way


def _mode(
    name: str,
    scale: tuple[int, ...],
    graph: dict[int, dict[int, float]],
    leading: tuple[int, ...],
    sung: tuple[int, ...] = (),
    stack: tuple[int, ...] = (0, 2, 4),
    pedal: bool = False,
    prepares: int | None = None,
    raised: tuple[int, ...] = (),
    elsewhere: int = 5,
) -> Mode:
    melodic = frozenset(sung or range(len(scale)))
    return Mode(name, scale, MappingProxyType(graph), leading, melodic, stack, pedal, prepares, raised, elsewhere)


_FUNCTIONAL: Final = {
    0: {3: 3.0, 5: 3.0, 4: 2.0, 1: 1.0, 2: 1.0},
    1: {4: 4.0, 3: 1.0},
    2: {5: 3.0, 3: 3.0},
    3: {4: 3.0, 0: 2.0, 1: 2.0},
    4: {0: 4.0, 5: 2.0, 3: 1.0},
    5: {3: 3.0, 1: 3.0, 4: 1.0, 2: 1.0},
}

_MAJOR: Final = _mode("major", MAJOR, _FUNCTIONAL, (4,), prepares=3)
_PENTATONIC: Final = _mode(
    "major pentatonic",
    MAJOR,
    {
        0: {3: 3.0, 5: 3.0, 1: 1.0, 4: 1.0},
        1: {3: 2.0, 4: 1.0, 0: 1.0},
        3: {0: 4.0, 5: 1.0, 4: 1.0},
        4: {0: 3.0, 3: 2.0},
        5: {3: 3.0, 1: 1.0, 0: 1.0},
    },
    (3, 4),
    sung=(0, 1, 2, 4, 5),
    elsewhere=5,
)
_LYDIAN: Final = _mode(
    "lydian",
    (0, 2, 4, 6, 7, 9, 11),
    {
        0: {1: 3.0, 4: 2.0, 5: 2.0},
        1: {0: 4.0, 5: 1.0},
        4: {0: 4.0, 5: 1.0},
        5: {1: 2.0, 4: 2.0, 0: 2.0},
    },
    (4, 1),
    pedal=True,
    prepares=5,
    raised=MAJOR,
    elsewhere=1,
)
_DORIAN: Final = _mode(
    "dorian",
    (0, 2, 3, 5, 7, 9, 10),
    {
        0: {3: 3.0, 2: 2.0, 6: 2.0},
        2: {3: 2.0, 6: 2.0, 0: 1.0},
        3: {0: 4.0, 6: 1.0},
        6: {0: 4.0, 3: 1.0},
    },
    (6, 3),
    pedal=True,
    elsewhere=6,
)
_AEOLIAN: Final = _mode(
    "aeolian",
    (0, 2, 3, 5, 7, 8, 10),
    {
        0: {3: 3.0, 5: 2.0, 4: 2.0, 6: 1.0},
        2: {5: 2.0, 3: 2.0},
        3: {0: 4.0, 4: 2.0},
        4: {0: 5.0, 5: 1.0},
        5: {0: 3.0, 3: 2.0, 4: 2.0},
        6: {0: 4.0, 5: 1.0},
    },
    (4, 6),
    prepares=3,
    raised=(0, 2, 3, 5, 7, 8, 11),
)
_PHRYGIAN: Final = _mode(
    "phrygian",
    (0, 1, 3, 5, 7, 8, 10),
    {0: {1: 3.0, 3: 1.0, 6: 2.0, 0: 2.0}, 1: {0: 6.0}, 3: {0: 5.0}, 6: {0: 4.0, 1: 1.0}},
    (1, 6),
    pedal=True,
    elsewhere=1,
)
_OCTATONIC: Final = _mode(
    "octatonic",
    (0, 1, 3, 4, 6, 7, 9, 10),  # minor chords a third apart from each other, all of them within the scale
    {0: {2: 3.0, 4: 3.0, 0: 1.0}, 2: {0: 3.0, 4: 1.0}, 4: {0: 4.0}},
    (4, 2),
    sung=(0, 1, 2, 4, 5, 6, 7),
    stack=(0, 2, 5),
    pedal=True,
    elsewhere=2,
)
_HUNGARIAN: Final = _mode(
    "hungarian minor",  # two tones a semitone about the fifth, two about home: a grimace
    (0, 2, 3, 6, 7, 8, 11),
    {0: {4: 3.0, 5: 2.0, 0: 1.0}, 4: {0: 4.0, 5: 2.0}, 5: {4: 3.0, 0: 2.0}},
    (4, 5),
)

MODES: Final[Mapping[str, Mode]] = MappingProxyType(
    {m.name: m for m in (_MAJOR, _PENTATONIC, _LYDIAN, _DORIAN, _AEOLIAN, _PHRYGIAN, _OCTATONIC, _HUNGARIAN)}
)
