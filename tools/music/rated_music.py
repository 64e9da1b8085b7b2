"""The music that people have rated (`../shared/data/music/vgmidi.csv`), played by SoundFonts, as cues of its mood."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.decode import decode
from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.errors import SounditError
from soundit_edge.music.analysis.affect_cues import CUES, affect_cues
from soundit_edge.music.analysis.chroma import chroma
from soundit_edge.music.analysis.onsets import find_onsets
from soundit_edge.music.analysis.spectral_flux import downmix_half_rate, flux
from tools.music.midi_sound import MidiSound, messages_of

SECONDS: Final = 30.0
"""Of each piece, as the raters' `valence_30s` and `arousal_30s` have it."""
RECORDS_S: Final = (30.0, 70.0)


@dataclass(frozen=True, slots=True)
class RatedPiece:
    """A piece and what its raters said of its first 30 s, -1 to 1."""

    path: Path
    series: str
    valence: float
    arousal: float


def rated_pieces(folder: Path) -> list[RatedPiece]:
    """Return the pieces of `vgmidi.csv` in this folder.

    Raises:
        SounditError: there are none.
    """
    try:
        with (folder / "vgmidi.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise SounditError(f"{folder / 'vgmidi.csv'}: cannot be read; give the folder of the rated music") from error
    return [
        RatedPiece(folder / row["path"], row["series"], float(row["valence_30s"]), float(row["arousal_30s"]))
        for row in rows
    ]


def cues_of(samples: Stereo) -> tuple[float, ...]:
    """Return the cues of float32 [n, 2], as the analysis has them."""
    mono = downmix_half_rate(samples)
    return affect_cues(flux(mono), chroma(mono), len(find_onsets(samples)), len(samples))


def rendered_cues(pieces: Sequence[RatedPiece], font: Path, cache: Path) -> npt.NDArray[np.float64]:
    """Return the cues of all pieces, float64 [pieces, cues], from the cache or by playing them (half a second each)."""
    digest = hashlib.sha256(repr((CUES, SECONDS, [p.path.name for p in pieces], font.name)).encode()).hexdigest()[:16]
    place = cache / f"{digest}.npy"
    if place.exists():
        return np.asarray(np.load(place))
    try:
        sound = MidiSound(font)
    except OSError as error:
        raise SounditError(str(error)) from error
    cues = np.array([cues_of(sound.play(messages_of(p.path), SECONDS)) for p in pieces])
    cache.mkdir(parents=True, exist_ok=True)
    np.save(place, cues)
    return cues


def record_cues(folder: Path, cache: Path) -> npt.NDArray[np.float64]:
    """Return the cues of 40 s of each record in a folder, float64 [tracks, cues]; nobody has rated them.

    Raises:
        SounditError: there are none.
    """
    files = sorted(folder.rglob("*.ogg"))
    if not files:
        raise SounditError(f"{folder}: no records; install wesnoth-1.16-music, or give another folder with --records")
    digest = hashlib.sha256(repr((CUES, RECORDS_S, [file.name for file in files])).encode()).hexdigest()[:16]
    place = cache / f"{digest}.npy"
    if not place.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(place, np.array([cues_of(sound) for sound in _excerpts(files)]))
    return np.asarray(np.load(place))


def _excerpts(files: Sequence[Path]) -> Iterator[Stereo]:
    for file in files:
        samples = decode(file)
        begin, end = (round(second * RATE) for second in RECORDS_S)
        yield samples[begin:end] if len(samples) > begin + 15 * RATE else samples[: end - begin]
