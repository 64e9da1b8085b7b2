"""How well songs fit a mood, before anything is known of the listener's taste: the plain ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import EMOTIONS
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.recommend.reach import MUSICAL_REACH, Floats, Reach
from soundit_edge.music.library.recommend.request import MoodRequest
from soundit_edge.music.library.song import Song

TOLERANCE: Final = 0.35
"""So far from the place that was wished for, a song still fits by e^-.5; twice that where it is in doubt."""
SPREAD: Final = {"hand": 0.05, "given": 0.05, "ratings": 0.1, "words": 0.2, "sound": 0.35}
"""How far a song's place may be off, by where it comes from; as an estimate where that is not known."""
BENDING: Final = 0.35
"""What a distance counts that bending the song does away with; the rest counts whole."""
WORDS: Final = 0.5
"""What an emotion that somebody named counts beside the place, where the request is certain."""
LIKING: Final = 0.15
"""What listeners' liking of a song adds to its fit, from nobody's to everybody's."""
LIFTING: Final = 0.3
"""Of what is missing, what a song gains that lifts those who feel so, by what listeners said."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the fit of songs depends on, an array for each figure.

    Attributes:
        valence, arousal, spread: float64 [n]; how far the place may be off.
        words: float64 [n, 8], shares of the emotions by name; all 0 where nobody named one.
        liking: float64 [n], -0.5 to 0.5; 0 where nobody was asked.
        lifts: bool [n, 8], whether the song lifts those who feel so.
    """

    valence: Floats
    arousal: Floats
    spread: Floats
    words: Floats
    liking: Floats
    lifts: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """Wishes as arrays: one for each song, float64 or int64 [n].

    Attributes:
        valence, arousal, confidence: as in `MoodRequest`.
        emotion, felt: places in `EMOTIONS`.
        lifting: whether a song that lifts those who feel so is worth more, bool [n].
    """

    valence: Floats
    arousal: Floats
    confidence: Floats
    emotion: npt.NDArray[np.int64]
    felt: npt.NDArray[np.int64]
    lifting: npt.NDArray[np.bool_]


def columns(songs: Sequence[Song]) -> Columns:
    """Return the figures of some songs as arrays."""
    words = np.zeros((len(songs), len(EMOTIONS)))
    lifts = np.zeros((len(songs), len(EMOTIONS)), dtype=np.bool_)
    for row, song in enumerate(songs):
        if song.words:
            words[row] = [song.words.get(emotion, 0.0) for emotion in EMOTIONS]
        if song.lifts:
            lifts[row] = [emotion in song.lifts for emotion in EMOTIONS]
    return Columns(
        valence=np.array([song.valence for song in songs], dtype=np.float64),
        arousal=np.array([song.arousal for song in songs], dtype=np.float64),
        spread=np.array([SPREAD.get(song.source, SPREAD["sound"]) for song in songs], dtype=np.float64),
        words=words,
        liking=np.array([0.0 if song.liking is None else song.liking - 0.5 for song in songs], dtype=np.float64),
        lifts=lifts,
    )


def asked(requests: Sequence[MoodRequest]) -> Asked:
    """Return some requests as arrays."""
    return Asked(
        valence=np.array([request.affect.valence for request in requests], dtype=np.float64),
        arousal=np.array([request.affect.arousal for request in requests], dtype=np.float64),
        confidence=np.array([request.confidence for request in requests], dtype=np.float64),
        emotion=np.array([EMOTIONS.index(request.emotion) for request in requests], dtype=np.int64),
        felt=np.array([EMOTIONS.index(request.felt) for request in requests], dtype=np.int64),
        lifting=np.array([request.policy is Policy.LIFT for request in requests], dtype=np.bool_),
    )


def fits(songs: Columns, request: Asked, reach: Reach = MUSICAL_REACH) -> Floats:
    """Return how well each song fits the request beside it (or all of them the only one), float64 [n], 0 to 1.

    The place of a song is not known for certain, so that what counts is how well it fits on average: a song that is
    perhaps near is worth less than one that surely is, and more than one that surely is not.
    """
    rows = np.arange(len(songs.valence))
    emotion, felt = (np.broadcast_to(index, rows.shape) for index in (request.emotion, request.felt))
    way_v, way_a = request.valence - songs.valence, request.arousal - songs.arousal
    bent_v, bent_a = reach.bent(way_v, way_a)
    squares = (way_v - (1.0 - BENDING) * bent_v) ** 2 + (way_a - (1.0 - BENDING) * bent_a) ** 2
    tolerance = (TOLERANCE * (2.0 - request.confidence)) ** 2
    width = tolerance + songs.spread**2
    fit = np.sqrt(tolerance / width) * np.exp(-squares / (2.0 * width))
    named = songs.words.any(axis=1) * WORDS * request.confidence
    fit = fit + named * (songs.words[rows, emotion] - fit)
    fit = np.clip(fit + LIKING * songs.liking, 0.0, 1.0)
    lifted: Floats = fit + LIFTING * (1.0 - fit) * (songs.lifts[rows, felt] & request.lifting)
    return lifted
