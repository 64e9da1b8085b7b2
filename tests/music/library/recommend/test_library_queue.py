"""The library as a programme: when another song comes, and what is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.emotion import AFFECT, Emotion, Mood, one_hot
from soundit_edge.music.director.mapping import MUSICAL
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.connection import LibraryError
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import Event, PlayEvent, Record
from soundit_edge.music.library.recommend.chooser import Chooser
from soundit_edge.music.library.recommend.library_queue import EmptyLibrary, LibraryQueue, open_programme, save_events
from soundit_edge.music.library.song import Song
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo
from tests.fakes.songs import song

PIECE = TrackInfo("song", 120.0, 2.0, 120)
SONGS = [song(number, valence=0.8, arousal=0.5) for number in (1, 2, 3)]


def mood(emotion: Emotion) -> Mood:
    return Mood(0.0, emotion, one_hot(emotion), AFFECT[emotion], 1.0)


def queue(songs: list[Song] = SONGS) -> LibraryQueue:
    made = LibraryQueue(Chooser(songs), songs)
    made.step(0.0, mood(Emotion.HAPPY), None, None)
    made.begin()
    return made


def at(bars: float) -> PlayerStatistics:
    return PlayerStatistics(bars=bars)


def test_it_begins_with_a_song_and_says_why() -> None:
    made = queue()
    assert made.current in [Path(song.path) for song in SONGS]
    assert made.has_next
    (words,) = made.news()
    assert words.startswith("song ")
    assert made.news() == []


def test_a_song_stays_until_its_end_is_near_and_the_next_one_is_made_ready_before() -> None:
    made = queue()
    first = made.current
    assert first is not None
    for tenth in range(1, 1_000):
        made.step(tenth / 10, mood(Emotion.HAPPY), first, 240.0 - tenth / 10)
        assert made.next_if_due(PIECE, at(tenth / 20)) is None
    assert made.upcoming(PIECE, at(50.0)) is None
    made.step(190.0, mood(Emotion.HAPPY), first, 50.0)
    coming = made.upcoming(PIECE, at(95.0))
    assert coming not in (None, first)
    assert made.next_if_due(PIECE, at(95.0)) is None
    assert made.next_if_due(PIECE, at(117.5)) == coming
    assert made.current == coming
    assert made.next_if_due(PIECE, at(117.6)) is None


def test_a_mood_beyond_reach_brings_another_song_before_the_end() -> None:
    sad = song(9, valence=-0.7, arousal=-0.5)
    made = queue([SONGS[0], SONGS[1], sad])
    first = made.current
    due = None
    for tenth in range(1, 1_200):
        made.step(tenth / 10, mood(Emotion.HAPPY if tenth < 400 else Emotion.SAD), first, 240.0 - tenth / 10)
        due = due or made.next_if_due(PIECE, at(tenth / 20))
    assert due == Path(sad.path)


def test_what_the_user_does_is_noted() -> None:
    made = queue()
    first = made.current
    made.step(1.0, mood(Emotion.HAPPY), first, 200.0)
    made.rate("liked", 2.0)
    rated: str = made.rating
    assert rated == "liked"
    second = made.skip()
    assert second not in (None, first)
    made.step(3.0, mood(Emotion.HAPPY), second, 200.0)
    assert [entry.event for entry in made.entries()] == [Event.PLAYED, Event.LIKED, Event.SKIPPED, Event.PLAYED]
    assert made.rating == "none"


def test_a_song_that_cannot_be_played_is_not_chosen_again() -> None:
    made = queue()
    for _ in range(2):
        assert made.current is not None
        made.reject(made.current)
        assert made.skip() is not None
    assert not made.has_next
    assert made.skip() is None


def test_who_goes_on_twice_gets_a_third_song() -> None:
    made = queue()
    made.step(1.0, mood(Emotion.HAPPY), made.current, 200.0)
    asked = {made.current, made.skip(), made.skip()}
    assert len(asked) == 3


def test_there_has_to_be_a_library_with_songs() -> None:
    with pytest.raises(LibraryError, match="soundit library add"):
        open_programme(Policy.FOLLOW, MUSICAL, 1)
    with Library.open() as library:
        library.put(song(0, path=""))
    with pytest.raises(EmptyLibrary, match="soundit library add"):
        open_programme(Policy.FOLLOW, MUSICAL, 1)


def test_what_was_noted_is_kept_and_counts_the_next_time() -> None:
    with Library.open() as library:
        number = library.put(song(0, valence=0.8, arousal=0.5))
        (kept,) = library.songs()
    save_events([])
    save_events([PlayEvent(5.0, number, kept.path, Event.LIKED, 3.0, Emotion.HAPPY, AFFECT[Emotion.HAPPY])])
    with Library.open() as library:
        assert [entry.event for entry in Record(library.connection).entries()] == [Event.LIKED]
    made = open_programme(Policy.FOLLOW, MUSICAL, 1)
    made.step(6.0, mood(Emotion.HAPPY), None, None)
    made.begin()
    assert made.rating == "liked"
