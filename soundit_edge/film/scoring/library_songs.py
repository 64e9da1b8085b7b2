"""Songs of the user's library, chosen scene by scene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from soundit_edge import console
from soundit_edge.audio.decode import TrackError
from soundit_edge.film import FilmError
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.recommend.ranking import pick
from soundit_edge.music.library.recommend.reach import Reach
from soundit_edge.music.library.recommend.request import request_for
from soundit_edge.music.library.song import Song

STAYS: Final = 0.3
"""A song goes on into the next scene if bending brings it so near to that one's mood."""
TRIED: Final = 5
"""Songs that are looked at for a scene before the library is given up."""


def songs_of_library() -> list[Song]:
    """All songs of the user's library.

    Raises:
        SounditError: there is none, it cannot be read, or it is empty.
    """
    with Library.open(write=False) as library:
        songs = [song for song in library.songs() if song.path]  # imports know songs without a file
    if not songs:
        raise FilmError("the library is empty; soundit library add DIR scans your music")
    return songs


def choose(
    songs: Sequence[Song], scenes: Sequence[Scene], seed: int, reach: Reach, playable: dict[str, float | None]
) -> list[Song]:
    """A song for each scene.

    Args:
        songs: to choose from.
        scenes: in order of time.
        seed: another number may give other songs.
        reach: how far songs can be bent.
        playable: is asked, with a path, whether it can be played: None where it cannot.

    Raises:
        FilmError: none of the best songs for a scene can be played.
    """
    rng = np.random.default_rng(seed)
    chosen: list[Song] = []
    recent: list[int] = []
    for scene in scenes:
        if chosen and beyond(chosen[-1], scene, reach) <= STAYS:
            chosen.append(chosen[-1])
            continue
        request = request_for(scene.emotion, scene.affect, scene.confidence)
        picks = pick(songs, [request], count=TRIED, recent=recent, rng=rng, reach=reach)
        song = next((p.song for p in picks if playable[p.song.path] is not None), None)
        if song is None:
            raise FilmError("none of the songs that were chosen can be played; soundit library add DIR scans anew")
        chosen.append(song)
        recent.insert(0, song.id)
    return chosen


def beyond(song: Song, scene: Scene, reach: Reach) -> float:
    """How far from a scene's mood a song stays that is bent to it."""
    return reach.beyond(scene.affect.valence - song.valence, scene.affect.arousal - song.arousal)


class Bars(dict[str, float | None]):
    """How long a bar of each song is, in seconds, by its path; None where it cannot be played. Found out when asked."""

    def __missing__(self, path: str) -> float | None:
        from pathlib import Path

        from soundit_edge.music.load import load

        try:
            self[path] = load(Path(path)).track.bar_s
        except TrackError as error:
            console.say(str(error))
            self[path] = None
        return self[path]
