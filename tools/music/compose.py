"""Measure what composed music sounds like: from its samples, by our own analysis, not from what was asked for."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from soundit_edge.audio.format import Stereo
from soundit_edge.audio.loudness import loudness
from soundit_edge.emotion import Emotion
from soundit_edge.music.analysis.chroma import chroma
from soundit_edge.music.analysis.key import find_key
from soundit_edge.music.analysis.rhythm import find_rhythm
from soundit_edge.music.analysis.spectral_flux import HALF_RATE, downmix_half_rate, flux
from soundit_edge.music.mix.open_synth import open_synth
from soundit_edge.music.render.composition import OfflineBrief, render
from tools.command import command, tool_parser

_WINDOW = 4_096
_STEP = 600
_STEADY = 9  # moments
_TONES_HZ = (250.0, 1_500.0)  # where the tones of a melody lie
_AIR_HZ = 4_000.0


@dataclass(frozen=True)
class Measured:
    """What was found in the samples.

    Attributes:
        bpm: beats per minute; NaN where no beat is found.
        tonic, minor: of the key.
        pitch: MIDI pitch of the strongest tone above the bass, in the median.
        stir: how much new sound there is, in the mean: grows with the notes and how sharply they set in.
        centroid_hz: mean frequency of the amplitudes' spectrum.
        air_db: power above 4 kHz beside all of it.
        lufs: integrated loudness.
    """

    bpm: float
    tonic: int
    minor: bool
    pitch: float
    stir: float
    centroid_hz: float
    air_db: float
    lufs: float


def measure(samples: Stereo) -> Measured:
    """Measure float32 [n, 2], some seconds of it."""
    mono = downmix_half_rate(samples)
    notes, rises = chroma(mono), flux(mono)
    key = find_key(notes)
    hertz, levels = spectrogram(mono)
    mean = levels.mean(axis=0)
    tones = levels[:, (hertz > _TONES_HZ[0]) & (hertz < _TONES_HZ[1])]
    tones = median_filter(tones, size=(_STEADY, 1))  # what lasts: notes, not drums (Fitzgerald 2010)
    strongest = hertz[hertz > _TONES_HZ[0]][tones.argmax(axis=1)]
    heard = tones.max(axis=1) > 0.3 * np.median(tones.max(axis=1))
    return Measured(
        bpm=find_rhythm(rises, notes).bpm or math.nan,
        tonic=key.tonic,
        minor=key.minor,
        pitch=float(np.median(69.0 + 12.0 * np.log2(strongest[heard] / 440.0))),
        stir=float(rises.onsets.mean()),
        centroid_hz=float((hertz * mean).sum() / mean.sum()),
        air_db=10.0 * math.log10(np.square(levels[:, hertz > _AIR_HZ]).sum() / np.square(levels).sum()),
        lufs=loudness(samples),
    )


def spectrogram(mono: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return frequencies and amplitudes every 25 ms, [moments, frequencies], of what `downmix_half_rate` gave."""
    windows = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[::_STEP]
    return np.fft.rfftfreq(_WINDOW, 1 / HALF_RATE), np.abs(np.fft.rfft(windows * np.hanning(_WINDOW)))


def composed(emotion: Emotion, seconds: float, seed: int, kind: str = "auto") -> Stereo:
    """Return a piece in this mood, through the effects, float32 [n, 2]."""
    synth = open_synth(kind)
    try:
        return np.concatenate(list(render(seed, OfflineBrief(emotion), seconds, synth)))
    finally:
        synth.close()


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.music.compose", __doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=40.0, help="of each mood (default: 40)")
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument(
        "kind", nargs="?", choices=["auto", "fluid", "wavetable"], default="auto", help="of synthesiser"
    )
    options = parser.parse_args(arguments)
    seconds, seed, kind = options.seconds, options.seed, options.kind
    for emotion in Emotion:
        synth = open_synth(kind)
        began = time.process_time()
        samples = np.concatenate(list(render(seed, OfflineBrief(emotion), seconds, synth)))
        speed = seconds / (time.process_time() - began)
        synth.close()
        found = measure(samples)
        print(
            f"{emotion:10s} {found.bpm:6.1f} bpm  {'minor' if found.minor else 'major'} on {found.tonic:2d}  "
            f"pitch {found.pitch:5.1f}  stir {found.stir:.3f}  centroid {found.centroid_hz:5.0f} Hz  "
            f"air {found.air_db:5.1f} dB  {found.lufs:6.1f} LUFS  peak {np.abs(samples).max():.2f}  "
            f"{speed:.0f}x real time"
        )


if __name__ == "__main__":
    sys.exit(main())
