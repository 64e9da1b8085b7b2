"""Text for people: names that can be shown anywhere, reasons of system errors, and suggestions for mistyped words."""

from __future__ import annotations

import difflib
import errno
import os
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

REASONS: Final = MappingProxyType(
    {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EFBIG: "the file would be larger than is allowed here",
        errno.EMFILE: "too many files are open; raise the limit with ulimit -n",
        errno.ENFILE: "too many files are open on this computer",
    }
)
"""Reasons by error number, where the system's own words ("No space left on device") are unclear."""


def presentable(name: str | PurePath) -> str:
    """Return a name as one line of valid Unicode: the name of a file may hold any bytes but 0 and the slash.

    Bytes that are no UTF-8 (Python holds them as lone surrogates) become U+FFFD, and characters that are not printable
    (a line break, a terminal's escape) become spaces.
    """
    # Where the system's encoding is ASCII, valid UTF-8 comes as surrogates, too.
    escaped = "".join("\ufffd" if _is_surrogate(c) and not _is_byte(c) else c for c in str(name))
    text = escaped.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else " " for c in text)


def folded(text: str) -> str:
    """Return text as it is compared where neither case nor accents matter: "Beyoncé" is "beyonce"."""
    if text.isascii():
        return text.lower()
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parted if not unicodedata.combining(c))


def reason(error: OSError) -> str:
    """Return why the system refused something, in words for people and without the file's name."""
    return REASONS.get(error.errno or 0) or error.strerror or str(error) or type(error).__name__


def refusal(error: OSError) -> str:
    """Return what the system refused and why, in words for people: with the file's name where there is one."""
    name = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else ""
    return f"{name}: {reason(error)}" if name else reason(error)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'happy'?" for the known word nearest to a mistyped one, or "" where none is near."""
    near = difflib.get_close_matches(word.casefold(), [str(name) for name in known], n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def known_names(word: str, known: Sequence[str]) -> str:
    """Return what may stand in place of an unknown word: "; did you mean 'happy'?", or all that is known."""
    return did_you_mean(word, known) or f"; known are {', '.join(known) or 'none'}"


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def _is_byte(character: str) -> bool:
    """Return whether a character stands for a byte that could not be decoded (PEP 383)."""
    return "\udc80" <= character <= "\udcff"
