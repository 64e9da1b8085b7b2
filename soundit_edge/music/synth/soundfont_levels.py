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
        Instrument.KIT: 4.5,
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
