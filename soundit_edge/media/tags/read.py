"""The tags of a sound file of any kind: title, artists, album, genres, moods."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av

from soundit_edge.media.tags.id3 import read_id3
from soundit_edge.media.tags.mp4 import read_mp4
from soundit_edge.media.tags.text import each_once, text_of_ffmpeg
from soundit_edge.text import presentable

MAX_CHARACTERS: Final = 300
"""Characters of a tag that are kept."""
SEPARATOR: Final = "; "
"""Between several artists or genres of one song."""
_ARTISTS: Final = ("artist", "album_artist", "albumartist", "author", "composer")
"""Tags that say whose a song is, the first one that is there counts; AIFF has the author only."""
_MOODS: Final = ("mood", "tmoo")
"""As Vorbis comments, MP4 and APE call it, and ID3."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says of itself, each on one line; "" for what it does not say.

    Attributes:
        title: never empty: the name of the file stands in.
        artist: of several all, with `SEPARATOR` between them.
        genre: the same.
        moods: single words in small letters.
        album: on which it appeared.
    """

    title: str
    artist: str = ""
    genre: str = ""
    moods: tuple[str, ...] = ()
    album: str = ""


def read_tags(path: Path) -> Tags:
    """Return the tags of a sound file: ID3, Vorbis comments, MP4 atoms, RIFF INFO and so on; none of one that cannot be
    read."""
    found = _all_texts(path) if path.is_file() else {}
    moods = [word for text in _first(found, _MOODS) for word in re.split(r"[;,/]", text)]
    return Tags(
        title=next(map(one_line, found.get("title", ())), "") or title_of_file(path),
        artist=_joined(_first(found, _ARTISTS)),
        genre=_joined(found.get("genre", ())),
        moods=tuple(word for word in map(one_line, map(str.casefold, moods)) if word),
        album=next(map(one_line, found.get("album", ())), ""),
    )


def title_of_file(path: Path) -> str:
    """Return what a file without a title is called: its name, on one line."""
    return one_line(path.stem) or one_line(path.name) or "untitled"


def one_line(text: str) -> str:
    """Return text as one line of single spaces, of `MAX_CHARACTERS` at most."""
    return " ".join(presentable(text).split())[:MAX_CHARACTERS].rstrip()


def _all_texts(path: Path) -> Mapping[str, Sequence[str]]:
    """Return the texts of all tags by their names in small letters; damaged tags are left out."""
    found: dict[str, Sequence[str]] = {}
    options = {"protocol_whitelist": "file"}
    with (
        contextlib.suppress(av.error.FFmpegError, OSError, ValueError),
        av.open(str(path.absolute()), options=options, metadata_errors="surrogateescape") as container,
    ):
        for stream in container.streams.audio[:1]:  # an Ogg file has its tags there
            found.update(_by_ffmpeg(stream.metadata))
        found.update(_by_ffmpeg(container.metadata))
    for read in (read_id3, read_mp4):
        with contextlib.suppress(OSError):
            found.update({name: texts for name, texts in read(path).items() if any(map(one_line, texts))})
    return found


def _by_ffmpeg(metadata: Any) -> dict[str, list[str]]:
    return {str(key).casefold(): [text_of_ffmpeg(str(value))] for key, value in dict(metadata).items()}


def _first(found: Mapping[str, Sequence[str]], names: Iterable[str]) -> Sequence[str]:
    """Return the texts of the first of some tags that says anything."""
    return next((found[name] for name in names if any(map(one_line, found.get(name, ())))), ())


def _joined(texts: Iterable[str]) -> str:
    """Return several values as one, each once. FFmpeg and many programs put semicolons between them."""
    values = [value for text in texts for value in map(one_line, text.split(";")) if value]
    return one_line(SEPARATOR.join(each_once(values)))
