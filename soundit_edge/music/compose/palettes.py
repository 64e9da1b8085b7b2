"""Who plays: the ensembles that a piece can be written for, and the instruments of each in every mood.

An ensemble stays for the whole piece. Within it the instruments change with the mood, as a piece's players would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from soundit_edge.emotion import Emotion
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.score import Part

_DRAW: Final = 0x50A1E77E  # keeps an ensemble's draw apart from those of the composer


@dataclass(frozen=True, slots=True)
class Palette:
    """Who plays the music of a mood.

    Attributes:
        players: the instrument of each part.
        second: who sings the contrasting phrases.
    """

    players: Mapping[Part, Instrument]
    second: Instrument


def ensemble_of(seed: int) -> Ensemble:
    """Return the ensemble of a piece for which nobody has chosen one."""
    ensembles = tuple(Ensemble)
    return ensembles[int(np.random.default_rng((seed, _DRAW)).integers(len(ensembles)))]


def palette_of(emotion: Emotion, ensemble: Ensemble) -> Palette:
    """Return who plays the music of a mood."""
    return PALETTES[ensemble][emotion]


def _palette(
    lead: Instrument,
    second: Instrument,
    pluck: Instrument,
    pad: Instrument,
    bass: Instrument,
    kit: Instrument,
    stinger: Instrument = Instrument.BRASS,
) -> Palette:
    players = {
        Part.LEAD: lead,
        Part.PLUCK: pluck,
        Part.PAD: pad,
        Part.BASS: bass,
        Part.DRUMS: kit,
        Part.STINGER: stinger,
    }
    return Palette(MappingProxyType(players), second)


_I = Instrument
PALETTES: Final[Mapping[Ensemble, Mapping[Emotion, Palette]]] = MappingProxyType(
    {
        # The melody, that of the contrasting phrases, the plucked figure, the held chords, the bass, the drums.
        Ensemble.CHAMBER: MappingProxyType(
            {
                Emotion.NEUTRAL: _palette(_I.CLARINET, _I.VIOLA, _I.HARP, _I.STRINGS, _I.ACOUSTIC_BASS, _I.BRUSH_KIT),
                Emotion.CALM: _palette(_I.FLUTE, _I.OBOE, _I.HARP, _I.SLOW_STRINGS, _I.CONTRABASS, _I.BRUSH_KIT),
                Emotion.HAPPY: _palette(_I.FLUTE, _I.FIDDLE, _I.PIZZICATO, _I.STRINGS, _I.ACOUSTIC_BASS, _I.KIT),
                Emotion.SAD: _palette(
                    _I.CELLO, _I.ENGLISH_HORN, _I.PIANO, _I.SLOW_STRINGS, _I.CONTRABASS, _I.BRUSH_KIT
                ),
                # What is distorted is rough, and a chamber has no other means to be so loud and so rough at once.
                Emotion.ANGRY: _palette(
                    _I.BRASS, _I.TROMBONE, _I.DISTORTED_GUITAR, _I.TREMOLO_STRINGS, _I.PICKED_BASS, _I.POWER_KIT
                ),
                Emotion.FEARFUL: _palette(_I.VIOLIN, _I.CELESTA, _I.TREMOLO_STRINGS, _I.CHOIR, _I.CONTRABASS, _I.KIT),
                Emotion.DISGUSTED: _palette(_I.BASSOON, _I.MUTED_TRUMPET, _I.PIZZICATO, _I.ACCORDION, _I.TUBA, _I.KIT),
                Emotion.SURPRISED: _palette(
                    _I.PICCOLO, _I.GLOCKENSPIEL, _I.PIZZICATO, _I.STRINGS, _I.ACOUSTIC_BASS, _I.KIT, _I.ORCHESTRA_HIT
                ),
            }
        ),
        Ensemble.ELECTRONIC: MappingProxyType(
            {
                Emotion.NEUTRAL: _palette(
                    _I.ELECTRIC_PIANO, _I.VIBRAPHONE, _I.ATMOSPHERE, _I.WARM_PAD, _I.RUBBER_BASS, _I.ELECTRONIC_KIT
                ),
                Emotion.CALM: _palette(
                    _I.PAN_FLUTE, _I.ELECTRIC_PIANO, _I.KALIMBA, _I.HALO_PAD, _I.FRETLESS_BASS, _I.BRUSH_KIT
                ),
                Emotion.HAPPY: _palette(
                    _I.SQUARE_LEAD, _I.STEEL_DRUMS, _I.CLAVINET, _I.SYNTH_STRINGS, _I.SYNTH_BASS, _I.ELECTRONIC_KIT
                ),
                Emotion.SAD: _palette(
                    _I.OOHS, _I.ELECTRIC_PIANO, _I.ELECTRIC_PIANO, _I.WARM_PAD, _I.FRETLESS_BASS, _I.BRUSH_KIT
                ),
                Emotion.ANGRY: _palette(
                    _I.SAW_LEAD, _I.CHARANG, _I.DISTORTED_GUITAR, _I.METAL_PAD, _I.SYNTH_BASS, _I.POWER_KIT
                ),
                Emotion.FEARFUL: _palette(
                    _I.GLASS_PAD, _I.CRYSTAL, _I.TREMOLO_STRINGS, _I.GOBLINS, _I.RUBBER_BASS, _I.ELECTRONIC_KIT
                ),
                Emotion.DISGUSTED: _palette(
                    _I.CHARANG, _I.SITAR, _I.MUTED_GUITAR, _I.METAL_PAD, _I.RUBBER_BASS, _I.ELECTRONIC_KIT
                ),
                Emotion.SURPRISED: _palette(
                    _I.SQUARE_LEAD,
                    _I.CRYSTAL,
                    _I.CLAVINET,
                    _I.SYNTH_STRINGS,
                    _I.SYNTH_BASS,
                    _I.ELECTRONIC_KIT,
                    _I.ORCHESTRA_HIT,
                ),
            }
        ),
        Ensemble.BAND: MappingProxyType(
            {
                Emotion.NEUTRAL: _palette(
                    _I.CLEAN_GUITAR, _I.HARMONICA, _I.NYLON_GUITAR, _I.STRINGS, _I.FINGERED_BASS, _I.BRUSH_KIT
                ),
                Emotion.CALM: _palette(
                    _I.JAZZ_GUITAR, _I.VIBRAPHONE, _I.NYLON_GUITAR, _I.WARM_PAD, _I.FRETLESS_BASS, _I.BRUSH_KIT
                ),
                Emotion.HAPPY: _palette(
                    _I.WHISTLE, _I.TRUMPET, _I.STEEL_GUITAR, _I.ROCK_ORGAN, _I.FINGERED_BASS, _I.KIT
                ),
                Emotion.SAD: _palette(
                    _I.SAXOPHONE, _I.JAZZ_GUITAR, _I.NYLON_GUITAR, _I.STRINGS, _I.FRETLESS_BASS, _I.BRUSH_KIT
                ),
                Emotion.ANGRY: _palette(
                    _I.OVERDRIVEN_GUITAR,
                    _I.OVERDRIVEN_GUITAR,
                    _I.DISTORTED_GUITAR,
                    _I.DISTORTED_GUITAR,
                    _I.PICKED_BASS,
                    _I.POWER_KIT,
                ),
                Emotion.FEARFUL: _palette(
                    _I.GUITAR_HARMONICS, _I.VIOLIN, _I.MUTED_GUITAR, _I.CHURCH_ORGAN, _I.FRETLESS_BASS, _I.KIT
                ),
                Emotion.DISGUSTED: _palette(_I.MUTED_TRUMPET, _I.SAXOPHONE, _I.BANJO, _I.ACCORDION, _I.TUBA, _I.KIT),
                Emotion.SURPRISED: _palette(
                    _I.XYLOPHONE, _I.TRUMPET, _I.STEEL_GUITAR, _I.ROCK_ORGAN, _I.SLAP_BASS, _I.KIT
                ),
            }
        ),
    }
)
"""The instruments of each ensemble in each mood, ways of playing among them: plucked, trembling, muted, distorted."""


def instruments_of(ensemble: Ensemble) -> frozenset[Instrument]:
    """Return every instrument that an ensemble plays in any mood."""
    palettes = PALETTES[ensemble].values()
    return frozenset().union(*({palette.second, *palette.players.values()} for palette in palettes))
