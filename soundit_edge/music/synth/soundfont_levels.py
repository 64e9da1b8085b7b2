"""What brings the instruments of the SoundFont to the same loudness, by the version of FluidSynth that plays them.

Measured on the samples that FluidSynth 2.3.1 (Debian 12) and 2.4.4 (Debian 13) gave for notes of the length of a beat,
with MuseScore_General_Lite.sf3: `python -m tools.music.instruments`, by which the two now differ by 0.2 dB at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from soundit_edge.music.general_midi import Instrument

_TRIMS: Final[Mapping[Instrument, float]] = MappingProxyType(
    {
        Instrument.PIANO: 1.2,
        Instrument.CELESTA: 1.6,
        Instrument.GLOCKENSPIEL: 0.9,
        Instrument.VIBRAPHONE: 0.4,
        Instrument.ACCORDION: 2.6,
        Instrument.NYLON_GUITAR: 2.6,
        Instrument.STEEL_GUITAR: 3.8,
        Instrument.DISTORTED_GUITAR: -0.4,
        Instrument.ACOUSTIC_BASS: -3.7,
        Instrument.FINGERED_BASS: -3.9,
        Instrument.PICKED_BASS: -3.2,
        Instrument.VIOLIN: -1.9,
        Instrument.CELLO: -2.2,
        Instrument.CONTRABASS: 2.3,
        Instrument.TREMOLO_STRINGS: 2.6,
        Instrument.PIZZICATO: 6.4,
        Instrument.HARP: 0.6,
        Instrument.STRINGS: -1.3,
        Instrument.SLOW_STRINGS: -0.8,
        Instrument.CHOIR: 1.1,
        Instrument.ORCHESTRA_HIT: 0.7,
        Instrument.TUBA: -6.0,
        Instrument.MUTED_TRUMPET: -2.6,
        Instrument.HORN: -4.2,
        Instrument.BRASS: -1.9,
        Instrument.ENGLISH_HORN: 5.1,
        Instrument.BASSOON: -4.5,
        Instrument.CLARINET: -2.4,
        Instrument.FLUTE: -4.5,
        Instrument.WARM_PAD: 9.3,
        Instrument.ELECTRIC_PIANO: -2.2,
        Instrument.HARPSICHORD: 2.9,
        Instrument.CLAVINET: 1.5,
        Instrument.MARIMBA: 1.4,
        Instrument.XYLOPHONE: 6.5,
        Instrument.TUBULAR_BELLS: -2.1,
        Instrument.ROCK_ORGAN: 0.2,
        Instrument.CHURCH_ORGAN: -0.3,
        Instrument.HARMONICA: -0.8,
        Instrument.JAZZ_GUITAR: -2.1,
        Instrument.CLEAN_GUITAR: -3.6,
        Instrument.MUTED_GUITAR: 5.3,
        Instrument.OVERDRIVEN_GUITAR: -1.5,
        Instrument.GUITAR_HARMONICS: -4.2,
        Instrument.FRETLESS_BASS: -4.1,
        Instrument.SLAP_BASS: 2.2,
        Instrument.SYNTH_BASS: -2.2,
        Instrument.RUBBER_BASS: -1.4,
        Instrument.VIOLA: -0.5,
        Instrument.TIMPANI: 2.9,
        Instrument.SYNTH_STRINGS: 2.1,
        Instrument.OOHS: -2.0,
        Instrument.TRUMPET: -4.8,
        Instrument.TROMBONE: -6.7,
        Instrument.SAXOPHONE: -3.7,
        Instrument.OBOE: -3.7,
        Instrument.PICCOLO: -2.1,
        Instrument.PAN_FLUTE: -1.7,
        Instrument.WHISTLE: -6.5,
        Instrument.SQUARE_LEAD: -3.1,
        Instrument.SAW_LEAD: -3.1,
        Instrument.CHARANG: -2.9,
        Instrument.GLASS_PAD: -0.3,
        Instrument.METAL_PAD: 1.0,
        Instrument.HALO_PAD: -1.5,
        Instrument.SWEEP_PAD: 1.7,
        Instrument.CRYSTAL: 0.5,
        Instrument.ATMOSPHERE: -1.2,
        Instrument.GOBLINS: 6.0,
        Instrument.SITAR: 3.1,
        Instrument.BANJO: 0.0,
        Instrument.KALIMBA: 2.6,
        Instrument.FIDDLE: 2.8,
        Instrument.STEEL_DRUMS: 2.8,
        Instrument.KIT: 4.5,
        Instrument.POWER_KIT: 0.2,
        Instrument.ELECTRONIC_KIT: 1.2,
        Instrument.BRUSH_KIT: 1.3,
    }
)
_LATER: Final = (2, 4)
_LATER_DB: Final = -0.97
_LATER_TRIMS: Final[Mapping[Instrument, float]] = MappingProxyType(
    {
        Instrument.PIANO: -0.7,
        Instrument.CELESTA: -1.0,
        Instrument.GLOCKENSPIEL: -1.0,
        Instrument.VIBRAPHONE: -0.5,
        Instrument.ACCORDION: -0.4,
        Instrument.HARP: -0.2,
        Instrument.CHOIR: -1.0,
        Instrument.HORN: -1.2,
        Instrument.CLARINET: -1.6,
        Instrument.FLUTE: -0.3,
    }
)


def trim_db(instrument: Instrument, version: tuple[int, int]) -> float:
    """Return the decibels by which an instrument is to be turned up against the others.

    Args:
        instrument: any of ours.
        version: of FluidSynth, major and minor.
    """
    return _TRIMS[instrument] + (_LATER_TRIMS.get(instrument, 0.0) if version >= _LATER else 0.0)


def later_db(version: tuple[int, int]) -> float:
    """Return the decibels by which all are to be turned up: FluidSynth from 2.4 on plays everything louder."""
    return _LATER_DB if version >= _LATER else 0.0
