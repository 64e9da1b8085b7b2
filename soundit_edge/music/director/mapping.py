"""What a mood sounds like: the table, the blend formula, and the seed's own table as a preset.

Where the music should go is the sum of two parts. The *blend formula* turns valence and arousal into parameters; an
unsure reading lies near the middle of that plane and so asks for little. The *table* says what an emotion sounds like
that is certain. What it says beyond the formula (anger and fear are neighbours in the plane, but not in music) is
added in proportion to the square of the confidence, and as far as that falls short, what it says of neutral is, in
proportion to how near the middle the mood lies. So a certain mood gets its row of the table exactly, a doubtful but
strong one the formula, and where nothing is known the track plays as it is.

A new preset has its table here (docs/howto/preset.md).

Directions from Husain, Thompson & Schellenberg (2002), Eerola, Friberg & Bresin (2013), Mo, Wu & Horner (2015).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import AFFECT, Affect, Emotion
from soundit_edge.music.director.target import NEUTRAL, RANGES, MusicTarget
from soundit_edge.parameters import PARAMETERS
from soundit_edge.tables.parameter import Scale

OPEN_HZ: Final = 18_000.0


@dataclass(frozen=True, slots=True)
class Preset:
    """A way from moods to music.

    Attributes:
        name: as the settings call it.
        table: what each emotion sounds like when it is certain.
        tempo: the slowest and the fastest, as ratios to the track's own.
        tempo_slew: how far the tempo may move in a second, as a ratio to the track's.
    """

    name: str
    table: Mapping[Emotion, MusicTarget]
    tempo: tuple[float, float]
    tempo_slew: float


_MUSICAL: Final[Mapping[Emotion, MusicTarget]] = MappingProxyType(
    {
        Emotion.NEUTRAL: NEUTRAL,
        Emotion.CALM: MusicTarget(0.92, 0, 7_000.0, 2.6, 0.28, -3.0),
        Emotion.HAPPY: MusicTarget(1.10, 2, OPEN_HZ, 1.2, 0.12, 1.0),
        Emotion.SAD: MusicTarget(0.86, -2, 4_000.0, 2.6, 0.30, -3.0),
        Emotion.ANGRY: MusicTarget(1.15, -1, 12_000.0, 0.6, 0.06, 2.0, delay_s=0.09, delay_wet=0.15),
        Emotion.FEARFUL: MusicTarget(
            1.06, 0, 6_000.0, 2.2, 0.25, -2.0, highpass_hz=120.0, delay_s=0.375, delay_wet=0.15, tremolo=0.3
        ),
        Emotion.DISGUSTED: MusicTarget(0.95, -1, 5_000.0, 0.8, 0.10, -1.0, wah=0.4),
        Emotion.SURPRISED: MusicTarget(1.10, 2, OPEN_HZ, 1.2, 0.15, 1.0, delay_s=0.375, delay_wet=0.3),
    }
)

# The seed played happy at 2.5 times the tempo, sad at 0.3 and angry at 4: no piece of music bears that.
_SLOWEST: Final = 0.7
_FASTEST: Final = 1.4

_DRAMATIC: Final[Mapping[Emotion, MusicTarget]] = MappingProxyType(
    {
        **_MUSICAL,
        Emotion.HAPPY: MusicTarget(_FASTEST, 4, OPEN_HZ, 1.8, 0.30, 1.0, highpass_hz=150.0),
        Emotion.SAD: MusicTarget(_SLOWEST, -5, 2_500.0, 2.6, 0.30, -3.0, wah=0.6),
        Emotion.ANGRY: MusicTarget(_FASTEST, 7, 12_000.0, 0.6, 0.06, 2.0, delay_s=0.15, delay_wet=0.35),
        Emotion.SURPRISED: MusicTarget(_FASTEST, 5, OPEN_HZ, 1.8, 0.30, 1.0, highpass_hz=150.0),
    }
)

MUSICAL: Final = Preset("musical", _MUSICAL, (0.82, 1.20), tempo_slew=0.02)
"""Nobody notices the tempo move: steps under 5 % pass unnoticed (Friberg & Sundberg 1992)."""
DRAMATIC: Final = Preset("dramatic", _DRAMATIC, (_SLOWEST, _FASTEST), tempo_slew=0.08)
"""The seed's table, as far as music bears it; what it did not know is as in `MUSICAL`."""
PRESETS: Final[Mapping[str, Preset]] = MappingProxyType({preset.name: preset for preset in (MUSICAL, DRAMATIC)})


def formula(affect: Affect) -> MusicTarget:
    """Return what a place in the plane asks for by the blend formula; semitones are not rounded yet."""
    v, a = affect.valence, affect.arousal
    return replace(
        NEUTRAL,
        tempo=min(1.20, max(0.82, 1 + 0.04 * v + 0.14 * a)),
        semitones=2 * v,
        cutoff_hz=7_000.0 * 2.0 ** (0.8 * a + 0.35 * v),
        reverb_s=min(2.8, max(0.6, 1.5 - 0.9 * a)),
        wet=0.16 - 0.10 * a,
        loudness_db=2.5 * a,
    )


def destination(emotion: Emotion, affect: Affect, confidence: float, preset: Preset = MUSICAL) -> MusicTarget:
    """Return where the music should go for a mood that stays, by formula and table; semitones are not rounded yet."""
    blend = formula(affect)
    wanted = {name: getattr(blend, name) for name in RANGES}
    sure = confidence**2
    strength = min(1.0, math.hypot(affect.valence, affect.arousal))
    for colour, share in ((emotion, sure), (Emotion.NEUTRAL, (1.0 - sure) * (1.0 - strength))):
        plain, row = formula(AFFECT[colour]), preset.table[colour]
        for name in RANGES:
            before, after = getattr(plain, name), getattr(row, name)
            if PARAMETERS[name].scale is Scale.LOG:
                wanted[name] *= (after / before) ** share
            else:
                wanted[name] += share * (after - before)
    limits = {**RANGES, "tempo": preset.tempo, "cutoff_hz": (RANGES["cutoff_hz"][0], OPEN_HZ), "reverb_s": (0.6, 2.8)}
    return MusicTarget(**{name: min(high, max(low, wanted[name])) for name, (low, high) in limits.items()})


def interpolate(a: MusicTarget, b: MusicTarget, share: float) -> MusicTarget:
    """Return the target `share` (0 to 1) of the way from `a` to `b`; frequencies and times go in proportion."""
    return MusicTarget(
        **{name: row.interpolate(getattr(a, name), getattr(b, name), share) for name, row in PARAMETERS.items()}
    )
