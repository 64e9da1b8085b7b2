"""Loading of the user's own tracks: from a sound file to a track that is ready to play."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge import paths
from soundit_edge.audio.decode import TrackError, decode
from soundit_edge.audio.dither import dithered
from soundit_edge.media.tags.read import Tags, read_tags
from soundit_edge.music.analysis.analyse import Analysis, at_tempo, kept_or_analysed
from soundit_edge.music.analysis.bars import bar_lines
from soundit_edge.music.track import Track
from soundit_edge.text import reason

HIGHEST: Final = 0.9999
"""Largest sample that fits into 16 bits together with its dither."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A track as it is in its file, and its analysis.

    Attributes:
        track: the track, with its own bar lines where its tempo drifts.
        analysis: its analysis; the rhythm is the best fitting grid of one tempo.
        tags: what the file says of itself; the track's title is theirs.
    """

    track: Track
    analysis: Analysis
    tags: Tags

    def to_int16(self) -> Track:
        """Return the track in 16 bits, which takes half the memory; less loud where the peaks would not fit."""
        samples = self.track.sound
        peak = max(1e-9, float(samples.max()), -float(samples.min()))
        return replace(self.track, samples=dithered(samples, min(self.analysis.gain, HIGHEST / peak)))


def load(path: Path, cache: Path | None = None, bpm: float | None = None) -> Loaded:
    """Decode and analyse a sound file.

    Args:
        path: any file that soundfile or FFmpeg's libraries decode; 8 to 192 kHz, 1 to 8 channels, 60 minutes at most.
        cache: the folder in which analyses are kept; None: the user's cache folder.
        bpm: its tempo, where the user knows better; None: as it is found.

    Raises:
        TrackError: the file is missing or unreadable, holds no sound, or exceeds these limits.
    """
    samples = decode(path)
    try:
        analysis = kept_or_analysed(path, samples, cache or paths.if_any(paths.cache_folder))
    except OSError as error:
        raise TrackError(f"{path}: cannot be read ({reason(error)})") from error
    if bpm is not None:
        analysis = at_tempo(analysis, samples, bpm)
    onsets = np.array(analysis.onsets, dtype=np.int64)
    rhythm = analysis.rhythm
    lines = bar_lines(rhythm, len(samples))
    first_bar = rhythm.first_bar if lines is None else int(lines[0])
    tags = read_tags(path)
    track = Track(samples, rhythm.bpm, rhythm.beats_per_bar, tags.title, onsets, first_bar, lines)
    return Loaded(track, analysis, tags)
