"""The key of a track: which note is its home, and whether it is major or minor."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.analysis.chroma import Chroma
from soundit_edge.music.analysis.key_cues import CUES, by_tonic, key_cues

NAMES: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MAJOR: Final = (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400)
_MINOR: Final = (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330)
"""How often each note, from the tonic up, is in a segment of a piece (Temperley 2001, after Kostka & Payne)."""

NUMBERS: Final = Path(__file__).with_name("key.json")
"""Each cue's weights of the twelve notes from the tonic up; a cue that is not there, for it is new, counts nothing."""
_READ: Final = json.loads(NUMBERS.read_bytes())
_WEIGHTS: Final = np.array([[_READ[mode].get(cue, [0.0] * 12) for cue in CUES] for mode in ("major", "minor")]).reshape(
    2, -1
)
_MORE_MINOR: Final = float(_READ["more minor"])


@dataclass(frozen=True, slots=True)
class Key:
    """A key.

    Attributes:
        tonic: semitones above C, 0 to 11.
        minor: whether it is minor; else it is major.
        clear: by how much it is likelier than the next best one, 0 to 1; 0 where there are no notes.
    """

    tonic: int = 0
    minor: bool = False
    clear: float = 0.0

    @property
    def name(self) -> str:
        """Return the name of the tonic, with a flat or a sharp as most pieces in major write it."""
        return NAMES[self.tonic]

    @property
    def mode(self) -> str:
        """Return "minor" or "major"."""
        return "minor" if self.minor else "major"


def find_key(chroma: Chroma) -> Key:
    """Return the likeliest key.

    A logistic regression on `key_cues`, each as a tonic has it, so that all tonics share their weights; fitted by
    `python -m tools.music.train_key`.
    """
    cues = key_cues(chroma)
    if not cues[0].any():
        return Key()
    shares = key_shares(by_tonic(cues)[np.newaxis], _WEIGHTS, _MORE_MINOR)[0]
    best, next_best = np.argsort(shares)[[-1, -2]]
    return Key(int(best) % 12, bool(best >= 12), float(np.clip(shares[best] - shares[next_best], 0.0, 1.0)))


def key_shares(
    cues: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], more_minor: float
) -> npt.NDArray[np.float64]:
    """Return how likely each of the 24 keys is, float64 [tracks, 24], the major ones first.

    Args:
        cues: as `by_tonic` has them, [tracks, 12, n].
        weights: of a major and of a minor key, [2, n].
        more_minor: by which minor keys are scored higher.
    """
    scores = np.concatenate([cues @ weights[0], cues @ weights[1] + more_minor], axis=1)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def profile_fits(notes: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the correlations of rows of twelve notes, float64 [k, 12], with the major and the minor keys' profiles.

    Both are float64 [k, 12], by tonic from C; 0 where all notes are as strong.
    """
    rows = _standard(notes)
    major, minor = (
        rows @ np.array([np.roll(profile, tonic) for tonic in range(12)]).T for profile in standard_profiles()
    )
    return major, minor


def standard_profiles() -> npt.NDArray[np.float64]:
    """Return the profiles of major and minor from the tonic up, less their mean and of length 1, float64 [2, 12]."""
    return _standard(np.array([_MAJOR, _MINOR]))


def _standard(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return rows less their mean, of length 1."""
    away = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-12))
