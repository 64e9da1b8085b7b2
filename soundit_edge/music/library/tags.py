"""What a sound file says about itself: title, artist, genre, mood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LONGEST: Final = 300
"""Characters of a tag that are kept."""
_MOODS: Final = ("mood", "tmoo")
"""As Vorbis comments, MP4 and APE call it, and ID3."""


@dataclass(frozen=True, slots=True)
class Tags:
    """A file's own words; "" for what it does not say. The title is never empty: the name of the file stands in.
    `moods` are single words in small letters."""

    title: str
    artist: str = ""
    genre: str = ""
    moods: tuple[str, ...] = ()


def read_tags(path: Path) -> Tags:
    """The tags of a sound file (ID3, Vorbis comments, MP4 atoms and so on); none where it cannot be read."""
    import av

    try:
        options = {"protocol_whitelist": "file"}
        with av.open(str(path.absolute()), options=options, metadata_errors="replace") as container:
            found = {**_lower(container.metadata)}
            for stream in container.streams.audio[:1]:  # an Ogg file has its tags there
                found = {**_lower(stream.metadata), **found}
    except (av.error.FFmpegError, OSError, ValueError):
        found = {}
    artist = found.get("artist") or found.get("album_artist") or found.get("albumartist") or found.get("composer", "")
    moods = next((found[name] for name in _MOODS if found.get(name)), "")
    words = tuple(word.strip().casefold() for word in re.split(r"[;,/]", moods) if word.strip())
    return Tags(found.get("title") or path.stem, artist, found.get("genre", ""), words)


def _lower(metadata: Any) -> dict[str, str]:
    """Keys in small letters, and values on one line and without what is no text."""
    return {
        str(key).casefold(): " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())[:LONGEST]
        for key, value in dict(metadata).items()
    }
