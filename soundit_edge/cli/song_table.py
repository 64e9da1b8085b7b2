"""Songs as the commands print them, each on one line."""

from __future__ import annotations

from typing import Any, Final

from soundit_edge.music.library.song import Song
from soundit_edge.text import presentable

HEAD: Final = f"{'length':>6}  {'bpm':>3}  {'key':<8}  {'LUFS':>6}  valence  arousal  {'from':<7}  title"
"""The first line of a table of songs: the figures first, so that the names may be as long as they are."""
_NO_BEAT: Final = "–"


def as_object(song: Song) -> dict[str, Any]:
    """Return a song as `soundit library list --json` prints it; null for what is not known where no file of it is here,
    and for the tempo of a song that has no beat."""
    heard = bool(song.path)
    return {
        "path": song.path or song.link,
        "title": song.title,
        "artist": song.artist,
        "genre": song.genre,
        "duration_s": round(song.duration_s, 3) if heard else None,
        "bpm": None if song.bpm is None else round(song.bpm, 2),
        "key": song.key if heard else None,
        "mode": song.mode if heard else None,
        "lufs": round(song.lufs, 2) if heard else None,
        "true_peak_db": round(song.true_peak_db, 2) if heard else None,
        "valence": round(song.valence, 3),
        "arousal": round(song.arousal, 3),
        "source": song.source,
    }


def line_of(song: Song) -> str:
    """Return a song as a line below `HEAD`."""
    heard = " " * 29
    if song.path:
        minutes, seconds = divmod(round(song.duration_s), 60)
        tempo = _NO_BEAT if song.bpm is None else f"{song.bpm:.0f}"
        key = f"{song.key} {song.mode}"
        heard = f"{f'{minutes}:{seconds:02}':>6}  {tempo:>3}  {key:<8}  {song.lufs:6.1f}"
    return f"{heard}  {song.valence:+7.2f}  {song.arousal:+7.2f}  {song.source:<7}  {name_of(song)}"


def name_of(song: Song) -> str:
    """Return what a song is called, like "Halo - Beyoncé (pop)"; where no file of it is here, that is said."""
    artist = f" - {song.artist}" if song.artist else ""
    genre = f" ({song.genre})" if song.genre else ""
    return presentable(song.title + artist + genre) + ("" if song.path else f" [{where_is(song)}]")


def where_is(song: Song) -> str:
    """Return the path of a song's file, and the link that came with it."""
    if song.path:
        return presentable(song.path + (f" ({song.link})" if song.link else ""))
    return presentable(song.link) or "no file here"
