"""Questions to the library: search, order, map and history."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, Affect, Emotion
from soundit_edge.music.library.corrections import MoodByHand, correct_mood, correct_tempo
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import COLUMNS, Event, PlayEvent, Record
from soundit_edge.page.library.catalogue import (
    SongQuery,
    events_page,
    history_csv,
    song_map,
    song_row,
    songs_page,
)
from tests.cost import cpu_s
from tests.music.library.songs import song

MANY = 10_000
MAP_BYTES = 1_000_000
MAP_COST, PAGE_COST = 10.0, 40.0
"""In units of reading all rows as they are."""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as library:
        yield library


def put(library: Library, *titles: str, **more: Any) -> list[int]:
    return [library.put(song(path=f"/music/{k} {title}.ogg", title=title, **more)) for k, title in enumerate(titles)]


def titles(library: Library, **query: Any) -> list[str]:
    return [row.title for row in songs_page(library, SongQuery(**query)).songs]


def test_a_search_needs_neither_case_nor_accents(library: Library) -> None:
    library.put(song(path="/a", title="Halo", artist="Beyoncé", album="I Am"))
    library.put(song(path="/b", title="Ça ira", artist="Édith", album="Olympia"))
    for search in ("beyonce", "BEYONCÉ halo", "i am", "hal"):
        assert titles(library, search=search) == ["Halo"]
    assert titles(library, search="ca edith") == ["Ça ira"]
    assert titles(library, search="halo edith") == []


@pytest.mark.parametrize(
    "search", ["%", "_", "'", '"', "' OR 1=1 --", "'; DROP TABLE songs; --", "*", "\\", "\0", "NEAR(", "a%b"]
)
def test_every_character_of_a_search_stands_for_itself(library: Library, search: str) -> None:
    put(library, "plain", f"x{search}y")
    assert titles(library, search=search.split()[0] if search.split() else search) == [f"x{search}y"]
    assert len(library.songs()) == 2


@settings(max_examples=50)
@given(search=st.text(max_size=50))
def test_no_search_fails(library: Library, search: str) -> None:
    assert songs_page(library, SongQuery(search)).total == 0


def test_songs_are_sorted_filtered_and_come_in_pages(library: Library) -> None:
    put(library, "b", "Á", "c", "a")
    assert titles(library) == ["Á", "a", "b", "c"]
    assert titles(library, sort="newest") == ["a", "c", "Á", "b"]
    assert titles(library, offset=1, limit=2) == ["a", "b"]
    assert songs_page(library, SongQuery(offset=10)).total == 4
    place = AFFECT[Emotion.SAD]
    library.put(song(path="/sad", title="tears", valence=place.valence, arousal=place.arousal))
    assert titles(library, emotion=Emotion.SAD) == ["tears"]
    for sort in ("title", "artist", "album", "newest", "tempo", "length", "valence", "arousal"):
        assert len(titles(library, sort=sort)) == 5


def test_a_song_without_a_file_is_marked_and_one_that_was_taken_out_is_not_there(library: Library) -> None:
    gone, out = put(library, "gone", "out")
    library.put(song(path="", title="only imported"))
    library.connection.execute("UPDATE songs SET missing = 1 WHERE id = ?", (gone,))
    library.connection.execute("UPDATE songs SET missing = 2 WHERE id = ?", (out,))
    (row,) = songs_page(library, SongQuery()).songs
    assert (row.title, row.missing) == ("gone", True)
    assert song_row(library, out) is None
    assert json.loads(song_map(library)) == {"songs": []}


def test_what_was_corrected_and_said_is_shown(library: Library) -> None:
    (number,) = put(library, "one", words={"sad": 0.7, "calm": 0.3}, bpm=61.25)
    row = song_row(library, number)
    assert row is not None
    assert (row.moods, row.rating, row.corrected, row.tempo) == ([Emotion.SAD, Emotion.CALM], None, [], 61.2)
    correct_mood(library, number, MoodByHand.named(Emotion.HAPPY))
    correct_tempo(library, number, 122.5)
    for event in (Event.LIKED, Event.PLAYED, Event.DISLIKED, Event.SKIPPED):
        Record(library.connection).add(PlayEvent(1.0, number, "/x", event, None, Emotion.SAD, Affect(0.0, 0.0)))
    row = song_row(library, number)
    assert row is not None
    assert (row.emotion, row.moods, row.rating) == (Emotion.HAPPY, [], "disliked")
    assert (row.corrected, row.tempo) == (["mood", "tempo"], 122.5)


def test_ten_thousand_songs_are_quick_and_small(library: Library) -> None:
    rng = np.random.default_rng(1)
    places = rng.uniform(-1.0, 1.0, (MANY, 2)).tolist()
    rows = [(f"/music/{k}.ogg", f"{'長い題名' * 20}{k}", f"artist {k % 99}", *place) for k, place in enumerate(places)]
    with library.transaction() as connection:
        connection.executemany(
            "INSERT INTO songs (path, title, artist, album, valence, arousal) VALUES (?, ?, ?, 'Ålbum', ?, ?)", rows
        )
    whole = song_map(library)
    assert len(whole) < MAP_BYTES
    assert len(json.loads(whole)["songs"]) == MANY
    unit = cpu_s(lambda: library.connection.execute("SELECT * FROM songs").fetchall(), 3)
    assert cpu_s(lambda: song_map(library), 3) < MAP_COST * unit
    for query in (SongQuery("ALBUM 99"), SongQuery(emotion=Emotion.SAD, sort="artist"), SongQuery(offset=MANY - 50)):
        assert cpu_s(lambda query=query: songs_page(library, query), 2) < PAGE_COST * unit  # type: ignore[misc]


def history(library: Library, *names: str) -> None:
    for number, name in zip(put(library, *names), names, strict=True):
        entry = PlayEvent(1.7e9, number, f"/music/{name}", Event.PLAYED, 3.5, Emotion.CALM, Affect(-0.5, 0.25))
        Record(library.connection).add(entry)


def test_the_history_comes_in_pages_the_latest_first(library: Library) -> None:
    history(library, "one", "two", "three")
    page = events_page(library, 1, 1)
    assert page.total == 3
    assert [(e.title, e.event, e.emotion) for e in page.events] == [("two", "played", Emotion.CALM)]
    library.connection.execute("DELETE FROM songs")
    assert [e.title for e in events_page(library, 0, 9).events] == ["", "", ""]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A0"])
def test_no_cell_of_the_export_is_a_formula(library: Library, name: str) -> None:
    history(library, name)
    head, row = list(csv.reader(io.StringIO(history_csv(library).decode())))
    assert head == [*COLUMNS, "title", "artist"]
    cells = dict(zip(head, row, strict=True))
    assert cells["title"] == f"'{name}"
    assert (float(cells["valence"]), cells["path"]) == (-0.5, f"/music/{name}")  # a number stays one
