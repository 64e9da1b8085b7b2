"""The grooves of the drums, in semiquavers: X is a full stroke, x a usual one, o a soft one, g a ghost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from soundit_edge.music.general_midi import (
    CHINA,
    CLAP,
    FLOOR_TOM,
    HAT,
    KICK,
    LOW_TOM,
    MIDDLE_TOM,
    OPEN_HAT,
    RIDE,
    RIM,
    SHAKER,
    SNARE,
    TAMBOURINE,
)

FORCES: Final = {"X": 1.0, "x": 0.78, "o": 0.55, "g": 0.3}

Rows = Mapping[int, str]
"""A line of semiquavers for each drum of General MIDI."""


@dataclass(frozen=True, slots=True)
class Groove:
    """A way to play the drums.

    Attributes:
        four: in 4/4, sixteen semiquavers.
        three: in 3/4, twelve.
        six: in 6/8, twelve.
        accented: drums that beat the accents of the phrase.
    """

    four: Rows
    three: Rows
    six: Rows
    accented: tuple[int, ...] = ()


GROOVES: Final[Mapping[str, Groove]] = MappingProxyType(
    {
        "soft": Groove(
            {SHAKER: "o.x.o.x.o.x.o.x.", KICK: "x.......o.o.....", RIM: "....o.......o..."},
            {SHAKER: "o.x.o.x.o.x.", KICK: "x...........", RIM: "....o...o..."},
            {SHAKER: "x.o.o.x.o.o.", KICK: "x...........", RIM: "......o....."},
        ),
        "brushes": Groove(
            {HAT: "o...x..go...x..g", KICK: "x.........o.....", RIM: "............o..."},
            {HAT: "o...x..gx..g", KICK: "x...........", RIM: "........o..."},
            {HAT: "x...g.x...g.", KICK: "x...........", RIM: "......o....."},
        ),
        "shaker": Groove(
            {SHAKER: "..g...g...g...g.", RIM: "............g..."},
            {SHAKER: "..g...g...g.", RIM: "........g..."},
            {SHAKER: "g...g.g...g.", RIM: "......g....."},
        ),
        "clap": Groove(
            {
                KICK: "X.....x.X.......",
                CLAP: "....X.......X...",
                HAT: "x.x.x.x.x.x.x.x.",
                TAMBOURINE: "..o...o...o...o.",
            },
            {KICK: "X...........", CLAP: "....x...x...", HAT: "x.o.x.o.x.o."},
            {KICK: "X.....x.....", CLAP: "......X.....", TAMBOURINE: "x.o.x.x.o.x."},
        ),
        "skip": Groove(
            {
                KICK: "X..x....X.x.....",
                SNARE: "....X..g....X..g",
                HAT: "x..ox..ox..ox..o",
                TAMBOURINE: "....o.......o...",
            },
            {KICK: "X.....o.....", SNARE: "....x...x..g", HAT: "x..ox..ox..o"},
            {KICK: "X...o.x.....", SNARE: "......X...g.", HAT: "x.o.x.x.o.x."},
        ),
        "train": Groove(
            {KICK: "X...x...X...x...", SNARE: "ogXgogXgogXgogXo", TAMBOURINE: "..x...x...x...x."},
            {KICK: "X...........", SNARE: "ogXgogXgogXg"},
            {KICK: "X.....x.....", SNARE: "ogogXgogogXg"},
        ),
        "assault": Groove(
            {KICK: "XxxxXxxxXxxxXxxx", RIDE: "o...o...o...o..."},
            {KICK: "XxxxXxxxXxxx", RIDE: "o...o...o..."},
            {KICK: "XxxxxxXxxxxx", RIDE: "o.....o....."},
            accented=(SNARE, CHINA),
        ),
        "bossa": Groove(
            {SHAKER: "g...g...g...g...", RIM: "g.....g.....g...", KICK: "o.......g.....g."},
            {SHAKER: "g...g...g...", RIM: "g.....g.....", KICK: "o..........."},
            {SHAKER: "g.....g.....", RIM: "....g.....g.", KICK: "o.....g....."},
        ),
        "half-time": Groove(
            {SNARE: "........X.......", OPEN_HAT: "x.......x......."},
            {SNARE: "........X...", OPEN_HAT: "x..........."},
            {SNARE: "......X.....", OPEN_HAT: "x..........."},
            accented=(KICK,),
        ),
        "blast": Groove(
            {KICK: "X.x.X.x.X.x.X.x.", SNARE: ".X.x.X.x.X.x.X.x", RIDE: "x.o.x.o.x.o.x.o."},
            {KICK: "X.x.X.x.X.x.", SNARE: ".X.x.X.x.X.x", RIDE: "x.o.x.o.x.o."},
            {KICK: "X.x.x.X.x.x.", SNARE: ".X.x.x.X.x.x", RIDE: "x.o.o.x.o.o."},
        ),
        "breakdown": Groove(
            {SNARE: "........X......."},
            {SNARE: "........X..."},
            {SNARE: "......X....."},
            accented=(KICK, CHINA),
        ),
        "heartbeat": Groove(
            {LOW_TOM: "X.o.............", FLOOR_TOM: "........x.g....."},
            {LOW_TOM: "X.o.........", FLOOR_TOM: "........g..."},
            {LOW_TOM: "X...o.......", FLOOR_TOM: "......x....."},
        ),
        "pursuit": Groove(
            {FLOOR_TOM: "o.o.o.o.o.o.o.o.", RIM: "...g...g..g....g"},
            {FLOOR_TOM: "o.o.o.o.o.o.", RIM: "...g..g....g"},
            {FLOOR_TOM: "o.o.o.o.o.o.", RIM: "...g....g..g"},
            accented=(LOW_TOM,),
        ),
        "lurch": Groove(
            {KICK: "X.........x.....", RIM: "....o.o.....o...", MIDDLE_TOM: ".....o........o."},
            {KICK: "X.....x.....", RIM: "....oo..o...", MIDDLE_TOM: "..........o."},
            {KICK: "X....x......", RIM: "........o..."},
        ),
    }
)
