"""Finds out, before any work is done, which streams of a film the file to write can hold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from av.stream import Discard

from soundit_edge.film import FilmError
from soundit_edge.film.container.muxer import KINDS, REFUSALS, holds, packets_of, tag_of
from soundit_edge.film.container.probe import opened
from soundit_edge.film.container.subtitles import TEXT, WITH_LOOKS
from soundit_edge.media.container import reason
from soundit_edge.media.streams import NO_DECODER, PassedOver, StreamChoice, choose_streams, codec_of

ROOMIEST: Final = ".mkv"
"""The kind of file that holds the most codecs of subtitles, and attachments."""
PACKETS_LOOKED_AT: Final = 25
"""How many packets show whether a file says when its pictures are due: a bare video stream (.h264) does not."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The streams of a film that are carried over in addition to its picture.

    Attributes:
        kind: suffix of the file to write.
        as_they_are: indices of the streams that are copied: subtitles and attachments.
        as_text: indices of the subtitles that are converted to plain text.
        lost: what is left out, in words.
    """

    kind: str
    copied: frozenset[int]
    as_text: frozenset[int]
    lost: tuple[str, ...]


def carried(path: Path, kind: str) -> Carried:
    """Return the streams of a film that a container can hold, found by trying.

    Args:
        path: the film.
        kind: suffix of the file to write, one of `KINDS`.

    Raises:
        FilmError: the film cannot be read, or the container cannot hold its picture; the message says what to do.
    """
    with opened(path, every_moment=True) as film:
        try:
            choice = choose_streams(film)
            first = list(itertools.islice(packets_of(film, choice.picture), PACKETS_LOOKED_AT))
            _refuse_without_times(path, choice.picture, first)
            _refuse_picture(path, choice.picture, next(iter(first), None), kind)
            return _carried(film, choice, kind)
        except REFUSALS as error:
            raise FilmError(f"{path}: cannot be read ({reason(error)})") from error


def _refuse_without_times(path: Path, picture: Any, packets: Sequence[Any]) -> None:
    if picture.codec_context.has_b_frames and all(packet.pts is None for packet in packets):
        raise FilmError(
            f"{path}: nothing in it says when its pictures are to be shown; put it into a .mkv first (mkvmerge)"
        )


def _refuse_picture(path: Path, picture: Any, packet: Any, kind: str) -> None:
    def fits(form: str) -> bool:
        return holds(form, picture, packet) or holds(form, picture, packet, tag_of(picture, form))

    if fits(KINDS[kind]):
        return
    what = f"{path}: a {kind} file cannot hold its {codec_of(picture)} picture"
    others = [other for other in KINDS if other != kind]
    fitting = [other for other in others if fits(KINDS[other])]
    if fitting:
        raise FilmError(f"{what}; write a {' or '.join(fitting)}")
    raise FilmError(f"{what}, nor can {' or '.join(others)}; convert the film first, for example to H.264")


def _carried(film: Any, choice: StreamChoice, kind: str) -> Carried:
    whole: set[int] = set()
    words: set[int] = set()
    lost = [_passed_over(passed) for passed in choice.passed_over]
    for stream in film.streams:
        if stream.type in ("video", "audio") or _is_written_anew(stream, choice.picture):
            continue
        if stream.type in ("subtitle", "attachment"):
            if holds(KINDS[kind], stream):
                whole.add(stream.index)
            elif codec_of(stream) in TEXT:
                words.add(stream.index)
                if codec_of(stream) in WITH_LOOKS:
                    lost.append(_described("the looks of subtitles", stream))
            else:
                lost.append(_described("subtitles" if stream.type == "subtitle" else "an attached file", stream))
        else:
            lost.append(_described("a data track", stream))
    return Carried(kind, frozenset(whole), frozenset(words), tuple(lost))


def _is_written_anew(stream: Any, picture: Any) -> bool:
    """Return whether a muxer writes this track itself: titles of chapters, or the picture's time code."""
    is_titles = stream.type == "data" and stream.discard == Discard.all  # FFmpeg has read it with the header
    code = stream.metadata.get("timecode")
    return is_titles or (code is not None and code == picture.metadata.get("timecode"))


def _passed_over(passed: PassedOver) -> str:
    if passed.why != NO_DECODER:
        return _described(passed.why, passed.stream)
    kind = "sound track" if passed.stream.type == "audio" else "picture"
    return _described(f"a {kind} that cannot be decoded", passed.stream)


def _described(what: str, stream: Any) -> str:
    """Return the words for a stream that is left out: its name or codec, language, and a kind of file that holds it."""
    names = [stream.metadata.get("handler_name") if stream.type == "data" else None, stream.metadata.get("filename")]
    details = [next(filter(None, names), None) or codec_of(stream)]
    if stream.language not in (None, "und"):
        details.append(stream.language)
    is_held = stream.type in ("subtitle", "attachment") and holds(KINDS[ROOMIEST], stream)
    return f"{what} ({', '.join(details)})" + (f", which a {ROOMIEST} file holds" if is_held else "")
