"""What a sound file says about itself: title, artist, genre."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST = 300
"""Characters of a tag that are kept."""


@dataclass(frozen=True, slots=True)
class Tags:
    """A file's own words; "" for what it does not say. The title is never empty: the name of the file stands in."""

    title: str
    artist: str = ""
    genre: str = ""


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
    return Tags(found.get("title") or path.stem, artist, found.get("genre", ""))


def _lower(metadata: Any) -> dict[str, str]:
    """Keys in small letters, and values on one line and without what is no text."""
    return {
        str(key).casefold(): " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())[:LONGEST]
        for key, value in dict(metadata).items()
    }
