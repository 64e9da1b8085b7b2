"""Muxes the film to write: the picture's packets unchanged, subtitles, chapters and tags, and the new sound."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from av.stream import Disposition

from soundit_edge.audio.format import RATE
from soundit_edge.film.container.carried import Carried
from soundit_edge.film.container.chapters import contiguous, moved
from soundit_edge.film.container.codec_tag import tag_for
from soundit_edge.film.container.encode import BIT_RATE, CODEC, CodedSound
from soundit_edge.film.container.lost import lost_in, missing_tags, tags_of
from soundit_edge.film.container.muxer import KINDS, REFUSALS, add_copied, created
from soundit_edge.film.container.probe import Film, opened
from soundit_edge.film.container.quicktime_tags import add_tags
from soundit_edge.film.container.subtitles import AS_TEXT, clamped, text_packet
from soundit_edge.film.container.workdir import unwritten
from soundit_edge.media.packets import start_of, steady_packets, timeline_of
from soundit_edge.media.streams import choose_streams, codec_of


def write_film(
    film: Film, carried: Carried, place: Path, sound: CodedSound, seconds: float, on_progress: Callable[[float], None]
) -> list[str]:
    """Write the film into the file `place`. The film's clock begins with 0.

    Args:
        film: the film.
        carried: the streams to carry over.
        place: the file to write, of the kind in `carried`.
        sound: the new sound.
        seconds: the length of the film.
        on_progress: called after each packet with the seconds of the film that are written.

    Returns:
        What the written file lacks in addition to `carried.lost`, in words.

    Raises:
        FilmError: the film cannot be read, or the file cannot be written.
    """
    form = KINDS[carried.kind]
    try:
        with opened(film.path, every_moment=True) as source:
            tags = tags_of(source)
            with created(place, form) as out:
                writing = _Writing(source, out, form, carried, tag_for(film.path, form), seconds)
                writing.run(sound, on_progress)
                outside = writing.left_outside()
        if form != "matroska" and (missing := missing_tags(tags, place)):
            add_tags(place, missing)
        return outside + lost_in(film.path, place, writing.subtitles, writing.chapters)
    except REFUSALS as error:
        raise unwritten(place, "the film", error) from error


class _Writing:
    """Copies one film from its container to another.

    Attributes:
        chapters: the chapters that are written.
        subtitles: indices of the source's subtitle streams, in the order of the new ones.
    """

    def __init__(self, source: Any, out: Any, form: str, carried: Carried, tag: str | None, seconds: float) -> None:
        self._source, self._out, self._form, self._seconds = source, out, form, seconds
        self._choice = choose_streams(source)
        self._as_text = carried.as_text
        self._outside = 0  # the number of subtitles outside the film
        self._last: dict[int, int] = {}  # when each stream's newest subtitle is decoded
        picture = self._choice.picture
        self._new = {picture.index: add_copied(out, picture, tag)}
        self._sound = self._add_sound()
        for stream in source.streams:
            if stream.index in carried.copied:
                self._new[stream.index] = add_copied(out, stream)
            elif stream.index in carried.as_text:
                self._new[stream.index] = self._add_text(stream)
        self.subtitles = [index for index in self._new if source.streams[index].type == "subtitle"]
        out.metadata.update(tags_of(source))
        self.chapters = moved(source.chapters(), start_of(source), seconds)
        if self.chapters:
            out.set_chapters(self.chapters if form == "matroska" else contiguous(self.chapters))

    def run(self, sound: CodedSound, on_progress: Callable[[float], None]) -> None:
        """Write all packets, in order of time."""
        packets = sound.read(self._sound)
        waiting = next(packets, None)
        following = [self._source.streams[index] for index in self.subtitles]
        for packet in steady_packets(self._source, timeline_of(self._source), self._choice.used, following):
            if not packet.size or packet.stream.index not in self._new:
                continue
            now = packet.dts if packet.dts is not None else packet.pts
            t = 0.0 if now is None else float(now * packet.time_base)
            while waiting is not None and float(waiting.dts * waiting.time_base) <= t:
                self._out.mux(waiting)
                waiting = next(packets, None)
            if (ready := self._ready(packet)) is not None:
                self._out.mux(ready)
            on_progress(t)
        while waiting is not None:
            self._out.mux(waiting)
            waiting = next(packets, None)

    def left_outside(self) -> list[str]:
        """Return in words what lay before the beginning or after the end of the film."""
        counts = {"chapter": len(self._source.chapters()) - len(self.chapters), "subtitle": self._outside}
        return [f"{count} {what}{'s' * (count > 1)} outside the film" for what, count in counts.items() if count]

    def _add_sound(self) -> Any:
        new = self._out.add_stream(CODEC, rate=RATE, layout="stereo", bit_rate=BIT_RATE)
        new.time_base = Fraction(1, RATE)
        new.disposition = Disposition.default
        old = self._choice.sound
        if old is not None:
            new.metadata.update({key: value for key, value in old.metadata.items() if key == "language"})
        return new

    def _add_text(self, stream: Any) -> Any:
        new = self._out.add_mux_stream(AS_TEXT[self._form], time_base=Fraction(1, 1000))
        new.metadata.update(stream.metadata)
        new.disposition = stream.disposition
        return new

    def _ready(self, packet: Any) -> Any:
        """Return a packet in its written form, or None where it is left out."""
        stream = packet.stream
        if stream.type == "subtitle":
            if not clamped(packet, self._seconds):
                self._outside += 1
                return None
            if stream.index in self._as_text:
                packet = text_packet(packet, codec_of(stream), AS_TEXT[self._form])
                if packet is None:
                    return None
            packet.pts = packet.dts = max(packet.pts, self._last.get(stream.index, -1) + 1)
            self._last[stream.index] = packet.dts
        elif packet.dts is not None:  # some muxers decode two at once, bare streams have no times
            packet.pts = packet.dts if packet.pts is None else max(packet.pts, packet.dts)
        packet.stream = self._new[stream.index]
        return packet
