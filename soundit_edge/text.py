"""Words for people: names that can be shown anywhere, and the word that somebody may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import PurePath


def presentable(name: str | PurePath) -> str:
    """Return a name as one line of valid Unicode: the name of a file may hold any bytes but 0 and the slash.

    Bytes that are no UTF-8 (Python holds them as lone surrogates) become U+FFFD, and what is no printable character
    (a line break, a terminal's escape) becomes a space.
    """
    return "".join("\ufffd" if _is_surrogate(c) else c if c.isprintable() else " " for c in str(name))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'happy'?" for the known word nearest to a mistyped one, or "" where none is near."""
    near = difflib.get_close_matches(word.casefold(), list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"
