"""How the music of a mood is written: metre, harmony, cadences, melody, accompaniment. It changes with a phrase only.

The cues are the literature's (Gabrielsson & Lindström 2010; Eerola, Friberg & Bresin 2013; Juslin 2000): what is
pleasant is consonant, goes home and moves evenly; anger is dissonant and beats against the metre; fear is never at rest
and breaks off; disgust limps and slides; sadness sinks, and resolves late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from soundit_edge.music.compose.metre import Metre


class Cadence(StrEnum):
    """How a phrase ends."""

    AUTHENTIC = "authentic"
    PLAGAL = "plagal"
    HALF = "half"
    DECEPTIVE = "deceptive"
    MODAL = "modal"
    DENIED = "denied"
    PEDAL = "pedal"


class HarmonicRhythm(StrEnum):
    """How often the chord changes."""

    SLOW = "a chord in two bars"
    EVEN = "a chord a bar"
    QUICK = "two chords a bar"
    GATHERING = "faster towards the cadence"


class Ending(StrEnum):
    """How the melody of a phrase ends."""

    LONG = "long"
    SHORT = "short"
    SIGH = "sigh"
    FALL = "fall"
    QUESTION = "question"
    CUT = "cut off"


class Figure(StrEnum):
    """What the plucked part makes of a chord."""

    ARPEGGIO = "arpeggio"
    ROCKING = "rocking"
    OFFBEAT = "off the beat"
    SYNCOPATED = "syncopated"
    WALTZ = "waltz"
    BROKEN = "broken"
    ROLLED = "rolled"
    RIFF = "riff"
    OSTINATO = "ostinato"
    TREMOLO = "tremolo"
    DROPS = "drops"


class BassLine(StrEnum):
    """How the bass goes."""

    HELD = "held"
    TWO = "two"
    WALKING = "walking"
    ROCKING = "rocking"
    BOUNCE = "bounce"
    RIFF = "riff"
    DRONE = "drone"
    HEARTBEAT = "heartbeat"
    LIMP = "limp"


class Texture(StrEnum):
    """How the pad holds its chords."""

    HELD = "held"
    SWELL = "swell"
    PULSED = "pulsed"
    STABBED = "stabbed"
    SURGE = "surge"


@dataclass(frozen=True, slots=True)
class Singing:
    """How a mood's melody moves.

    Attributes:
        leap: what each scale step beyond a third costs, beside a third's.
        repeat: what a repeated note costs.
        tension: what a tone that is not of the chord costs on a strong beat; below zero it is looked for.
        semitones: what a semitone or a tritone from note to note costs; below zero they are looked for.
        fall: what a step up costs more than one down.
        ornament: how often a quaver becomes two notes, 0 to 1.
        rest: how often a bar within a phrase is silent, 0 to 1.
        endings: how often each ending is taken.
        reach: semitones each way from the register.
    """

    leap: float
    repeat: float
    tension: float
    semitones: float
    fall: float
    ornament: float
    rest: float
    endings: Mapping[Ending, float]
    reach: int = 8


@dataclass(frozen=True, slots=True)
class Idiom:
    """How a mood's music is written.

    Attributes:
        metres: how often each is taken.
        lengths: bars of a phrase, and how often.
        opens: cadences of phrases that ask for more, and how often.
        closes: cadences of phrases that end a section, and how often.
        rhythms: how often the chords change, and how often so.
        suspended: how often a chord keeps a tone of the one before, 0 to 1.
        resolves: whether that tone then gives way.
        rough: whether chords have tones that rub.
        stacks: how chords are built, in steps above the root, and how often; thirds where nothing is said.
        bass: the bass lines, one of them a phrase.
        figures: what the plucked part does, one of them a phrase.
        textures: how the pad holds, one of them a phrase.
        grooves: names of the grooves of the drums, one of them a section.
        arrangement: name of the table that says who plays when.
        intro: bars of the introduction.
        stops: how often a phrase breaks off for some beats, 0 to 1.
        stabs: how often a bar has a sudden hit, 0 to 1.
        singing: how the melody moves.
    """

    metres: Mapping[Metre, float]
    lengths: Mapping[int, float]
    opens: Mapping[Cadence, float]
    closes: Mapping[Cadence, float]
    rhythms: Mapping[HarmonicRhythm, float]
    suspended: float
    resolves: bool
    rough: bool
    stacks: Mapping[tuple[int, ...], float]
    bass: tuple[BassLine, ...]
    figures: tuple[Figure, ...]
    textures: tuple[Texture, ...]
    grooves: tuple[str, ...]
    arrangement: str
    intro: int
    stops: float
    stabs: float
    singing: Singing
