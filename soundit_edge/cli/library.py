"""What the commands of `soundit library` do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from soundit_edge import console
from soundit_edge.cli.song_table import HEAD, as_object, line_of, name_of, where_is
from soundit_edge.emotion import emotion_named
from soundit_edge.errors import SounditError
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.absent import why_empty
from soundit_edge.music.library.database import Library
from soundit_edge.paths import check_working_folder
from soundit_edge.text import did_you_mean, presentable

FEW: Final = 20
"""Files; a scan of fewer needs no lines of progress."""


class NoMusicError(SounditError):
    """There is nothing to scan, or nothing to choose from."""


class ChoiceError(SounditError):
    """An option names something that does not exist."""


def add(places: Sequence[Path]) -> None:
    """Scan folders, with a progress bar on stderr where that is a terminal; print what was found.

    Raises:
        SounditError: a folder is not there or has no music in it, another scan is going on, or the library cannot be
            written.
    """
    from soundit_edge.console import progress_bar
    from soundit_edge.music.library.files import SUFFIXES
    from soundit_edge.music.library.scan import scan

    check_working_folder()  # songs are described by processes of their own
    with Library.open() as library, progress_bar() as progress:
        bar = progress.add_task("scanning", total=None)
        lines = _ProgressLines()

        def show(done: int, of: int, name: str) -> None:
            progress.update(bar, completed=done, total=of, description=presentable(name)[:40] or "scanning")
            if progress.disable:
                lines.show(done, of)

        report = scan(library, places, show)
    if report.vanished:
        console.say(f"{report.vanished} files went away while they were read; scan again when they are back")
    for line in report.skipped:
        console.say(f"skipped {line}")
    names = ", ".join(map(presentable, places))
    if not report.songs and not report.missing:
        if report.skipped:
            raise NoMusicError(f"{names}: none of the {len(report.skipped)} files here is a song that can be read")
        raise NoMusicError(f"{names}: no music here (files that end in {', '.join(sorted(SUFFIXES))})")
    console.result(
        f"{report.songs} songs: {report.new} new, {report.changed} changed, {report.moved} moved, {report.same} as "
        f"before; {report.missing} gone, {len(report.skipped)} skipped"
    )


def list_songs(as_json: bool) -> None:
    """Print all songs: as JSON one object a line, else as a table.

    Raises:
        SounditError: there is no library, or it cannot be read.
    """
    with Library.open(write=False) as library:
        songs = library.songs()
        nothing = "" if songs else why_empty(library)
    if as_json:
        for song in songs:
            console.json_result(as_object(song))
        return
    if not songs:
        raise NoMusicError(nothing)
    console.result(HEAD)
    for song in songs:
        console.result(line_of(song))


def pick_songs(mood: str, genre: str | None, count: int, policy: str, as_json: bool) -> None:
    """Print the songs that fit a mood best, the best first, with the reasons: as JSON one object a line, else as text.

    Args:
        mood: name of an emotion.
        genre: only songs whose genre has these words in it.
        count: how many.
        policy: what the music is to do with the mood.
        as_json: objects as `as_object` gives them, with the score, the reasons and the link.

    Raises:
        SounditError: there is no such mood or policy, there is no library, or no song is left to choose from.
    """
    from soundit_edge.music.library.play_history import Record
    from soundit_edge.music.library.recommend.preference_model import Taste
    from soundit_edge.music.library.recommend.ranking import pick
    from soundit_edge.music.library.recommend.request import request_for

    request = request_for(emotion_named(mood, "--mood: "), policy=_policy_named(policy))
    with Library.open(write=False) as library:
        songs, record = library.songs(), Record(library.connection)
        taste = Taste.learnt(record.entries(), songs)
        picks = pick(songs, [request], genre=genre, count=count, recent=record.recent(), taste=taste)
        nothing = f"no song of the genre {genre!r} is in the library" if songs else why_empty(library)
    if not picks:
        raise NoMusicError(nothing)
    for place, choice in enumerate(picks, 1):
        if as_json:
            more = {"score": round(choice.score, 4), "reasons": list(choice.reasons), "link": choice.song.link}
            console.json_result({**as_object(choice.song), **more})
        else:
            console.result(
                f"{place}. {name_of(choice.song)}\n   " + "\n   ".join((where_is(choice.song), *choice.reasons))
            )


def import_file(kind: str, path: Path, most: int | None = None) -> None:
    """Import what a CSV file says of songs, and print how much that was.

    Args:
        kind: "ratings", "words" or "affect".
        path: of the file.
        most: of mood words: see `words.import_words`.

    Raises:
        SounditError: the file cannot be read or understood (nothing of it is imported then), or the library
            cannot be written.
    """
    from soundit_edge.music.library.imports.affect import import_affect
    from soundit_edge.music.library.imports.ratings import import_ratings
    from soundit_edge.music.library.imports.words import import_words

    with Library.open() as library:
        if kind == "ratings":
            taken = import_ratings(library, path)
        elif kind == "words":
            taken = import_words(library, path, most)
        else:
            taken = import_affect(library, path)
    console.result(
        f"{presentable(path)}: {taken.rows} rows on {taken.songs} songs; {taken.here} of them have a file here, "
        f"{taken.songs - taken.here} are kept without one"
    )


def show_history(count: int, as_json: bool) -> None:
    """Print what happened to songs lately, the latest last.

    Raises:
        SounditError: there is no library, or it cannot be read.
    """
    from soundit_edge.music.library.play_history import Record

    with Library.open(write=False) as library:
        entries = Record(library.connection).entries(count)
        titles = {entry.song: library.song(entry.song) for entry in entries}
    for entry in entries:
        song, row = titles[entry.song], entry.row()
        if as_json:
            console.json_result({**row, "title": song.title if song else ""})
        else:
            name = name_of(song) if song else presentable(entry.path)
            console.result(f"{row['when']}  {entry.event:<10}  {entry.emotion:<9}  {entry.who:<5}  {name}")
    if not entries and not as_json:
        console.result("nothing has been recorded")


def export_history(out: Path) -> None:
    """Write the whole history as a CSV file.

    Raises:
        SounditError: there is no library, or the file cannot be written.
    """
    from soundit_edge.music.library.play_history import Record

    with Library.open(write=False) as library:
        count = Record(library.connection).export(out)
    console.result(f"{presentable(out)}: {count} entries")


def erase_history() -> None:
    """Erase the whole history, for good, and print how much that was.

    Raises:
        SounditError: the library cannot be written.
    """
    from soundit_edge.music.library.play_history import erase_history

    with Library.open() as library:
        count = erase_history(library)
    console.result(f"{count} entries erased")


class _ProgressLines:
    """Says on stderr how far a scan is, where that is no terminal: a line whenever another tenth of it is done."""

    def __init__(self) -> None:
        self._tenths = 0

    def show(self, done: int, of: int) -> None:
        tenths = 10 * done // of if of >= FEW else 0
        if tenths > self._tenths:
            self._tenths = tenths
            console.say(f"scanning: {done} of {of} files")


def _policy_named(name: str) -> Policy:
    try:
        return Policy(name.casefold())
    except ValueError:
        hint = did_you_mean(name, Policy)
        raise ChoiceError(f"--policy takes one of {', '.join(Policy)}, not {name!r}{hint}") from None
