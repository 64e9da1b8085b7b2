"""What happened to songs: that it stays, can be seen, taken along and forgotten."""

from __future__ import annotations

import csv
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundit_edge.emotion import Affect, Emotion
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import COLUMNS, Event, PlayEvent, Record, RecordError


def entry(song: int = 1, event: Event = Event.PLAYED, t: float = 1.7e9, seconds: float | None = None) -> PlayEvent:
    mood = Affect(-0.25, 0.5)
    return PlayEvent(t, song, f"/music/{song}.ogg", event, seconds, Emotion.HAPPY, mood, "face", Policy.LIFT)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as library:
        yield library


def test_what_is_noted_comes_back_as_it_was_and_in_order(library: Library) -> None:
    noted = [entry(song, event, 1.7e9 - song, 12.5) for song, event in enumerate(Event)] + [entry()]
    record = Record(library.connection)
    for one in noted:
        record.add(one)
    assert record.entries() == noted
    assert record.entries(latest=2) == noted[-2:]


def test_another_process_sees_an_entry_at_once(library: Library) -> None:
    Record(library.connection).add(entry())
    with Library.open(library.path, write=False) as other:
        assert Record(other.connection).entries() == [entry()]


_ADDS = """
import sys
from soundit_edge.emotion import Affect, Emotion
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import Event, PlayEvent, Record
from pathlib import Path
record = Record(Library.open(Path(sys.argv[1])).connection)
song = 0
while True:
    record.add(PlayEvent(0.0, song, "x", Event.PLAYED, None, Emotion.SAD, Affect(0.0, 0.0)))
    print(song, flush=True)
    song += 1
"""


def test_nothing_that_was_noted_is_lost_by_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with subprocess.Popen([sys.executable, "-c", _ADDS, path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [int(next(process.stdout)) for _ in range(20)]
        os.kill(process.pid, signal.SIGKILL)
        told += [int(line) for line in process.stdout if line.endswith("\n")]
    with Library.open(path) as library:
        kept = [one.song for one in Record(library.connection).entries()]
    assert kept[: len(told)] == told
    assert len(kept) <= len(told) + 1


def test_what_happened_cannot_be_changed(library: Library) -> None:
    Record(library.connection).add(entry())
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        library.connection.execute("UPDATE events SET event = 'liked'")


def test_the_latest_songs_come_first_and_once(library: Library) -> None:
    record = Record(library.connection)
    for song, event in [(1, Event.PLAYED), (2, Event.PLAYED), (3, Event.PLAYED), (1, Event.REPLAYED), (2, Event.LIKED)]:
        record.add(entry(song, event))
    assert record.recent() == [1, 3, 2]
    assert record.recent(2) == [1, 3]


def test_the_export_holds_every_entry(library: Library, tmp_path: Path) -> None:
    record = Record(library.connection)
    odd = PlayEvent(1.7e9, 7, 'a "b", c\n.ogg', Event.SKIPPED, 3.25, Emotion.CALM, Affect(0.1, -0.2))
    for one in (entry(), odd):
        record.add(one)
    out = tmp_path / "history.csv"
    assert record.export(out) == 2
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS == tuple(odd.row())
    assert rows[0]["when"] == "2023-11-14T22:13:20+00:00"
    assert [row["path"] for row in rows] == ["/music/1.ogg", odd.path]
    assert (float(rows[1]["seconds"]), rows[0]["seconds"], rows[0]["policy"]) == (3.25, "", "lift")


def test_an_export_that_fails_leaves_nothing(library: Library, tmp_path: Path) -> None:
    Record(library.connection).add(entry())
    place = tmp_path / "taken"
    place.mkdir()
    for out in (place, tmp_path / "missing" / "history.csv"):
        with pytest.raises(RecordError, match=f"{out.name}: cannot be written"):
            Record(library.connection).export(out)
    assert not list(place.iterdir())
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_erased_is_erased(library: Library) -> None:
    record = Record(library.connection)
    for song in range(3):
        record.add(entry(song))
    assert record.erase() == 3
    assert record.entries() == []
    files = [path for path in library.path.parent.iterdir() if path.name.startswith(library.path.name)]
    assert all(b"/music/1.ogg" not in path.read_bytes() for path in files)
    record.add(entry(9))
    assert [one.song for one in record.entries()] == [9]


def test_a_history_that_cannot_be_written_says_so(library: Library) -> None:
    with Library.open(library.path, write=False) as only_read, pytest.raises(RecordError, match="cannot be added to"):
        Record(only_read.connection).add(entry())
    with pytest.raises(ValueError, match="finite"):
        Record(library.connection).add(entry(seconds=float("nan")))
    assert Record(library.connection).entries() == []
