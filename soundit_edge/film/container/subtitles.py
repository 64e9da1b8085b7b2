"""Converts subtitles for another container, to plain text."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final

import av

TEXT: Final = frozenset({"subrip", "text", "webvtt", "ass", "mov_text"})
"""Codecs of subtitles whose text can be written in another container's codec, without its formatting."""
WITH_LOOKS: Final = frozenset({"ass"})
"""Codecs whose formatting has fonts, places and colours in addition to italics and bold type."""
AS_TEXT: Final = {"matroska": "subrip", "mp4": "mov_text", "mov": "mov_text"}
"""The codec of plain subtitles, by FFmpeg's name of the container."""
_TICK: Final = Fraction(1, 1000)


def clamped(packet: Any, length_s: float) -> bool:
    """Shorten a subtitle to the part that lies in the film, from 0 to `length_s`.

    Returns:
        Whether any part lies in the film.
    """
    if packet.pts is None:
        return False
    begin, length = packet.pts, round(length_s / packet.time_base)
    end = min(begin + packet.duration, length) if packet.duration else None
    if begin >= length or (end is not None and end <= 0):
        return False
    packet.pts = packet.dts = max(begin, 0)
    if end is not None:
        packet.duration = end - packet.pts
    return True


def text_packet(packet: Any, source: str, target: str) -> Any:
    """Return the text of a subtitle in another codec; None where it has no text.

    Args:
        packet: the subtitle, with a presentation time.
        source: its codec, one of `TEXT`.
        target: the codec to write, one of the values of `AS_TEXT`.
    """
    words = _words(bytes(packet), source)
    if not words:
        return None
    coded = words.encode()
    out: Any = av.Packet(len(coded).to_bytes(2, "big") + coded if target == "mov_text" else coded)
    out.time_base = _TICK
    out.pts = out.dts = round(packet.pts * packet.time_base / _TICK)
    out.duration = round((packet.duration or 0) * packet.time_base / _TICK)
    return out


def _words(content: bytes, name: str) -> str:
    if name == "mov_text":
        content = content[2 : 2 + int.from_bytes(content[:2], "big")]
    text = content.decode("utf-8", errors="replace")
    if name == "ass":  # read order, layer, style, name, three margins, effect; then the text
        text = text.split(",", 8)[-1].replace("\\N", "\n").replace("\\n", "\n")
        return re.sub(r"\{[^}]*\}", "", text).strip()
    return re.sub(r"</?[a-zA-Z][^>]*>", "", text).strip()
