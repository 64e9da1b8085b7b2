"""The user's library for one run of the device: songs for the room, and what becomes of them in the history."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from soundit_edge.emotion import Mood
from soundit_edge.errors import SounditError
from soundit_edge.music.director.mapping import Preset
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.play_history import PlayEvent
from soundit_edge.music.library.recommend.library_queue import LibraryQueue, Rating, open_programme, save_events
from soundit_edge.music.library.song import Song

log = logging.getLogger(__name__)

WRITE_S: Final = 1.0
"""How often what became of the songs is written."""


class LibrarySession:
    """Chooses songs while the device runs, and writes what is heard and said of them."""

    def __init__(
        self,
        queue: LibraryQueue,
        clock: Callable[[], float] = time.time,
        save: Callable[[Sequence[PlayEvent]], None] = save_events,
    ) -> None:
        """Begin with a song that was already chosen.

        Args:
            queue: chooses.
            clock: seconds since 1970, which the history bears.
            save: writes entries; waits for the disk, and raises `SounditError` where that takes nothing.
        """
        self.queue = queue
        self.note = ""
        """What the user should know, such as that what they say of songs cannot be kept, or ""."""
        self._clock = clock
        self._save = save
        self._unsaved: list[PlayEvent] = []
        self._writing = threading.Lock()

    def follow(self, policy: Policy, preset: Preset) -> None:
        """Mirror the room from now on, or lead it, as far as the preset goes."""
        self.queue.follow(policy, preset)

    def songs_changed(self, songs: Mapping[Path, Song]) -> None:
        """Choose from these songs from now on, by file: some may be new, gone or corrected."""
        self.queue.reload(songs)

    def rated(self, entry: PlayEvent, song: Song) -> None:
        """Learn from what the user said of any song, which is recorded already."""
        self.queue.learn(entry, song)

    def erased(self) -> None:
        """Forget what was heard and liked: the user has erased the history."""
        self._unsaved.clear()  # also under the thread that writes them just now
        self.queue.forget()

    def keep_history(self, kept: bool) -> None:
        """Note from now on what becomes of the songs, and learn from it, or do neither."""
        self.queue.keep_history(kept)

    def step(self, mood: Mood, heard: Path | None, left_s: float | None) -> list[str]:
        """Look at the room and at what is heard; to be called several times a second.

        Args:
            mood: of the room.
            heard: the file of the song that is heard, or None.
            left_s: to its end; None where that is not known.

        Returns:
            Why songs were chosen since the last step, in words.
        """
        self.queue.step(self._clock(), mood, heard, left_s)
        return self.queue.news()

    @property
    def rating(self) -> Rating:
        """Return the rating of the song that plays."""
        return self.queue.rating

    def rate(self, rating: Literal["liked", "disliked"]) -> None:
        """Remember what the user says of the song that plays."""
        self.queue.rate(rating, self._clock())

    def leave(self, mood: Mood) -> None:
        """Take note that songs are no longer played, for now."""
        self.queue.step(self._clock(), mood, None, None)

    async def run(self) -> None:
        """Write what becomes of the songs, once a second, and at the end. What a full disk does not take waits."""
        try:
            while True:
                await asyncio.sleep(WRITE_S)
                await self._flush()
        finally:
            await self._flush()

    async def _flush(self) -> None:
        self._unsaved += self.queue.entries()
        await asyncio.to_thread(self._write)

    def _write(self) -> None:
        try:
            # One that was given up in the middle goes on in its thread, and the last one waits for it.
            with self._writing:
                while entry := self._unsaved[:1]:
                    self._save(entry)
                    del self._unsaved[:1]
        except SounditError as error:
            # A full disk is no reason to fall silent.
            note = f"what you hear and like cannot be kept: {error}"
            if note != self.note:
                log.warning("%s", note)
            self.note = note
        else:
            self.note = ""


def open_session(policy: Policy, preset: Preset, seed: int, mood: Mood) -> LibrarySession:
    """Open the user's library and choose the song to begin with.

    Raises:
        SounditError: there is none, or none in it can be played.
    """
    session = LibrarySession(open_programme(policy, preset, seed))
    session.step(mood, None, None)
    session.queue.begin()
    return session
