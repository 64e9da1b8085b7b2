"""Compares a film with the file that was written, to find what the file lacks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import av
from av.stream import Disposition

from soundit_edge.film.container.chapters import Chapter
from soundit_edge.film.container.muxer import header_in_mp4
from soundit_edge.film.container.probe import opened
from soundit_edge.media.streams import choose_streams

CONTAINERS_OWN: Final = frozenset({"major_brand", "minor_version", "compatible_brands", "encoder", "duration"})
"""Tags that a container writes itself."""
STREAMS_OWN: Final = frozenset(
    {"handler_name", "vendor_id", "encoder", "creation_time", "language", "source_id", "file_package_umid"}
)
"""Tags of streams that a container writes itself. The language is compared separately."""
DOLBY_VISION: Final = (b"dvcC", b"dvvC", b"dvwC")
"""Boxes of the picture's description that tell a player to look for Dolby Vision among its packets."""
STATISTICS: Final = ("bps", "duration", "number_of_", "_statistics_")
"""Prefixes of the tags for mkvmerge's statistics of each stream, with or without a language at the end."""


def tags_of(container: Any) -> dict[str, str]:
    """Return the tags of a film except those that its container wrote itself."""
    tags = container.metadata
    return {
        key: value
        for key, value in tags.items()
        # "title-eng" is FFmpeg's second name of a title that has a language.
        if key.lower() not in CONTAINERS_OWN and tags.get(key[:-4]) != value
    }


def missing_tags(asked: Mapping[str, str], place: Path) -> dict[str, str]:
    """Return the tags out of `asked` that a file lacks, whatever their case: Matroska has capitals only."""
    with opened(place) as written:
        held = {_plain(key) for key in written.metadata}
    return {key: value for key, value in asked.items() if _plain(key) not in held}


def lost_in(path: Path, place: Path, subtitles: Sequence[int], chapters: Sequence[Chapter]) -> list[str]:
    """Return, in words, what a film lost when it was written.

    Args:
        path: the film.
        place: the file that was written.
        subtitles: indices of the film's subtitle streams that were written, in order.
        chapters: the chapters that were written.
    """
    with opened(path) as film, opened(place) as written:
        lost = [f"the tag {key}" for key in missing_tags(tags_of(film), place)]
        choice, picture = choose_streams(film), written.streams.video[0]
        lost += _of_stream("the picture", choice.picture, picture)
        if choice.sound is not None:
            lost += _of_language("the sound", choice.sound, written.streams.audio[0])
        for index, stream in zip(subtitles, written.streams.subtitles, strict=False):
            lost += _of_stream("a subtitle", film.streams[index], stream)
        lost += _of_chapters(chapters, written.chapters())
        lost += _of_pictures(film, choice.picture, written, picture)
    return lost


def _plain(key: str) -> str:
    return key.lower().replace(" ", "_")


def _of_stream(what: str, source: Any, held: Any) -> Iterator[str]:
    yield from _of_language(what, source, held)
    tags = {_plain(key) for key in held.metadata} | {"title" if "name" in held.metadata else ""}
    for key in map(_plain, source.metadata):
        if key not in tags | STREAMS_OWN and not key.startswith(STATISTICS):
            yield f"the tag {key} of {what}"
    gone = source.disposition & ~held.disposition & ~(Disposition.default)
    yield from (f"that {what} is marked as {mark.name}" for mark in Disposition if mark & gone)


def _of_language(what: str, source: Any, held: Any) -> Iterator[str]:
    if source.language not in (None, "und", held.language):
        yield f"the language of {what} ({source.language})"


def _of_chapters(asked: Sequence[Chapter], held: Sequence[Chapter]) -> Iterator[str]:
    titles = [chapter["metadata"].get("title", "") for chapter in held]
    for chapter in asked:
        title = chapter["metadata"].get("title", "")
        if title not in titles:
            yield f"the chapter {title!r}"


def _of_pictures(film: Any, picture: Any, written: Any, held: Any) -> Iterator[str]:
    if (picture.sample_aspect_ratio or 1) != (held.sample_aspect_ratio or 1):
        yield f"the shape of the picture's points ({picture.sample_aspect_ratio})"
    kinds = _side_data(film, picture) - _side_data(written, held)
    yield from (f"the picture's {kind.lower().replace('_', ' ')}" for kind in sorted(kinds))
    if _is_dolby_vision(film, picture) and not _is_dolby_vision(written, held):
        yield "the picture's Dolby Vision"


def _side_data(container: Any, picture: Any) -> set[str]:
    """Return the kinds of side data of the first frame: rotation, light levels, the projection of 360° video."""
    with contextlib.suppress(av.error.FFmpegError, StopIteration):
        frame = next(container.decode(picture))
        return {side.type.name for side in frame.side_data}
    return set()


def _is_dolby_vision(container: Any, picture: Any) -> bool:
    header = header_in_mp4(container, picture)
    return any(box in header for box in DOLBY_VISION)
