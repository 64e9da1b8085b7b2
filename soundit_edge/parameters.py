"""The parameters of the music while it plays: one row for each, which all other modules read.

Settings (locks), the engine (ranges, how fast a parameter may move), the director (scale), the reasons (words), the
status and the page (titles, units, sliders, gauges) are made from these rows. A new effect consists of a file in
`music/morph/effects`, one line in their chain and one row in this table (docs/howto/effect.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from soundit_edge.tables.parameter import Gauge, Parameter, Scale

_QUARTER_OCTAVE: Final = 2.0**0.25
_HALF_OCTAVE: Final = 2.0**0.5
DEPTH: Final = Gauge(("none", "light", "clear", "strong"), (0.02, 0.2, 0.45))
"""How much there is of an effect, as a share."""

_ROWS: Final = (
    Parameter(
        "tempo",
        "Tempo",
        "Ratio to the track's own: 1 is as written.",
        "ratio",
        0.5,
        2.0,
        1.0,
        steps=200,
        slider=Scale.LOG,
        gauge=Gauge(
            ("slow", "slower", "as written", "faster", "fast"),
            (0.92, 0.98, 1.02, 1.08),
            dial=(2.0**-0.3, 2.0**0.3),
            scale=Scale.LOG,
            from_middle=True,
        ),
    ),
    Parameter(
        "semitones",
        "Key",
        "Semitones up or down: 0 is as written.",
        "semitones",
        -12.0,
        12.0,
        0.0,
        steps=24,
        gauge=Gauge(
            ("low", "lower", "as written", "higher", "high"),
            (-2.5, -0.3, 0.3, 2.5),
            dial=(-5.0, 5.0),
            from_middle=True,
        ),
    ),
    Parameter(
        "cutoff_hz",
        "Brightness",
        "Cut-off of the low-pass in hertz.",
        "Hz",
        200.0,
        20_000.0,
        18_000.0,
        scale=Scale.LOG,
        max_step=_QUARTER_OCTAVE,
        notable=_HALF_OCTAVE,
        more="brighter",
        less="darker",
        gauge=Gauge(
            ("dark", "veiled", "soft", "clear", "open"),
            (3_000.0, 5_500.0, 9_000.0, 14_000.0),
            dial=(1_000.0, 20_000.0),
            scale=Scale.LOG,
        ),
    ),
    Parameter(
        "reverb_s",
        "Size of the room",
        "Seconds in which the reverberation decays by 60 dB (RT60).",
        "s",
        0.2,
        6.0,
        1.0,
        scale=Scale.LOG,
        max_step=1.05,
        notable=1.4,
        more="a larger room",
        less="a smaller room",
        gauge=Gauge(
            ("close", "a room", "a hall", "wide"),
            (0.8, 1.3, 2.0),
            label="Space",
            beside="{wet} wet",
            dial=(0.0, 3.0),
        ),
    ),
    Parameter(
        "wet",
        "Reverberation",
        "Level of the reverberation beside the dry sound; 0 is none.",
        "share",
        0.0,
        1.0,
        0.08,
        max_step=0.02,
    ),
    Parameter(
        "loudness_db",
        "Loudness",
        "Decibels against the track as written.",
        "dB",
        -40.0,
        6.0,
        0.0,
        steps=92,
        max_step=1.0,
        notable=1.0,
        more="louder",
        less="softer",
        gauge=Gauge(
            ("soft", "softer", "as written", "fuller", "full"),
            (-2.0, -0.4, 0.4, 2.0),
            dial=(-6.0, 6.0),
            from_middle=True,
        ),
    ),
    Parameter(
        "highpass_hz",
        "Bass",
        "Cut-off of the high-pass in hertz; 20 leaves all of the bass.",
        "Hz",
        20.0,
        2_000.0,
        20.0,
        scale=Scale.LOG,
        max_step=_QUARTER_OCTAVE,
        present=60.0,
        more="thinner",
        less="fuller",
        gauge=Gauge(("full", "lighter", "thin"), (30.0, 90.0), figure="from {}"),
    ),
    Parameter(
        "delay_s",
        "Echo time",
        "Seconds from one echo to the next.",
        "s",
        0.05,
        1.0,
        0.25,
        steps=95,
        digits=2,
        scale=Scale.LOG,
        slider=Scale.LINEAR,
    ),
    Parameter(
        "delay_wet",
        "Echo",
        "Level of the first echo beside the dry sound; 0 is none.",
        "share",
        0.0,
        1.0,
        0.0,
        max_step=0.02,
        present=0.1,
        more="an echo",
        less="no more echo",
        gauge=replace(DEPTH, beside="{delay_s}"),
    ),
    Parameter(
        "wah",
        "Wah",
        "Depth of the wah, a slow sweep of the timbre; 0 is none.",
        "share",
        0.0,
        1.0,
        0.0,
        max_step=0.02,
        present=0.2,
        more="a slow wah",
        less="no more wah",
        gauge=DEPTH,
    ),
    Parameter(
        "tremolo",
        "Tremolo",
        "Depth of the tremolo, a quick swell and fade of the loudness; 0 is none.",
        "share",
        0.0,
        1.0,
        0.0,
        max_step=0.02,
        present=0.15,
        more="trembling",
        less="steady again",
        gauge=DEPTH,
    ),
)

PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType({row.name: row for row in _ROWS})
"""The rows by name, in the order of the attributes of `MusicTarget`."""
