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
    ELECTRIC_PIANO = "electric piano"
    HARPSICHORD = "harpsichord"
    CLAVINET = "clavinet"
    MARIMBA = "marimba"
    XYLOPHONE = "xylophone"
    TUBULAR_BELLS = "tubular bells"
    ROCK_ORGAN = "rock organ"
    CHURCH_ORGAN = "church organ"
    HARMONICA = "harmonica"
    JAZZ_GUITAR = "jazz guitar"
    CLEAN_GUITAR = "clean guitar"
    MUTED_GUITAR = "muted guitar"
    OVERDRIVEN_GUITAR = "overdriven guitar"
    GUITAR_HARMONICS = "guitar harmonics"
    FRETLESS_BASS = "fretless bass"
    SLAP_BASS = "slap bass"
    SYNTH_BASS = "synth bass"
    RUBBER_BASS = "rubber bass"
    VIOLA = "viola"
    TIMPANI = "timpani"
    SYNTH_STRINGS = "synth strings"
    OOHS = "voices"
    TRUMPET = "trumpet"
    TROMBONE = "trombone"
    SAXOPHONE = "saxophone"
    OBOE = "oboe"
    PICCOLO = "piccolo"
    PAN_FLUTE = "pan flute"
    WHISTLE = "whistle"
    SQUARE_LEAD = "square lead"
    SAW_LEAD = "saw lead"
    CHARANG = "charang lead"
    GLASS_PAD = "glass pad"
    METAL_PAD = "metal pad"
    HALO_PAD = "halo pad"
    SWEEP_PAD = "sweep pad"
    CRYSTAL = "crystal"
    ATMOSPHERE = "atmosphere"
    GOBLINS = "goblins"
    SITAR = "sitar"
    BANJO = "banjo"
    KALIMBA = "kalimba"
    FIDDLE = "fiddle"
    STEEL_DRUMS = "steel drums"
    KIT = "drum kit"
    POWER_KIT = "power drum kit"
    ELECTRONIC_KIT = "electronic drum kit"
    BRUSH_KIT = "brush drum kit"


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
        Instrument.ELECTRIC_PIANO: 4,
        Instrument.HARPSICHORD: 6,
        Instrument.CLAVINET: 7,
        Instrument.MARIMBA: 12,
        Instrument.XYLOPHONE: 13,
        Instrument.TUBULAR_BELLS: 14,
        Instrument.ROCK_ORGAN: 18,
        Instrument.CHURCH_ORGAN: 19,
        Instrument.HARMONICA: 22,
        Instrument.JAZZ_GUITAR: 26,
        Instrument.CLEAN_GUITAR: 27,
        Instrument.MUTED_GUITAR: 28,
        Instrument.OVERDRIVEN_GUITAR: 29,
        Instrument.GUITAR_HARMONICS: 31,
        Instrument.FRETLESS_BASS: 35,
        Instrument.SLAP_BASS: 36,
        Instrument.SYNTH_BASS: 38,
        Instrument.RUBBER_BASS: 39,
        Instrument.VIOLA: 41,
        Instrument.TIMPANI: 47,
        Instrument.SYNTH_STRINGS: 50,
        Instrument.OOHS: 53,
        Instrument.TRUMPET: 56,
        Instrument.TROMBONE: 57,
        Instrument.SAXOPHONE: 65,
        Instrument.OBOE: 68,
        Instrument.PICCOLO: 72,
        Instrument.PAN_FLUTE: 75,
        Instrument.WHISTLE: 78,
        Instrument.SQUARE_LEAD: 80,
        Instrument.SAW_LEAD: 81,
        Instrument.CHARANG: 84,
        Instrument.GLASS_PAD: 92,
        Instrument.METAL_PAD: 93,
        Instrument.HALO_PAD: 94,
        Instrument.SWEEP_PAD: 95,
        Instrument.CRYSTAL: 98,
        Instrument.ATMOSPHERE: 99,
        Instrument.GOBLINS: 101,
        Instrument.SITAR: 104,
        Instrument.BANJO: 105,
        Instrument.KALIMBA: 108,
        Instrument.FIDDLE: 110,
        Instrument.STEEL_DRUMS: 114,
        Instrument.KIT: 0,
        Instrument.POWER_KIT: 16,
        Instrument.ELECTRONIC_KIT: 24,
        Instrument.BRUSH_KIT: 40,
    }
)
"""Program numbers, 0 to 127; those of the drum kits belong to the drum bank."""
KITS: Final = frozenset(
    {
        Instrument.KIT,
        Instrument.POWER_KIT,
        Instrument.ELECTRONIC_KIT,
        Instrument.BRUSH_KIT,
    }
)

# Numbers of the drums of General MIDI's percussion map.
KICK: Final = 36
RIM: Final = 37
SNARE: Final = 38
CLAP: Final = 39
LOW_TOM: Final = 41
HAT: Final = 42
FLOOR_TOM: Final = 43
MIDDLE_TOM: Final = 45
OPEN_HAT: Final = 46
CRASH: Final = 49
HIGH_TOM: Final = 50
RIDE: Final = 51
CHINA: Final = 52
TAMBOURINE: Final = 54
SHAKER: Final = 70
