"""The chapters of a film, on the film's clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Chapter = dict[str, Any]
"""A chapter in PyAV's form: id, start and end in ticks of time_base, and metadata with a title."""


def moved(chapters: Sequence[Chapter], start_s: float, length_s: float) -> list[Chapter]:
    """Return the chapters of a container on the clock of a film, which begins at 0 and ends at `length_s`.

    Args:
        chapters: in any order.
        start_s: the container's first moment in seconds.
        length_s: the film's length. Chapters are cut there; a chapter that lies wholly outside is left out.
    """
    inside = []
    for chapter in chapters:
        shift, length = (round(seconds / chapter["time_base"]) for seconds in (start_s, length_s))
        begin, end = chapter["start"] - shift, chapter["end"] - shift
        if begin < length and end >= 0:
            inside.append({**chapter, "start": max(begin, 0), "end": min(max(begin, end), length)})
    return sorted(inside, key=lambda chapter: float(chapter["start"] * chapter["time_base"]))


def contiguous(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Return chapters for a container whose chapters begin at 0 (QuickTime).

    The part before the first chapter becomes a chapter without a title.
    """
    named = [{**chapter, "metadata": {"title": "", **chapter["metadata"]}} for chapter in chapters]
    if not named or not named[0]["start"]:
        return named
    return [{**named[0], "start": 0, "end": named[0]["start"], "metadata": {"title": ""}}, *named]
