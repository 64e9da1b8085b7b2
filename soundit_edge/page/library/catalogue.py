"""Questions to the library that the page has: songs by words and moods, all of them on a map, what happened to them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any, Final, Literal

from soundit_edge.emotion import Affect, Emotion, nearest_emotion
from soundit_edge.formats.csv_file import harmless
from soundit_edge.music.library.absent import LEFT_OUT
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import COLUMNS, Record
from soundit_edge.page.library.models import EventPage, EventRow, SongPage, SongRow, SortName
from soundit_edge.text import folded

MAX_TITLE_BYTES: Final = 64
"""Bytes of a title on the map: 10,000 songs are less than a megabyte, whatever their names."""
_CACHED: Final = 1 << 15  # texts
_NAMED: Final = 0.25  # share of an emotion from which on a song counts as called so
_FROM: Final = "FROM songs AS s LEFT JOIN corrections AS c ON c.song = s.id"
_TEMPO: Final = "coalesce(c.bpm, s.bpm)"
_VALENCE: Final = "coalesce(c.valence, s.valence)"
_AROUSAL: Final = "coalesce(c.arousal, s.arousal)"
_CORRECTED: Final[tuple[Literal["mood", "tempo"], ...]] = ("mood", "tempo")
_SORTED: Final[dict[SortName, str]] = {
    "title": "folded(s.title), folded(s.artist)",
    "artist": "s.artist = '', folded(s.artist), folded(s.album), folded(s.title)",
    "album": "s.album = '', folded(s.album), folded(s.title)",
    "newest": "s.id DESC",
    "tempo": f"{_TEMPO} IS NULL, {_TEMPO}",
    "length": "s.duration_s",
    "valence": f"{_VALENCE} DESC",
    "arousal": f"{_AROUSAL} DESC",
}


@dataclass(frozen=True, slots=True)
class SongQuery:
    """Which songs are asked for.

    Attributes:
        search: words that have to be in the title, the artist or the album, whatever their case and accents; any
            character stands for itself.
        emotion: that the songs are nearest to; None: any.
        sort: by what they are sorted.
        offset, limit: from where on, and how many.
    """

    search: str = ""
    emotion: Emotion | None = None
    sort: SortName = "title"
    offset: int = 0
    limit: int = 50


def songs_page(library: Library, query: SongQuery) -> SongPage:
    """Return some of the songs that fit a question."""
    connection = library.connection
    _teach(connection)
    conditions = ["s.path IS NOT NULL", "s.missing != ?"]
    words = folded(query.search).split()
    conditions += ["instr(folded(s.title || ' ' || s.artist || ' ' || s.album), ?)"] * len(words)
    values: list[Any] = [LEFT_OUT, *words]
    if query.emotion is not None:
        conditions.append(f"emotion_at({_VALENCE}, {_AROUSAL}) = ?")
        values.append(str(query.emotion))
    found = connection.execute(
        f"SELECT s.id {_FROM} WHERE {' AND '.join(conditions)} ORDER BY {_SORTED[query.sort]}, s.id", values
    ).fetchall()
    numbers = [number for (number,) in found[query.offset : query.offset + query.limit]]
    return SongPage(total=len(found), songs=[row for number in numbers if (row := song_row(library, number))])


def song_row(library: Library, number: int) -> SongRow | None:
    """Return a song; None where there is none with this number."""
    row = library.connection.execute(
        f"SELECT s.title, s.artist, s.album, s.duration_s, {_TEMPO}, s.key, s.mode, {_VALENCE}, {_AROUSAL}, "
        "iif(c.valence IS NULL, s.words, '{}'), "
        "(SELECT event FROM events WHERE song = s.id AND event IN ('liked', 'disliked') ORDER BY id DESC LIMIT 1), "
        f"s.missing, c.valence IS NOT NULL, c.bpm IS NOT NULL {_FROM} "
        "WHERE s.id = ? AND s.path IS NOT NULL AND s.missing != ?",
        (number, LEFT_OUT),
    ).fetchone()
    if row is None:
        return None
    title, artist, album, length_s, tempo, key, mode, valence, arousal, words, rating, missing, *by_hand = row
    shares = {Emotion(name): share for name, share in json.loads(words).items() if share >= _NAMED}
    return SongRow(
        id=number,
        title=title,
        artist=artist,
        album=album,
        length_s=round(length_s, 1),
        tempo=None if tempo is None else round(tempo, 1),
        key=f"{key} {mode}".strip(),
        valence=round(valence, 3),
        arousal=round(arousal, 3),
        emotion=nearest_emotion(Affect(valence, arousal)),
        moods=sorted(shares, key=lambda name: -shares[name]),
        rating=rating,
        missing=bool(missing),
        corrected=list(compress(_CORRECTED, by_hand)),
    )


def song_map(library: Library) -> bytes:
    """Return where the songs lie that are there, as JSON: {"songs": [[id, valence, arousal, title], ...]}, both in
    hundredths."""
    rows = library.connection.execute(
        f"SELECT s.id, {_VALENCE}, {_AROUSAL}, s.title {_FROM} WHERE s.path IS NOT NULL AND s.missing = 0"
    )
    places = [[number, round(100 * v), round(100 * a), _short(title)] for number, v, a, title in rows]
    return json.dumps({"songs": places}, ensure_ascii=False, separators=(",", ":")).encode()


def counts(library: Library) -> tuple[int, int]:
    """Return how many songs are there, and how many have no file any more."""
    there, missing = library.connection.execute(
        "SELECT count(*) FILTER (WHERE missing = 0), count(*) FILTER (WHERE missing = 1) "
        "FROM songs WHERE path IS NOT NULL"
    ).fetchone()
    return there, missing


def events_page(library: Library, offset: int, limit: int) -> EventPage:
    """Return some of what happened to songs, the latest first."""
    (total,) = library.connection.execute("SELECT count(*) FROM events").fetchone()
    rows = library.connection.execute(
        "SELECT e.t, e.song, coalesce(s.title, ''), coalesce(s.artist, ''), e.event, e.emotion "
        "FROM events AS e LEFT JOIN songs AS s ON s.id = e.song ORDER BY e.id DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )
    names = tuple(EventRow.model_fields)
    return EventPage(total=total, events=[EventRow(**dict(zip(names, row, strict=True))) for row in rows])


def history_csv(library: Library) -> bytes:
    """Return the whole history as a CSV file with a head line: the columns of `Record.export`, title and artist."""
    names = {number: more for number, *more in library.connection.execute("SELECT id, title, artist FROM songs")}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, "title", "artist"])
    for entry in Record(library.connection).entries():
        row: Sequence[Any] = [*entry.row().values(), *names.get(entry.song, ("", ""))]
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode()


def _teach(connection: sqlite3.Connection) -> None:
    """Let a connection compare names without case and accents, and name the emotion of a place in the plane."""
    connection.create_function("folded", 1, _folded, deterministic=True)
    connection.create_function("emotion_at", 2, _emotion_at, deterministic=True)


@lru_cache(_CACHED)
def _folded(text: str) -> str:
    """Return folded text; a search is asked again with every letter that somebody types."""
    return folded(text)


def _emotion_at(valence: float, arousal: float) -> str:
    return str(nearest_emotion(Affect(valence, arousal)))


def _short(title: str) -> str:
    return title.encode()[:MAX_TITLE_BYTES].decode(errors="ignore")
