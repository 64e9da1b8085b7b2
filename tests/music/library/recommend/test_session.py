"""The library while the device runs: what is heard and said of songs is written, sooner or later."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from soundit_edge.emotion import AFFECT, Emotion, Mood, one_hot
from soundit_edge.music.director.mapping import DRAMATIC, MUSICAL
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.connection import LibraryError
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import Event, PlayEvent, Record
from soundit_edge.music.library.recommend import session as session_module
from soundit_edge.music.library.recommend.chooser import Chooser
from soundit_edge.music.library.recommend.library_queue import LibraryQueue
from soundit_edge.music.library.recommend.preference_model import Taste
from soundit_edge.music.library.recommend.session import LibrarySession, open_session
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo
from tests.fakes.clock import ManualClock
from tests.fakes.songs import song

PIECE = TrackInfo("song", 100.0, 2.4, 100)
SONGS = [song(number, valence=0.8, arousal=0.5) for number in (1, 2, 3)]
HAPPY = Mood(0.0, Emotion.HAPPY, one_hot(Emotion.HAPPY), AFFECT[Emotion.HAPPY], 1.0)


class Disk:
    """Takes entries, unless it is full."""

    def __init__(self) -> None:
        self.full = False
        self.saved: list[Event] = []

    def save(self, entries: Sequence[PlayEvent]) -> None:
        if self.full:
            raise LibraryError("library.db: cannot be added to (database or disk is full)")
        self.saved += [entry.event for entry in entries]


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def session(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> LibrarySession:
    monkeypatch.setattr(session_module, "WRITE_S", 0.001)
    made = LibrarySession(LibraryQueue(Chooser(SONGS), SONGS), lambda: 1.7e9, disk.save)
    made.step(HAPPY, None, None)
    made.queue.begin()
    return made


@contextlib.asynccontextmanager
async def running(session: LibrarySession) -> AsyncIterator[None]:
    task = asyncio.create_task(session.run())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def test_a_step_says_why_a_song_was_chosen(session: LibrarySession) -> None:
    present = session.queue.current
    (words,) = session.step(HAPPY, present, 200.0)
    assert words.startswith("song ")
    assert session.step(HAPPY, present, 199.0) == []


async def test_what_was_heard_and_said_is_written_and_the_rest_at_the_end(session: LibrarySession, disk: Disk) -> None:
    async with running(session):
        session.step(HAPPY, session.queue.current, 200.0)
        while disk.saved != [Event.PLAYED]:  # noqa: ASYNC110 (a thread writes)
            await asyncio.sleep(0.001)
        session.rate("liked")
    assert disk.saved == [Event.PLAYED, Event.LIKED]
    assert session.queue.rating == "liked"


async def test_what_a_full_disk_does_not_take_is_told_and_written_later_once(
    session: LibrarySession, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    disk.full = True
    async with running(session):
        session.step(HAPPY, session.queue.current, 200.0)
        session.rate("liked")
        while not session.note:  # noqa: ASYNC110 (a thread writes)
            await asyncio.sleep(0.001)
        assert "cannot be kept" in session.note
        assert "disk is full" in session.note
        await asyncio.sleep(0.05)
        disk.full = False
        while session.note:  # noqa: ASYNC110 (a thread writes)
            await asyncio.sleep(0.001)
    assert disk.saved == [Event.PLAYED, Event.LIKED]
    assert len(caplog.records) == 1, "once, not once a second"


async def test_a_real_library_keeps_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.ogg").touch()
    monkeypatch.setattr(session_module, "WRITE_S", 0.001)
    with Library.open() as library:
        library.put(song(0, path=str(tmp_path / "a.ogg"), valence=0.8, arousal=0.5))
    session = open_session(Policy.FOLLOW, MUSICAL, 1, HAPPY)
    async with running(session):
        session.step(HAPPY, session.queue.current, 200.0)
    with Library.open() as library:
        assert [(entry.event, Path(entry.path)) for entry in Record(library.connection).entries()] == [
            (Event.PLAYED, session.queue.current)
        ]


def test_a_preset_reaches_the_chooser() -> None:
    """Only the director was told of it: songs were chosen as for the preset of the start."""
    tame, near = song(1, valence=0.8, arousal=-0.3), song(2, valence=0.8, arousal=0.5)
    for preset, stays in ((MUSICAL, False), (DRAMATIC, True)):
        clock = ManualClock(1.7e9)
        made = LibrarySession(LibraryQueue(Chooser([tame, near]), [tame, near]), clock.now)
        made.follow(Policy.FOLLOW, preset)
        for _ in range(1_000):
            clock.advance(0.1)
            made.step(HAPPY, Path(tame.path), 200.0)
        piece, now = TrackInfo("song 1", 100.0, 2.4, 100), PlayerStatistics(bars=1.0)
        assert made.queue.upcoming(piece, now) == (None if stays else Path(near.path))


def test_songs_that_were_corrected_or_taken_out_are_chosen_from_as_they_are_now(session: LibrarySession) -> None:
    present = session.queue.current
    assert present is not None
    away = [one for one in SONGS if Path(one.path) != present]
    near = song(9, valence=0.8, arousal=0.5)
    corrected = replace(away[0], valence=-0.9, arousal=-0.9)
    session.songs_changed({Path(one.path): one for one in (corrected, near)})
    session.step(HAPPY, present, 200.0)  # what plays is no song of the library any more
    assert session.queue.next_if_due(PIECE, PlayerStatistics(bars=1.0)) == Path(near.path)
    session.songs_changed({Path(near.path): near})
    assert not session.queue.has_next


def test_what_is_said_of_any_song_is_learnt_and_can_be_forgotten(disk: Disk) -> None:
    taste = Taste()
    made = LibrarySession(LibraryQueue(Chooser(SONGS, taste=taste), SONGS), lambda: 1.7e9, disk.save)
    made.step(HAPPY, None, None)
    made.queue.begin()
    one = next(one for one in SONGS if Path(one.path) == made.queue.current)
    entry = PlayEvent(1.7e9, one.id, one.path, Event.DISLIKED, None, Emotion.HAPPY, AFFECT[Emotion.HAPPY])
    made.rated(entry, one)
    assert (made.rating, taste.judgements) == ("disliked", 1)
    assert made.queue.entries() == []  # whoever said it has recorded it
    made.erased()
    assert made.rating == "none"


async def test_what_waits_to_be_written_is_erased_too(session: LibrarySession, disk: Disk) -> None:
    disk.full = True
    async with running(session):
        session.step(HAPPY, session.queue.current, 200.0)
        while not session.note:  # noqa: ASYNC110 (a thread writes)
            await asyncio.sleep(0.001)
        session.erased()
        disk.full = False
    assert disk.saved == []
