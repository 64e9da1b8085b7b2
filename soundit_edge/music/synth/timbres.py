"""What the instruments of the small synthesiser sound like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from soundit_edge.music.general_midi import Instrument


@dataclass(frozen=True, slots=True)
class Timbre:
    """What an instrument sounds like.

    Attributes:
        slope: harmonic k has 1 / k ** slope, at the beginning.
        level: brings it to the loudness of the others.
        odd: what the even harmonics are multiplied with: 1, or less for the hollow ones.
        mellow: the slope of what stays.
        bright_s: time constant with which the beginning becomes what stays.
        attack: seconds.
        decay: time constant while the note is held, in seconds.
        release: seconds.
        vibrato: depth in semitones, which comes after a quarter of a second.
    """

    slope: float
    level: float
    odd: float = 1.0
    mellow: float = 2.0
    bright_s: float = 0.5
    attack: float = 0.005
    decay: float = 1e9
    release: float = 0.2
    vibrato: float = 0.0


_STRUCK: Final = {"mellow": 2.6, "attack": 0.003, "release": 0.25}
_BOWED: Final = {"mellow": 1.5, "bright_s": 1e9, "attack": 0.09, "release": 0.25}

TIMBRES: Final[Mapping[Instrument, Timbre]] = MappingProxyType(
    {
        Instrument.PIANO: Timbre(1.3, bright_s=0.35, decay=1.6, level=0.227, **_STRUCK),
        Instrument.CELESTA: Timbre(2.2, odd=0.2, bright_s=0.1, decay=0.7, level=0.258, **_STRUCK),
        Instrument.GLOCKENSPIEL: Timbre(1.8, odd=0.1, bright_s=0.15, decay=0.9, level=0.232, **_STRUCK),
        Instrument.VIBRAPHONE: Timbre(2.4, odd=0.3, bright_s=0.1, decay=2.0, level=0.222, **_STRUCK),
        Instrument.ACCORDION: Timbre(1.2, odd=0.6, mellow=1.5, attack=0.06, level=0.191),
        Instrument.NYLON_GUITAR: Timbre(1.2, bright_s=0.2, decay=0.7, level=0.27, **_STRUCK),
        Instrument.STEEL_GUITAR: Timbre(0.9, bright_s=0.4, decay=0.8, level=0.252, **_STRUCK),
        Instrument.DISTORTED_GUITAR: Timbre(1.1, mellow=1.4, bright_s=1.0, attack=0.004, release=0.05, level=0.178),
        Instrument.ACOUSTIC_BASS: Timbre(1.6, bright_s=0.2, decay=1.2, level=0.289, **_STRUCK),
        Instrument.FINGERED_BASS: Timbre(1.3, bright_s=0.3, decay=1.5, level=0.28, **_STRUCK),
        Instrument.PICKED_BASS: Timbre(1.4, bright_s=0.5, decay=1.2, level=0.28, **_STRUCK),
        Instrument.VIOLIN: Timbre(1.5, vibrato=0.12, level=0.182, **_BOWED),
        Instrument.CELLO: Timbre(1.4, vibrato=0.1, level=0.207, **_BOWED),
        Instrument.CONTRABASS: Timbre(1.7, level=0.241, **_BOWED),
        Instrument.TREMOLO_STRINGS: Timbre(1.5, mellow=1.6, attack=0.02, release=0.1, level=0.199),
        Instrument.PIZZICATO: Timbre(
            1.2, mellow=2.8, bright_s=0.06, attack=0.002, decay=0.22, release=0.1, level=0.428
        ),
        Instrument.HARP: Timbre(1.5, bright_s=0.3, decay=1.0, level=0.246, **_STRUCK),
        Instrument.STRINGS: Timbre(1.3, level=0.199, **_BOWED),
        Instrument.SLOW_STRINGS: Timbre(1.6, mellow=1.8, bright_s=1e9, attack=0.35, release=0.7, level=0.204),
        Instrument.CHOIR: Timbre(1.9, mellow=2.0, bright_s=1e9, attack=0.25, release=0.5, vibrato=0.08, level=0.209),
        Instrument.ORCHESTRA_HIT: Timbre(
            0.7, mellow=1.4, bright_s=0.2, attack=0.003, decay=0.5, release=0.3, level=0.273
        ),
        Instrument.TUBA: Timbre(1.7, mellow=2.0, attack=0.04, level=0.238),
        Instrument.MUTED_TRUMPET: Timbre(0.9, mellow=1.2, attack=0.03, release=0.1, level=0.182),
        Instrument.HORN: Timbre(1.6, mellow=2.0, attack=0.06, level=0.209),
        Instrument.BRASS: Timbre(1.3, mellow=1.6, attack=0.03, release=0.1, level=0.195),
        Instrument.ENGLISH_HORN: Timbre(1.0, mellow=1.3, attack=0.05, vibrato=0.06, level=0.191),
        Instrument.BASSOON: Timbre(1.1, mellow=1.4, attack=0.04, level=0.202),
        Instrument.CLARINET: Timbre(1.2, odd=0.1, mellow=1.5, attack=0.04, vibrato=0.03, level=0.2),
        Instrument.FLUTE: Timbre(2.2, mellow=2.4, attack=0.05, vibrato=0.1, level=0.198),
        Instrument.WARM_PAD: Timbre(2.0, mellow=2.2, bright_s=1e9, attack=0.6, release=1.2, level=0.207),
        Instrument.ELECTRIC_PIANO: Timbre(1.9, bright_s=0.15, decay=1.4, level=0.229, **_STRUCK),
        Instrument.HARPSICHORD: Timbre(0.8, bright_s=0.5, decay=0.8, level=0.239, **_STRUCK),
        Instrument.CLAVINET: Timbre(0.8, odd=0.6, bright_s=0.2, decay=0.6, level=0.271, **_STRUCK),
        Instrument.MARIMBA: Timbre(2.2, odd=0.2, bright_s=0.05, decay=0.35, level=0.340, **_STRUCK),
        Instrument.XYLOPHONE: Timbre(1.6, odd=0.3, bright_s=0.04, decay=0.2, level=0.440, **_STRUCK),
        Instrument.TUBULAR_BELLS: Timbre(1.3, odd=0.4, bright_s=0.6, decay=2.2, level=0.214, **_STRUCK),
        Instrument.ROCK_ORGAN: Timbre(1.2, odd=0.8, mellow=1.4, attack=0.01, release=0.08, level=0.198),
        Instrument.CHURCH_ORGAN: Timbre(1.1, odd=0.9, mellow=1.3, attack=0.05, release=0.4, level=0.178),
        Instrument.HARMONICA: Timbre(0.9, mellow=1.2, attack=0.04, vibrato=0.08, level=0.181),
        Instrument.JAZZ_GUITAR: Timbre(1.8, bright_s=0.15, decay=0.8, level=0.256, **_STRUCK),
        Instrument.CLEAN_GUITAR: Timbre(1.2, bright_s=0.3, decay=0.9, level=0.246, **_STRUCK),
        Instrument.MUTED_GUITAR: Timbre(1.5, bright_s=0.04, decay=0.12, level=0.570, **_STRUCK),
        Instrument.OVERDRIVEN_GUITAR: Timbre(1.1, mellow=1.3, bright_s=1.0, attack=0.005, release=0.08, level=0.191),
        Instrument.GUITAR_HARMONICS: Timbre(1.6, odd=0.3, bright_s=0.4, decay=1.2, level=0.235, **_STRUCK),
        Instrument.FRETLESS_BASS: Timbre(1.5, bright_s=0.5, decay=1.8, level=0.239, **_STRUCK),
        Instrument.SLAP_BASS: Timbre(1.0, bright_s=0.1, decay=0.8, level=0.279, **_STRUCK),
        Instrument.SYNTH_BASS: Timbre(
            1.1, mellow=1.8, bright_s=0.15, attack=0.004, decay=2.0, release=0.08, level=0.247
        ),
        Instrument.RUBBER_BASS: Timbre(
            1.3, odd=0.5, mellow=2.2, bright_s=0.12, attack=0.004, decay=1.2, release=0.1, level=0.265
        ),
        Instrument.VIOLA: Timbre(1.45, vibrato=0.1, level=0.198, **_BOWED),
        Instrument.TIMPANI: Timbre(1.8, odd=0.6, bright_s=0.1, decay=0.6, level=0.301, **_STRUCK),
        Instrument.SYNTH_STRINGS: Timbre(1.2, mellow=1.4, bright_s=1e9, attack=0.15, release=0.5, level=0.182),
        Instrument.OOHS: Timbre(2.2, mellow=2.2, bright_s=1e9, attack=0.15, release=0.4, vibrato=0.06, level=0.202),
        Instrument.TRUMPET: Timbre(1.0, mellow=1.3, attack=0.025, release=0.1, vibrato=0.05, level=0.191),
        Instrument.TROMBONE: Timbre(1.4, mellow=1.7, attack=0.04, release=0.12, level=0.223),
        Instrument.SAXOPHONE: Timbre(1.1, mellow=1.4, attack=0.035, release=0.12, vibrato=0.08, level=0.195),
        Instrument.OBOE: Timbre(0.9, mellow=1.2, attack=0.04, vibrato=0.07, level=0.181),
        Instrument.PICCOLO: Timbre(2.0, mellow=2.3, attack=0.03, vibrato=0.08, level=0.200),
        Instrument.PAN_FLUTE: Timbre(2.4, mellow=2.6, attack=0.06, release=0.3, vibrato=0.06, level=0.198),
        Instrument.WHISTLE: Timbre(2.8, mellow=2.8, attack=0.05, vibrato=0.1, level=0.204),
        Instrument.SQUARE_LEAD: Timbre(1.0, odd=0.02, mellow=1.1, attack=0.006, release=0.08, level=0.194),
        Instrument.SAW_LEAD: Timbre(1.0, mellow=1.1, attack=0.006, release=0.08, level=0.187),
        Instrument.CHARANG: Timbre(0.9, odd=0.7, mellow=1.1, attack=0.006, release=0.1, level=0.185),
        Instrument.GLASS_PAD: Timbre(1.8, odd=0.4, mellow=2.0, bright_s=1e9, attack=0.5, release=1.0, level=0.212),
        Instrument.METAL_PAD: Timbre(1.1, odd=0.4, mellow=1.4, bright_s=1.5, attack=0.3, release=0.9, level=0.182),
        Instrument.HALO_PAD: Timbre(1.6, mellow=1.9, bright_s=1e9, attack=0.6, release=1.2, level=0.211),
        Instrument.SWEEP_PAD: Timbre(2.0, mellow=1.4, bright_s=2.0, attack=0.7, release=1.2, level=0.232),
        Instrument.CRYSTAL: Timbre(1.5, odd=0.2, bright_s=0.3, decay=1.4, level=0.229, **_STRUCK),
        Instrument.ATMOSPHERE: Timbre(1.3, bright_s=0.3, decay=2.5, level=0.212, **_STRUCK),
        Instrument.GOBLINS: Timbre(
            1.7, odd=0.5, mellow=1.4, bright_s=1.5, attack=0.5, release=1.2, vibrato=0.25, level=0.199
        ),
        Instrument.SITAR: Timbre(0.7, bright_s=0.6, decay=1.2, level=0.214, **_STRUCK),
        Instrument.BANJO: Timbre(0.8, bright_s=0.1, decay=0.35, level=0.332, **_STRUCK),
        Instrument.KALIMBA: Timbre(2.4, odd=0.15, bright_s=0.06, decay=0.5, level=0.296, **_STRUCK),
        Instrument.FIDDLE: Timbre(1.3, vibrato=0.1, level=0.195, **_BOWED),
        Instrument.STEEL_DRUMS: Timbre(1.6, odd=0.5, bright_s=0.2, decay=0.7, level=0.266, **_STRUCK),
    }
)
