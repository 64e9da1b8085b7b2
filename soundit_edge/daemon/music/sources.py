"""Where the music comes from, chosen while it plays: the theme, what is composed, the library, or one song."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from soundit_edge.control.actor import Actor
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.music.choice import MusicChoice, choice_of
from soundit_edge.daemon.music.opened import OpenedMusic, open_now, playable_song
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.emotion import Mood
from soundit_edge.music.library.recommend.session import LibrarySession
from soundit_edge.music.player.programme import Programme
from soundit_edge.music.source import MusicSource

log = logging.getLogger(__name__)


class Programmed(Protocol):
    """What plays a programme: the output, as far as it is needed here."""

    @property
    def programme(self) -> Programme:
        """Return what is played: what was asked for, or what plays because nothing of that can be."""

    def change(self, programme: Programme) -> None:
        """Go over to a programme, or to another song of the present one."""


class MusicSources:
    """Goes over from one source to another, and keeps the library open for as long as its songs are played."""

    def __init__(self, opened: OpenedMusic, output: Programmed, store: SettingsStore, mood: Callable[[], Mood]) -> None:
        """Begin with what plays.

        Args:
            opened: what the output plays.
            output: plays.
            store: has the settings of the music; what changes there is followed.
            mood: gives the mood that music is chosen for.
        """
        self._opened = opened
        self._output = output
        self._store = store
        self._mood = mood
        self._songs: dict[Path, int] = dict(opened.songs)
        self._wanted: MusicChoice | None = None  # by the settings, and not gone over to yet
        self._changed = asyncio.Event()
        self._choosing = asyncio.Lock()
        self.note = opened.note
        """What the user should know, such as that there is no library to play from, or ""."""
        store.subscribe(lambda settings: choice_of(settings.music), self._follow)
        store.subscribe(lambda settings: settings.privacy.public_place, lambda public, by: self._keep_history())
        self._keep_history()

    @property
    def source(self) -> MusicSource:
        """Return where the music comes from."""
        return self._output.programme.source

    @property
    def library(self) -> LibrarySession | None:
        """Return the session of the library; None where the music comes from elsewhere."""
        return self._opened.library if self._output.programme is self._opened.programme else None

    def number_of(self, path: Path) -> int | None:
        """Return the number in the library of a file that is heard; None where it is no song of the library."""
        return self._songs.get(path)

    async def choose(self, choice: MusicChoice) -> bool:
        """Go over to what is chosen, and return whether that is something else than before.

        Raises:
            NotNow: there is no library, or no song in it; then what plays plays on.
        """
        async with self._choosing:
            self.note, self._wanted = "", None
            if choice == self._opened.choice and self._output.programme is self._opened.programme:
                return False
            self._go_over(await self._open(choice))
            return True

    async def choose_song(self, number: int) -> None:
        """Go over to a song of the library, and to songs for the room after it.

        Raises:
            NotNow: there is no such song, or its file is away.
        """
        async with self._choosing:
            await asyncio.to_thread(playable_song, number)  # says why, where it cannot be played
            opened = self._opened
            if opened.library is None or opened.library.queue.choose(number) is None:
                opened = await self._open(MusicChoice(MusicSource.LIBRARY))  # it may have come in a moment ago
                if opened.library is None or opened.library.queue.choose(number) is None:
                    raise NotNow("This song cannot be played: choose another one.")
            self.note, self._wanted = "", None
            self._go_over(opened)

    async def run(self) -> None:
        """Follow the settings, and write what becomes of the library's songs, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._changed.clear()
                await self._follow_settings()
                library = self.library
                writing = None if library is None else tasks.create_task(library.run(), name="library")
                while self.library is library and self._wanted is None:
                    await self._changed.wait()
                    self._changed.clear()
                if writing is not None:
                    writing.cancel()
                    await asyncio.wait({writing})  # what is left to write is written

    def _follow(self, choice: MusicChoice, by: Actor) -> None:
        self._wanted = choice
        self._changed.set()

    async def _follow_settings(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        try:
            await self.choose(wanted)
        except NotNow as refusal:
            self.note = str(refusal)
            log.warning("%s", refusal)

    async def _open(self, choice: MusicChoice) -> OpenedMusic:
        return await asyncio.to_thread(open_now, choice, self._store.current.music, self._mood())

    def _go_over(self, opened: OpenedMusic) -> None:
        if self.library and self.library is not opened.library:
            self.library.leave(self._mood())
        self._opened = opened
        self._keep_history()
        self._songs.update(opened.songs)
        self._output.change(opened.programme)
        self._changed.set()

    def _keep_history(self) -> None:
        """Have the library note what becomes of its songs, but not in a public place."""
        if self._opened.library is not None:
            self._opened.library.keep_history(not self._store.current.privacy.public_place)
