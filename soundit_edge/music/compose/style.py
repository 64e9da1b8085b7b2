"""What a mood's music is made of: modes, parts and instruments. It changes with a phrase, never within one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.score import Part


class Figure(StrEnum):
    """What the plucked part makes of a chord."""

    ARPEGGIO = "arpeggio"
    OFFBEAT = "off the beat"
    BROKEN = "broken"
    PULSE = "pulse"
    TREMOLO = "tremolo"
    DROPS = "drops"


class Kit(StrEnum):
    """How the drums are played."""

    SOFT = "soft"
    DANCE = "dance"
    DRIVING = "driving"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Style:
    """The music of one emotion.

    Attributes:
        modes: names of modes, and how often each is taken.
        semitones: from the piece's home to its tonic.
        soft: whether chords have ninths and sevenths.
        palette: who plays each part.
        second: who sings the contrasting phrases.
        figures: what the plucked part does, one of them a phrase.
        kit: how the drums are played, where there are any.
        pad: how loud the held chords are, 0 (none) to 1.
    """

    modes: Mapping[str, float]
    semitones: int
    soft: bool
    palette: Mapping[Part, Instrument]
    second: Instrument
    figures: tuple[Figure, ...]
    kit: Kit
    pad: float


def _style(
    modes: dict[str, float],
    semitones: int,
    soft: bool,
    players: dict[Part, Instrument],
    second: Instrument,
    figures: tuple[Figure, ...],
    kit: Kit,
    pad: float,
) -> Style:
    palette = {Part.DRUMS: Instrument.KIT, Part.STINGER: Instrument.BRASS, **players}
    return Style(MappingProxyType(modes), semitones, soft, MappingProxyType(palette), second, figures, kit, pad)


STYLES: Final[Mapping[Emotion, Style]] = MappingProxyType(
    {
        Emotion.NEUTRAL: _style(
            {"major": 1.0},
            semitones=0,
            soft=True,
            players={
                Part.LEAD: Instrument.CLARINET,
                Part.PLUCK: Instrument.NYLON_GUITAR,
                Part.PAD: Instrument.STRINGS,
                Part.BASS: Instrument.ACOUSTIC_BASS,
            },
            second=Instrument.VIBRAPHONE,
            figures=(Figure.ARPEGGIO, Figure.BROKEN),
            kit=Kit.SOFT,
            pad=0.5,
        ),
        Emotion.CALM: _style(
            {"major pentatonic": 1.0},
            semitones=0,
            soft=True,
            players={
                Part.LEAD: Instrument.FLUTE,
                Part.PLUCK: Instrument.HARP,
                Part.PAD: Instrument.SLOW_STRINGS,
                Part.BASS: Instrument.CONTRABASS,
            },
            second=Instrument.VIBRAPHONE,
            figures=(Figure.BROKEN,),
            kit=Kit.SOFT,
            pad=0.6,
        ),
        Emotion.HAPPY: _style(
            {"major": 0.7, "lydian": 0.3},
            semitones=2,
            soft=False,
            players={
                Part.LEAD: Instrument.FLUTE,
                Part.PLUCK: Instrument.STEEL_GUITAR,
                Part.PAD: Instrument.STRINGS,
                Part.BASS: Instrument.FINGERED_BASS,
            },
            second=Instrument.GLOCKENSPIEL,
            figures=(Figure.OFFBEAT, Figure.ARPEGGIO),
            kit=Kit.DANCE,
            pad=0.3,
        ),
        Emotion.SAD: _style(
            {"aeolian": 0.75, "dorian": 0.25},
            semitones=-2,
            soft=False,
            players={
                Part.LEAD: Instrument.CELLO,
                Part.PLUCK: Instrument.PIANO,
                Part.PAD: Instrument.WARM_PAD,
                Part.BASS: Instrument.CONTRABASS,
            },
            second=Instrument.ENGLISH_HORN,
            figures=(Figure.BROKEN,),
            kit=Kit.SOFT,
            pad=0.5,
        ),
        Emotion.ANGRY: _style(
            {"phrygian": 0.6, "aeolian": 0.4},
            semitones=-1,
            soft=False,
            players={
                Part.LEAD: Instrument.BRASS,
                Part.PLUCK: Instrument.DISTORTED_GUITAR,
                Part.PAD: Instrument.STRINGS,
                Part.BASS: Instrument.PICKED_BASS,
            },
            second=Instrument.HORN,
            figures=(Figure.PULSE,),
            kit=Kit.DRIVING,
            pad=0.4,
        ),
        Emotion.FEARFUL: _style(
            {"phrygian": 0.75, "octatonic": 0.25},
            semitones=0,
            soft=False,
            players={
                Part.LEAD: Instrument.VIOLIN,
                Part.PLUCK: Instrument.TREMOLO_STRINGS,
                Part.PAD: Instrument.CHOIR,
                Part.BASS: Instrument.CONTRABASS,
            },
            second=Instrument.CELESTA,
            figures=(Figure.TREMOLO,),
            kit=Kit.DARK,
            pad=0.5,
        ),
        Emotion.DISGUSTED: _style(
            {"phrygian": 1.0},
            semitones=-1,
            soft=False,
            players={
                Part.LEAD: Instrument.MUTED_TRUMPET,
                Part.PLUCK: Instrument.PIZZICATO,
                Part.PAD: Instrument.ACCORDION,
                Part.BASS: Instrument.TUBA,
            },
            second=Instrument.BASSOON,
            figures=(Figure.DROPS,),
            kit=Kit.DARK,
            pad=0.3,
        ),
        Emotion.SURPRISED: _style(
            {"lydian": 1.0},
            semitones=2,
            soft=False,
            players={
                Part.LEAD: Instrument.GLOCKENSPIEL,
                Part.PLUCK: Instrument.PIZZICATO,
                Part.PAD: Instrument.STRINGS,
                Part.BASS: Instrument.PIZZICATO,
                Part.STINGER: Instrument.ORCHESTRA_HIT,
            },
            second=Instrument.CELESTA,
            figures=(Figure.OFFBEAT, Figure.ARPEGGIO),
            kit=Kit.DANCE,
            pad=0.4,
        ),
    }
)
