"""The film to write: the picture's packets as they are, subtitles, chapters and tags, and the new sound."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av

from soundit_edge.film import FilmError
from soundit_edge.film.encode import BIT_RATE, CODEC, CodedSound
from soundit_edge.film.probe import KINDS, Film, opened, picture_of, start_of
from soundit_edge.film.workplace import unwritten
from soundit_edge.music.format import RATE

NOT_TAGS: Final = frozenset({"major_brand", "minor_version", "compatible_brands", "encoder"})
"""What a container writes of itself among the tags."""
TEXT: Final = frozenset({"subrip", "text", "webvtt", "ass", "mov_text"})
"""Subtitles of which the words can be written in another container's way, without their looks."""
_AS_TEXT: Final = {"matroska": "subrip", "mp4": "mov_text", "mov": "mov_text"}


def write_film(film: Film, place: Path, kind: str, sound: CodedSound, told: Callable[[float], None]) -> list[str]:
    """Write the film into the file `place`. The film's clock begins with 0.

    Args:
        film: the film.
        place: the file to write, of the kind that the suffix `kind` names.
        sound: what is heard.
        told: called with each second of the film that is written.

    Returns:
        What could not be taken over, in words.

    Raises:
        FilmError: the container cannot hold the picture, or the file not be written.
    """
    form = KINDS[kind]
    try:
        with opened(film.path, every_moment=True) as source, av.open(str(place.absolute()), "w", format=form) as out:
            return _Writing(film, source, out, form, kind).run(sound, told)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise unwritten(place, "the film", error) from error


class _Writing:
    """One film on its way from one container to another."""

    def __init__(self, film: Film, source: Any, out: Any, form: str, kind: str) -> None:
        self._source, self._out, self._form = source, out, form
        self._start = start_of(source)
        self._lost: list[str] = []
        self._last: dict[int, int] = {}  # when each stream's packet was decoded last
        picture = picture_of(source)
        try:
            new = out.add_stream_from_template(picture, opaque=True)
        except ValueError:
            raise FilmError(
                f"{film.path}: a {kind} file cannot hold its {picture.codec_context.codec.canonical_name} picture; "
                "write a .mkv"
            ) from None
        new.metadata.update(picture.metadata)
        self._ways: dict[int, Callable[[Any], Any]] = {picture.index: _as_it_is(new)}
        self._sound = out.add_stream(CODEC, rate=RATE, layout="stereo", bit_rate=BIT_RATE)
        self._sound.time_base = Fraction(1, RATE)
        heard = list(source.streams.audio)
        if heard:
            self._sound.metadata.update({k: v for k, v in heard[0].metadata.items() if k == "language"})
        if len(heard) > 1:
            self._lost.append(f"{len(heard) - 1} further sound tracks")
        for stream in source.streams:
            if stream.type == "subtitle":
                self._add_subtitle(stream)
            elif stream.type == "attachment" and form == "matroska":
                out.add_stream_from_template(stream)
            elif stream.type == "video" and stream.index != picture.index:
                self._lost.append("a cover picture" if _is_cover(stream) else "a further picture")
        out.metadata.update({k: v for k, v in source.metadata.items() if k.lower() not in NOT_TAGS})
        if chapters := source.chapters():
            out.set_chapters(chapters)

    def run(self, sound: CodedSound, told: Callable[[float], None]) -> list[str]:
        """Write all packets, in order of time."""
        heard = sound.read(self._sound)
        waiting = next(heard, None)
        wanted = [stream for stream in self._source.streams if stream.index in self._ways]
        for packet in self._source.demux(*wanted):
            if not packet.size:
                continue
            now = packet.dts if packet.dts is not None else packet.pts
            t = 0.0 if now is None else float(now * packet.time_base) - self._start
            while waiting is not None and float(waiting.dts * waiting.time_base) <= t:
                self._out.mux(waiting)
                waiting = next(heard, None)
            self._shift(packet)
            if (written := self._ways[packet.stream.index](packet)) is not None:
                self._out.mux(written)
            told(t)
        while waiting is not None:
            self._out.mux(waiting)
            waiting = next(heard, None)
        return self._lost

    def _shift(self, packet: Any) -> None:
        """Have the film begin with 0. Two packets that a careless multiplexer decodes at once go after each other."""
        offset = round(self._start / packet.time_base)
        if packet.pts is not None:
            packet.pts -= offset
        if packet.dts is not None:
            index = packet.stream.index
            packet.dts = max(packet.dts - offset, self._last.get(index, -math.inf) + 1)
            self._last[index] = packet.dts
            if packet.pts is not None:
                packet.pts = max(packet.pts, packet.dts)

    def _add_subtitle(self, stream: Any) -> None:
        name = stream.codec_context.codec.canonical_name
        target = _AS_TEXT[self._form]
        with contextlib.suppress(ValueError):
            if name == target or self._form == "matroska":
                new = self._out.add_stream_from_template(stream, opaque=True)
                new.metadata.update(stream.metadata)
                self._ways[stream.index] = _as_it_is(new)
                return
        if name not in TEXT:
            self._lost.append(f"{name} subtitles")
            return
        new = self._out.add_mux_stream(target, time_base=Fraction(1, 1000))
        new.metadata.update(stream.metadata)
        self._ways[stream.index] = _as_text(new, name, target)


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _as_it_is(stream: Any) -> Callable[[Any], Any]:
    def way(packet: Any) -> Any:
        packet.stream = stream
        return packet

    return way


def _as_text(stream: Any, name: str, target: str) -> Callable[[Any], Any]:
    """The words of a subtitle in another container's way."""

    def way(packet: Any) -> Any:
        words = _words(bytes(packet), name)
        if not words or packet.pts is None:
            return None
        coded = words.encode()
        out = av.Packet(len(coded).to_bytes(2, "big") + coded if target == "mov_text" else coded)
        out.time_base = Fraction(1, 1000)
        out.pts = out.dts = round(packet.pts * packet.time_base * 1000)
        out.duration = round((packet.duration or 0) * packet.time_base * 1000)
        out.stream = stream
        return out

    return way


def _words(content: bytes, name: str) -> str:
    if name == "mov_text":
        content = content[2 : 2 + int.from_bytes(content[:2], "big")]
    text = content.decode("utf-8", errors="replace")
    if name == "ass":  # read order, layer, style, name, three margins, effect; then the words
        text = text.split(",", 8)[-1].replace("\\N", "\n").replace("\\n", "\n")
        return re.sub(r"\{[^}]*\}", "", text).strip()
    return re.sub(r"</?[a-zA-Z][^>]*>", "", text).strip()
