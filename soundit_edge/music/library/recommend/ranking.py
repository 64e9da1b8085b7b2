"""Which songs of the library should be played in a mood, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from soundit_edge.music.library.recommend.explain import Feedback, reasons_for
from soundit_edge.music.library.recommend.fit import asked, columns, fits
from soundit_edge.music.library.recommend.reach import MUSICAL_REACH, Floats, Reach
from soundit_edge.music.library.recommend.request import MoodRequest
from soundit_edge.music.library.song import Song

AGREEING: Final = 0.2
"""What everybody's requests count beside the one whose turn it is."""
APART: Final = 20
"""So many other songs are played before one comes again; in a small library, half of it."""
RECOVERY: Final = 20.0
"""After as many songs more, what was played is held back by a factor e less."""
CHANCE: Final = 0.03
"""Of the picks, this share is drawn by lot, so that no song is forgotten."""
LOT: Final = 0.1
"""What a song has in that lot by being there; its score, at most 1, is added."""


class Preference(Protocol):
    """Somebody's taste, as far as it is known."""

    def chances(
        self, songs: Sequence[Song], request: MoodRequest, fit: Floats, rng: np.random.Generator | None
    ) -> Floats:
        """Return how likely each song will please, float64 [n], 0 to 1: the mean of what is believed, or drawn with
        `rng`."""

    def feedback(self, song: int) -> Feedback:
        """Return what happened to a song so far."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A song that should be played.

    Attributes:
        song: which.
        score: by which it was ranked, 0 to 1; those of different requests are not to be compared.
        reasons: in words, one a line.
        request: that it is for.
    """

    song: Song
    score: float
    reasons: tuple[str, ...]
    request: MoodRequest


def pick(
    songs: Sequence[Song],
    requests: Sequence[MoodRequest],
    *,
    genre: str | None = None,
    count: int = 5,
    recent: Sequence[int] = (),
    taste: Preference | None = None,
    rng: np.random.Generator | None = None,
    reach: Reach = MUSICAL_REACH,
) -> list[Pick]:
    """Return the best songs for some requests, the best first, each once.

    The requests take turns, by weight: of ten songs for a face and a voice of equal weight each chooses five.

    Args:
        songs: to choose from.
        requests: moods that music is wished for.
        genre: only songs whose genre has these words in it, whatever their case.
        count: of songs in all, at most.
        recent: the numbers of the songs that were played last, the latest first: they are held back for a while.
        taste: of the listener.
        rng: where it is given, taste is drawn from what is believed of it (Thompson sampling), and now and then a song
            by lot; without it the same arguments give the same songs.
        reach: how far songs can be bent.
    """
    candidates = [song for song in songs if genre is None or of_genre(song, genre)]
    if not candidates or not requests or count < 1:
        return []
    figures = columns(candidates)
    rows = []
    for request in requests:
        fit = fits(figures, asked([request]), reach)
        rows.append(fit if taste is None else taste.chances(candidates, request, fit, rng))
    weights = np.array([request.weight for request in requests])
    scores = np.array(rows)
    together = weights @ scores / weights.sum()
    free = held_back(candidates, recent)
    scores = ((1.0 - AGREEING) * scores + AGREEING * together) * free
    numbers = [song.id for song in candidates]
    orders = [iter(np.lexsort((numbers, -row))) for row in scores]
    taken: dict[int, tuple[int, bool]] = {}  # of `candidates`: whose request, and whether by lot
    for turn in _turns(weights, min(count, len(candidates))):
        chosen = _by_lot(scores[turn], free, taken, rng)
        by_chance = chosen is not None
        if chosen is None:
            chosen = next(int(place) for place in orders[turn] if int(place) not in taken)
        taken[chosen] = (turn, by_chance)
    return [
        Pick(
            song := candidates[place],
            float(scores[turn, place]),
            reasons_for(song, requests[turn], reach, taste.feedback(song.id) if taste else None, by_chance),
            requests[turn],
        )
        for place, (turn, by_chance) in taken.items()
    ]


def of_genre(song: Song, genre: str) -> bool:
    """Return whether the words of a genre stand in one of a song's: "rock" in "Indie-Rock; Jazz", but not in
    "rockabilly"."""
    return f" {_plain(genre)} " in f" {_plain(song.genre)} "


def held_back(songs: Sequence[Song], recent: Sequence[int]) -> Floats:
    """Return what is left of each song's score for having been played lately, float64 [n], above 0 and up to 1."""
    ago = {number: place for place, number in reversed(list(enumerate(recent)))}
    apart = min(APART, len(songs) // 2)
    places = np.array([ago.get(song.id, np.inf) for song in songs])
    # What must not come yet comes where there is nothing else, the longest ago first.
    soon = 1e-3 * (places + 1.0) / (apart + 1.0)
    later = 1.0 - np.exp(-(places - apart + 1.0) / RECOVERY)
    factors: Floats = np.where(places < apart, soon, later)
    return factors


def _plain(genre: str) -> str:
    return " ".join(re.findall(r"\w+", genre.casefold()))


def _turns(weights: Floats, count: int) -> list[int]:
    """Return whose turn it is, `count` times: as often as the weights say, and evenly (smooth weighted round robin)."""
    credit = np.zeros_like(weights)
    turns = []
    for _ in range(count):
        credit += weights
        turn = int(credit.argmax())
        credit[turn] -= weights.sum()
        turns.append(turn)
    return turns


def _by_lot(
    scores: Floats, free: Floats, taken: dict[int, tuple[int, bool]], rng: np.random.Generator | None
) -> int | None:
    """Draw a song by lot, of those that were not played just now; mostly none."""
    if rng is None or rng.random() >= CHANCE:
        return None
    shares = np.where(free > 1e-3, LOT + scores, 0.0)
    shares[list(taken)] = 0.0
    return int(rng.choice(len(shares), p=shares / shares.sum())) if shares.any() else None
