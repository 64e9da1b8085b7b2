"""The user's own tracks: a file in, a track that is ready to play out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge import paths
from soundit_edge.audio.decode import TrackError, decode
from soundit_edge.audio.dither import dithered
from soundit_edge.music.analysis.analyse import Analysis, kept_or_analysed
from soundit_edge.music.analysis.bars import bar_lines
from soundit_edge.music.track import Track
from soundit_edge.text import presentable, reason

HIGHEST: Final = 0.9999
"""The highest sample that 16 bits have room for, with its dither."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A track as it is in its file, and what was found out about it.

    Attributes:
        track: with its own bar lines where its tempo drifts.
        analysis: which has the grid of one tempo that fits it best.
    """

    track: Track
    analysis: Analysis

    def to_int16(self) -> Track:
        """The same in 16 bits, for what plays for days; less loud where the peaks would not fit into them."""
        samples = self.track.sound
        peak = max(1e-9, float(samples.max()), -float(samples.min()))
        return replace(self.track, samples=dithered(samples, min(self.analysis.gain, HIGHEST / peak)))


def load(path: Path, cache: Path | None = None) -> Loaded:
    """Decode and analyse a sound file.

    Args:
        path: any file that soundfile or FFmpeg's libraries decode; 8 to 192 kHz, 1 to 8 channels.
        cache: where analyses are kept; None: the user's cache folder.

    Raises:
        TrackError: the file is missing, no sound, or out of these limits.
    """
    samples = decode(path)
    try:
        analysis = kept_or_analysed(path, samples, cache or paths.if_any(paths.cache_folder))
    except OSError as error:
        raise TrackError(f"{path}: cannot be read ({reason(error)})") from error
    onsets = np.array(analysis.onsets, dtype=np.int64)
    rhythm = analysis.rhythm
    lines = bar_lines(rhythm, len(samples))
    first_bar = rhythm.first_bar if lines is None else int(lines[0])
    track = Track(samples, rhythm.bpm, rhythm.beats_per_bar, presentable(path.stem), onsets, first_bar, lines)
    return Loaded(track, analysis)
