"""Listeners' ratings, as in the Emotify set: one row for each time that somebody listened to a track."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.music.library.database import Library
from soundit_edge.music.library.imports.entries import Entries, ImportedSong, ImportResult
from soundit_edge.music.library.imports.feelings import FEELINGS, affect_of, emotions_of
from soundit_edge.music.library.imports.lifting import MOODS, Group, lifted
from soundit_edge.music.library.imports.table import read_table

COLUMNS: Final = ("track_id", "genre", *FEELINGS, "mood", "liked", "disliked")
"""All of them have to be there. Others, such as the listener's age or gender, are not read."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What one listener said of one track: feelings in the order of `FEELINGS`, 0 or 1; mood before, 1 to 5."""

    track: str
    genre: str
    feelings: tuple[float, ...]
    mood: int
    liked: float


def read_ratings(path: Path) -> list[Rating]:
    """Read a CSV file with `COLUMNS`.

    Raises:
        ImportFileError: it cannot be read, a column is missing, or a cell is not what it should be.
    """
    ratings = []
    for row in read_table(path, COLUMNS):
        row.number("disliked", 0, 1, whole=True)
        ratings.append(
            Rating(
                track=row.text("track_id"),
                genre=row.text("genre").casefold(),
                feelings=tuple(row.number(name, 0, 1, whole=True) for name in FEELINGS),
                mood=int(row.number("mood", *MOODS, whole=True)),
                liked=row.number("liked", 0, 1, whole=True),
            )
        )
    return ratings


def groups_of(ratings: Sequence[Rating]) -> list[Group]:
    """The listeners of one track by the mood in which they came, rising."""
    moods = sorted({rating.mood for rating in ratings})
    return [_group(mood, [rating for rating in ratings if rating.mood == mood]) for mood in moods]


def import_ratings(library: Library, path: Path) -> ImportResult:
    """Take up a file of ratings, whole or not at all; of a track that was rated before, the new ones count.

    Raises:
        ImportFileError: see `read_ratings`.
    """
    ratings = read_ratings(path)
    tracks: defaultdict[tuple[str, str], list[Rating]] = defaultdict(list)
    for rating in ratings:
        tracks[rating.genre, rating.track].append(rating)
    taken = ImportResult(len(ratings))
    with library.transaction() as connection:
        entries = Entries(connection, "ratings")
        for (genre, track), of_track in tracks.items():
            number = entries.song(ImportedSong(f"{genre} {track}", "", genre, track), taken)
            whole, groups = _group(0, of_track), groups_of(of_track)
            entries.place(number, affect_of(whole.feelings), "ratings")
            _keep(connection, number, whole, groups)
    return taken


def _group(mood: int, ratings: Sequence[Rating]) -> Group:
    count = len(ratings)
    means = [math.fsum(column) / count for column in zip(*(rating.feelings for rating in ratings), strict=True)]
    liking = math.fsum(rating.liked for rating in ratings) / count
    return Group(mood, count, liking, dict(zip(FEELINGS, means, strict=True)))


def _keep(connection: sqlite3.Connection, number: int, whole: Group, groups: Sequence[Group]) -> None:
    connection.execute(
        "UPDATE songs SET feelings = ?, liking = ?, lifts = ? WHERE id = ?",
        (json.dumps(dict(whole.feelings)), whole.liking, " ".join(sorted(lifted(groups))), number),
    )
    # Emotions that somebody gave by name are not overruled by what feelings amount to.
    connection.execute(
        "UPDATE songs SET words = ? WHERE id = ? AND id NOT IN (SELECT song FROM catalogue WHERE kind = 'words')",
        (json.dumps(emotions_of(whole.feelings)), number),
    )
    connection.execute("DELETE FROM ratings WHERE song = ?", (number,))
    connection.executemany(
        "INSERT INTO ratings (song, mood, listeners, liking, feelings) VALUES (?, ?, ?, ?, ?)",
        [(number, g.mood, g.listeners, g.liking, json.dumps(dict(g.feelings))) for g in groups],
    )
