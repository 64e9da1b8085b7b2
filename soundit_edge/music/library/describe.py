"""Describes one sound file for the library."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.audio.decode import NotASong, TrackError
from soundit_edge.audio.format import RATE
from soundit_edge.audio.true_peak import true_peak_db
from soundit_edge.media.downmix import without_cancelling
from soundit_edge.music.analysis import analyse
from soundit_edge.music.analysis.affect import estimate
from soundit_edge.music.analysis.features import features
from soundit_edge.music.load import load
from soundit_edge.text import presentable, reason

MIN_LUFS: Final = -60.0
"""Integrated loudness; a file that is quieter, such as a recording of nothing, is no song."""
VERSION: Final = f"{analyse.VERSION}.5"
"""Of the description, the analysis' own first: a song that was described by another version is described again."""


@dataclass(frozen=True, slots=True)
class Description:
    """A song as its file has it; the attributes are those of `Song` and of `Features`.

    Attributes:
        digest: SHA-256 of the file.
        moods: words of its tags.
    """

    digest: str
    title: str
    artist: str
    genre: str
    moods: tuple[str, ...]
    duration_s: float
    bpm: float | None
    key: str
    mode: str
    lufs: float
    true_peak_db: float
    onsets_per_s: float
    centroid_hz: float
    range_db: float
    valence: float
    arousal: float
    album: str = ""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises:
        TrackError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise TrackError(f"{presentable(path)}: cannot be read ({reason(error)})") from error


def describe(path: Path, cache: Path | None = None) -> Description:
    """Decode, analyse and describe a sound file; its beats and bars are left in the cache of analyses.

    Args:
        path: of the file.
        cache: where analyses are kept; None: the user's cache folder.

    Raises:
        TrackError: there is no music in it that can be played; `NotASong` where there is nothing wrong with the file.
    """
    digest = digest_of(path)
    loaded = load(path, cache)
    found, samples = loaded.analysis, loaded.track.sound
    if found.loudness < MIN_LUFS:
        raise NotASong(f"{presentable(path)}: silent ({found.loudness:.0f} LUFS; a song has {MIN_LUFS:.0f} at least)")
    cues = features(without_cancelling(samples, RATE), len(found.onsets))
    affect = estimate(found.cues)
    tags = loaded.tags
    return Description(
        digest=digest,
        title=tags.title,
        artist=tags.artist,
        genre=tags.genre,
        moods=tags.moods,
        duration_s=len(samples) / RATE,
        bpm=found.rhythm.bpm,
        key=found.key.name,
        mode=found.key.mode,
        lufs=found.loudness,
        true_peak_db=true_peak_db(samples),
        onsets_per_s=cues.onsets_per_s,
        centroid_hz=cues.centroid_hz,
        range_db=cues.range_db,
        valence=affect.valence,
        arousal=affect.arousal,
        album=tags.album,
    )
