"""A play queue of the library: songs that fit the room follow each other, and what becomes of them is noted."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from soundit_edge import paths
from soundit_edge.emotion import Mood
from soundit_edge.music.director.mapping import Preset
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.absent import playable_songs
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import Event, PlayEvent, Record
from soundit_edge.music.library.recommend.chooser import Chooser, NextSong
from soundit_edge.music.library.recommend.preference_model import Taste
from soundit_edge.music.library.song import Song
from soundit_edge.music.player.playlist import at_end
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo
from soundit_edge.text import presentable

Rating = Literal["none", "liked", "disliked"]
_RATINGS: dict[Event, Rating] = {Event.LIKED: "liked", Event.DISLIKED: "disliked"}


class LibraryQueue:
    """Chooses for the room, as the listeners have taught it to."""

    def __init__(self, chooser: Chooser, songs: Sequence[Song], ratings: dict[Path, Rating] | None = None) -> None:
        """Nothing plays yet; the first `step` chooses.

        Args:
            chooser: what chooses among them.
            songs: that can be played.
            ratings: what was said of them before.
        """
        self._chooser = chooser
        self.numbers = {Path(song.path): song.id for song in songs}
        """The numbers in the library of the songs that can be played, by their files."""
        self._ratings = ratings or {}
        self._present: Path | None = None
        self._coming: NextSong | None = None
        self._news: list[str] = []

    @property
    def current(self) -> Path | None:
        """Return the song that plays, or was asked for last."""
        return self._present

    @property
    def has_next(self) -> bool:
        """Return whether there is another song."""
        return len(self.numbers) > 1

    @property
    def rating(self) -> Rating:
        """Return the rating of the song that plays."""
        return self._ratings.get(self._present, "none") if self._present else "none"

    def follow(self, policy: Policy, preset: Preset) -> None:
        """Mirror the room from now on, or lead it, as far as the preset goes."""
        self._chooser.follow(policy, preset)

    def keep_history(self, kept: bool) -> None:
        """Note from now on what becomes of the songs, and learn from it, or do neither."""
        self._chooser.keeps_history = kept

    def step(self, now_s: float, mood: Mood, heard: Path | None, left_s: float | None) -> None:
        """Look at the room and at what is heard; to be called several times a second. See `Chooser.step`."""
        choice = self._chooser.step(now_s, mood, heard, left_s)
        if choice is not None:
            self._coming = choice
        elif self._coming is not None and heard == self._coming.path:
            self._coming = None

    def rate(self, rating: Literal["liked", "disliked"], now_s: float) -> None:
        """Take note of what the user says of the song that plays."""
        if self._present is not None:
            self._ratings[self._present] = rating
            self._chooser.record(Event.LIKED if rating == "liked" else Event.DISLIKED, now_s)

    def reload(self, songs: Mapping[Path, Song]) -> None:
        """Choose from these songs from now on, by file."""
        self._chooser.reload(songs)
        self.numbers = {path: song.id for path, song in songs.items()}
        if self._coming is not None and self._coming.path not in songs:
            self._coming = None

    def learn(self, entry: PlayEvent, song: Song) -> None:
        """Take note of what the user said of any song, which is recorded already."""
        if entry.event in _RATINGS:
            self._ratings[Path(entry.path)] = _RATINGS[entry.event]
        self._chooser.learn(entry, song)

    def forget(self) -> None:
        """Forget what was heard and liked."""
        self._ratings.clear()
        self._chooser.forget()

    def begin(self) -> None:
        """Take the song to begin with, which the first `step` has chosen."""
        if self._coming is not None:
            self._go()

    def skip(self) -> Path | None:
        """Go on to another song, as the user asks; None where there is no other one."""
        choice = self._chooser.another(self._present)
        if choice is None:
            return None
        self._coming = choice
        return self._go()

    def choose(self, number: int) -> Path | None:
        """Go to a song that the user has chosen, by its number in the library; None where it cannot be played."""
        path = next((path for path, own in self.numbers.items() if own == number), None)
        choice = None if path is None else self._chooser.choose(path)
        if choice is None:
            return None
        self._coming = choice
        return self._go()

    def reject(self, track: Path) -> None:
        """Leave a song out from now on: its file cannot be played."""
        self._chooser.reject(track)
        self.numbers.pop(track, None)
        if self._coming is not None and self._coming.path == track:
            self._coming = None

    def upcoming(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """Return the song that will come, once it is known."""
        return None if self._coming is None or self._coming.path == self._present else self._coming.path

    def next_if_due(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """Return the song that comes, when the mood has left the present one, or that one ends."""
        coming = self._coming
        if coming is None or coming.path == self._present or not (coming.at_once or at_end(piece, now)):
            return None
        return self._go()

    def news(self) -> list[str]:
        """Return why songs were chosen since this was last asked, in words."""
        news, self._news = self._news, []
        return news

    def entries(self) -> list[PlayEvent]:
        """Return what is to be recorded since this was last asked."""
        return self._chooser.entries()

    def _go(self) -> Path:
        assert self._coming is not None
        self._present = self._coming.path
        pick = self._coming.pick
        self._news.append(f"{presentable(pick.song.title)}: {', '.join(pick.reasons)}")
        return self._present


def open_programme(policy: Policy, preset: Preset, seed: int) -> LibraryQueue:
    """Open the user's library.

    Raises:
        SounditError: there is none, it cannot be read, or none of its songs is there.
    """
    path = paths.library_file()
    with Library.open(path, write=os.path.exists(path)) as library:
        songs = playable_songs(library)
        record = Record(library.connection)
        entries = record.entries()
        recent = record.recent()
    chooser = Chooser(
        songs, policy=policy, preset=preset, taste=Taste.learnt(entries, songs), recent=recent, seed=seed + len(entries)
    )
    ratings = {Path(entry.path): _RATINGS[entry.event] for entry in entries if entry.event in _RATINGS}
    return LibraryQueue(chooser, songs, ratings)


def save_events(entries: Sequence[PlayEvent]) -> None:
    """Write what happened to the user's library. Waits for the disk.

    Raises:
        SounditError: it cannot be written.
    """
    if entries:
        with Library.open() as library:
            record = Record(library.connection)
            for entry in entries:
                record.add(entry)
