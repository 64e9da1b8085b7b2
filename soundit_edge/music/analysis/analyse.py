"""What is found out about a track once, and kept in a cache under the hash of its file."""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge.audio.format import RATE, Stereo, amplitude
from soundit_edge.audio.loudness import loudness
from soundit_edge.files import write_whole
from soundit_edge.media.downmix import without_cancelling
from soundit_edge.music.analysis.affect_cues import CUES, affect_cues
from soundit_edge.music.analysis.chroma import chroma
from soundit_edge.music.analysis.key import Key, find_key
from soundit_edge.music.analysis.onsets import find_onsets
from soundit_edge.music.analysis.rhythm import Rhythm, find_rhythm, rhythm_of_tempo
from soundit_edge.music.analysis.spectral_flux import downmix_half_rate, flux
from soundit_edge.text import reason

log = logging.getLogger(__name__)

VERSION: Final = 5
"""Of the analysis: a cache entry of another version is analysed again."""
LOUDNESS: Final = -18.0
"""LUFS that every track is brought to."""
GAINS_DB: Final = (-30.0, 12.0)
"""A track is turned down and up by this at most: silence would be made noise."""
_SILENCE: Final = -120.0  # LUFS: minus infinity is no JSON
_MEASURED_S: Final = 1.0  # a shorter track is measured going round


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a track.

    Attributes:
        loudness: integrated, in LUFS; silence is -120.
        rhythm: its beats and bars, and the grid of one tempo that fits them best.
        key: the key that it is in for the most part.
        onsets: rising, the samples at which sounds set in.
        cues: what its mood is estimated from, one for each of `affect_cues.CUES`; none where no note was found.
    """

    loudness: float
    rhythm: Rhythm
    key: Key
    onsets: tuple[int, ...] = ()
    cues: tuple[float, ...] = ()

    @property
    def gain(self) -> float:
        """Return the factor that brings the track to `LOUDNESS`; 1 for silence."""
        if self.loudness <= _SILENCE:
            return 1.0
        low, high = GAINS_DB
        return amplitude(min(high, max(low, LOUDNESS - self.loudness)))


def analyse(samples: Stereo) -> Analysis:
    """Analyse float32 [n, 2], n >= 1, at `RATE`. One channel may be upside down."""
    rounds = math.ceil(_MEASURED_S * RATE / len(samples))
    measured = loudness(np.tile(samples, (rounds, 1)) if rounds > 1 else samples)
    summable = without_cancelling(samples, RATE)
    mono = downmix_half_rate(summable)
    rises, notes = flux(mono), chroma(mono)
    onsets = find_onsets(summable)
    return Analysis(
        loudness=max(_SILENCE, measured),
        rhythm=find_rhythm(rises, notes),
        key=find_key(notes),
        onsets=tuple(map(int, onsets)),
        cues=affect_cues(rises, notes, len(onsets), len(samples)),
    )


def at_tempo(analysis: Analysis, samples: Stereo, bpm: float) -> Analysis:
    """Return the analysis of a track with the beats and bars that it has at a tempo that somebody knows.

    Args:
        analysis: of the track.
        samples: float32 [n, 2] of the track, at `RATE`.
        bpm: beats per minute.
    """
    mono = downmix_half_rate(without_cancelling(samples, RATE))
    return replace(analysis, rhythm=rhythm_of_tempo(flux(mono), chroma(mono), bpm))


def kept_or_analysed(path: Path, samples: Stereo, cache: Path | None) -> Analysis:
    """Return the analysis of a file's track, from the cache or made now; `samples` is what the file decodes to.

    A cache that is broken, cannot be written or is not there at all (None) costs time, and nothing else.

    Raises:
        OSError: the file cannot be read.
    """
    if cache is None:
        return analyse(samples)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    place = cache / "tracks" / f"{digest}.json"
    kept = _kept(place, len(samples))
    if kept is not None:
        return kept
    analysis = analyse(samples)
    try:
        _keep(place, analysis)
    except OSError as error:
        log.warning("%s: the analysis cannot be kept (%s)", place, reason(error))
    return analysis


def _kept(place: Path, length: int) -> Analysis | None:
    """Return the entry, if it is there and can be that of a track of `length` samples."""
    try:
        content = json.loads(place.read_bytes())
        if content["version"] != VERSION:
            return None
        rhythm, key = content["rhythm"], content["key"]
        analysis = Analysis(
            loudness=float(content["loudness"]),
            rhythm=Rhythm(
                bpm=None if rhythm["bpm"] is None else float(rhythm["bpm"]),
                beats_per_bar=int(rhythm["beats_per_bar"]),
                division=int(rhythm["division"]),
                first_bar=int(rhythm["first_bar"]),
                beats=tuple(map(int, rhythm["beats"])),
                first_beat=int(rhythm["first_beat"]),
                clear=float(rhythm["clear"]),
                steady=float(rhythm["steady"]),
            ),
            key=Key(tonic=int(key["tonic"]), minor=bool(key["minor"]), clear=float(key["clear"])),
            onsets=tuple(map(int, content["onsets"])),
            cues=tuple(map(float, content["cues"])),
        )
        plausible = math.isfinite(analysis.loudness) and _plausible(analysis.rhythm, length)
        plausible = plausible and 0 <= analysis.key.tonic < 12 and len(analysis.cues) in (0, len(CUES))
        plausible = plausible and all(map(math.isfinite, analysis.cues))
        rising = all(a < b for a, b in itertools.pairwise((-1, *analysis.onsets, length)))
        if plausible and rising:
            return analysis
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        pass
    log.warning("%s: broken, the track is analysed again", place)
    return None


def _plausible(rhythm: Rhythm, length: int) -> bool:
    """Return whether a rhythm can be that of a track of `length` samples."""
    tempo = 20.0 <= rhythm.bpm <= 400.0 if rhythm.bpm is not None else not rhythm.beats
    numbers = tempo and 0 < rhythm.beats_per_bar <= 16 and rhythm.division in (2, 3) and 0 <= rhythm.first_bar < length
    shares = 0.0 <= rhythm.clear <= 1.0 and 0.0 <= rhythm.steady <= 1.0
    rising = all(a < b for a, b in itertools.pairwise((-1, *rhythm.beats, length)))
    return numbers and shares and rising and 0 <= rhythm.first_beat <= len(rhythm.beats)


def _keep(place: Path, analysis: Analysis) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, json.dumps({"version": VERSION, **asdict(analysis)}).encode())
