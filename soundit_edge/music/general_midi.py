"""The instruments by name, and their numbers in General MIDI."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Instrument(StrEnum):
    """The instruments that a part can be played on."""

    PIANO = "piano"
    CELESTA = "celesta"
    GLOCKENSPIEL = "glockenspiel"
    VIBRAPHONE = "vibraphone"
    ACCORDION = "accordion"
    NYLON_GUITAR = "nylon guitar"
    STEEL_GUITAR = "steel guitar"
    DISTORTED_GUITAR = "distorted guitar"
    ACOUSTIC_BASS = "acoustic bass"
    FINGERED_BASS = "fingered bass"
    PICKED_BASS = "picked bass"
    VIOLIN = "violin"
    CELLO = "cello"
    CONTRABASS = "contrabass"
    TREMOLO_STRINGS = "tremolo strings"
    PIZZICATO = "pizzicato"
    HARP = "harp"
    STRINGS = "strings"
    SLOW_STRINGS = "slow strings"
    CHOIR = "choir"
    ORCHESTRA_HIT = "orchestra hit"
    TUBA = "tuba"
    MUTED_TRUMPET = "muted trumpet"
    HORN = "horn"
    BRASS = "brass"
    ENGLISH_HORN = "english horn"
    BASSOON = "bassoon"
    CLARINET = "clarinet"
    FLUTE = "flute"
    WARM_PAD = "warm pad"
    KIT = "drum kit"


PROGRAMS: Final[Mapping[Instrument, int]] = MappingProxyType(
    {
        Instrument.PIANO: 0,
        Instrument.CELESTA: 8,
        Instrument.GLOCKENSPIEL: 9,
        Instrument.VIBRAPHONE: 11,
        Instrument.ACCORDION: 21,
        Instrument.NYLON_GUITAR: 24,
        Instrument.STEEL_GUITAR: 25,
        Instrument.DISTORTED_GUITAR: 30,
        Instrument.ACOUSTIC_BASS: 32,
        Instrument.FINGERED_BASS: 33,
        Instrument.PICKED_BASS: 34,
        Instrument.VIOLIN: 40,
        Instrument.CELLO: 42,
        Instrument.CONTRABASS: 43,
        Instrument.TREMOLO_STRINGS: 44,
        Instrument.PIZZICATO: 45,
        Instrument.HARP: 46,
        Instrument.STRINGS: 48,
        Instrument.SLOW_STRINGS: 49,
        Instrument.CHOIR: 52,
        Instrument.ORCHESTRA_HIT: 55,
        Instrument.TUBA: 58,
        Instrument.MUTED_TRUMPET: 59,
        Instrument.HORN: 60,
        Instrument.BRASS: 61,
        Instrument.ENGLISH_HORN: 69,
        Instrument.BASSOON: 70,
        Instrument.CLARINET: 71,
        Instrument.FLUTE: 73,
        Instrument.WARM_PAD: 89,
        Instrument.KIT: 0,
    }
)
"""Program numbers, 0 to 127; the drum kit's belongs to the drum bank."""

# Numbers of the drums of General MIDI's percussion map.
KICK: Final = 36
RIM: Final = 37
SNARE: Final = 38
LOW_TOM: Final = 41
HAT: Final = 42
MIDDLE_TOM: Final = 45
OPEN_HAT: Final = 46
CRASH: Final = 49
HIGH_TOM: Final = 50
TAMBOURINE: Final = 54
SHAKER: Final = 70
