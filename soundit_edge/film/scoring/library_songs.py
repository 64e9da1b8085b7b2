"""Chooses songs of the user's library scene by scene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from soundit_edge import console
from soundit_edge.audio.decode import TrackError
from soundit_edge.film import FilmError
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.music.library.absent import playable_songs
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.recommend.ranking import pick
from soundit_edge.music.library.recommend.reach import Reach
from soundit_edge.music.library.recommend.request import request_for
from soundit_edge.music.library.song import Song

STAYS: Final = 0.3
"""A song continues in the next scene if morphing brings it this near to that scene's mood."""
TRIED: Final = 5
"""The number of songs that are tried for a scene before it is an error."""


def songs_of_library() -> list[Song]:
    """Return all songs of the user's library whose files are there.

    Raises:
        SounditError: there is no library, it cannot be read, or has no song that is there.
    """
    with Library.open(write=False) as library:
        return playable_songs(library)


def choose(
    songs: Sequence[Song], scenes: Sequence[Scene], seed: int, reach: Reach, playable: dict[str, float | None]
) -> list[Song]:
    """Choose a song for each scene.

    Args:
        songs: the songs to choose from.
        scenes: in order of time.
        seed: of the choice; another number may give other songs.
        reach: how far morphing can move a song's mood.
        playable: maps the path of a song to a value that is None where it cannot be played.

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
    """Return the distance, in the plane of affect, between a scene's mood and a song that is morphed towards it."""
    return reach.beyond(scene.affect.valence - song.valence, scene.affect.arousal - song.arousal)


class Bars(dict[str, float | None]):
    """The length in seconds of a bar of each song, by path; None where it cannot be played. Loads songs on demand."""

    def __missing__(self, path: str) -> float | None:
        from pathlib import Path

        from soundit_edge.music.library.corrections import tempo_by_hand
        from soundit_edge.music.load import load

        file = Path(path)
        try:
            self[path] = load(file, bpm=tempo_by_hand(file)).track.bar_s
        except TrackError as error:
            console.say(str(error))
            self[path] = None
        return self[path]
