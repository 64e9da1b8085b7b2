"""Opens what music is to come from. Reads the library's database: live, call it in a thread."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from soundit_edge import paths
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.music.choice import MusicChoice
from soundit_edge.emotion import Mood
from soundit_edge.errors import SounditError
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.ensemble import ensemble_named
from soundit_edge.music.library.connection import LibraryError
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.recommend.session import LibrarySession, open_session
from soundit_edge.music.library.song import Song
from soundit_edge.music.player.programme import Programme, programme_of
from soundit_edge.music.source import MusicSource
from soundit_edge.settings import MusicSettings


@dataclass(frozen=True, slots=True)
class OpenedMusic:
    """Music that is ready to be played.

    Attributes:
        choice: what was chosen.
        programme: what plays.
        library: the session of the library, where that is the source.
        songs: the numbers in the library of the files that may be heard.
        note: why it is something else than what was wanted, or "".
    """

    choice: MusicChoice
    programme: Programme
    library: LibrarySession | None
    songs: Mapping[Path, int]
    note: str = ""


def open_music(choice: MusicChoice, music: MusicSettings, mood: Mood) -> OpenedMusic:
    """Open what is chosen.

    Args:
        choice: what is chosen.
        music: the settings of the music.
        mood: of the room, for the library's first song.

    Raises:
        SounditError: there is no library, or no song in it.
    """
    if choice.source is MusicSource.LIBRARY:
        session = open_session(Policy(music.policy), PRESETS[music.preset], music.seed, mood)
        programme = Programme(choice.source, music.seed, session.queue)
        return OpenedMusic(choice, programme, session, session.queue.numbers)
    programme = programme_of(choice.source, choice.tracks, music.seed, ensemble_named(music.palette))
    return OpenedMusic(choice, programme, None, _numbers_of(choice.tracks))


def open_or_theme(choice: MusicChoice, music: MusicSettings, mood: Mood) -> OpenedMusic:
    """Open what is chosen, or the theme where that cannot be: a disk that was pulled out is no reason not to start."""
    try:
        return open_music(choice, music, mood)
    except SounditError as error:
        theme = MusicChoice(MusicSource.THEME)
        note = f"the theme plays, because what you chose cannot be played: {error}"
        return OpenedMusic(theme, programme_of(theme.source, seed=music.seed), None, {}, note)


def open_now(choice: MusicChoice, music: MusicSettings, mood: Mood) -> OpenedMusic:
    """Open what is chosen while other music plays.

    Raises:
        NotNow: there is no library, or no song in it; the message says how to add some.
    """
    try:
        return open_music(choice, music, mood)
    except SounditError as error:
        raise NotNow(f"There is no music of yours to play yet: add a folder under Play first ({error}).") from error


def playable_song(number: int) -> Song:
    """Return the song of the library with a number.

    Raises:
        NotNow: there is no such song, its file is away, or the library cannot be read.
    """
    song = find_song(number)
    if song is None:
        raise NotNow("There is no such song in your library.")
    if not os.path.isfile(song.path):
        raise NotNow(f"The file of {song.title} is not there: bring it back, or scan its folder again.")
    return song


def find_song(number: int) -> Song | None:
    """Return the song of the library with a number; None where there is no such song, or no library."""
    try:
        with Library.open(write=False) as library:
            return library.song(number)
    except SounditError:
        return None


def _numbers_of(tracks: tuple[Path, ...]) -> dict[Path, int]:
    """Return the numbers of those files that are songs of the library."""
    path = paths.if_any(paths.library_file)
    if not tracks or path is None or not path.is_file():
        return {}
    try:
        with Library.open(write=False) as library:
            numbers = {song.path: song.id for song in library.songs()}
    except LibraryError:
        return {}
    return {track: numbers[str(track)] for track in tracks if str(track) in numbers}
