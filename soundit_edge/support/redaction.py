"""Takes out of a text whatever is not the program's own: names, paths, addresses, secrets.

It keeps what it knows, and nothing else: the words of the program's vocabulary and short numbers. What a secret, a
file or a person may be called need not be known, then. A name that is made of the program's own words alone ("Let it
be") would stay: those that can be known (`private`) are taken out before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from soundit_edge.support.vocabulary import vocabulary

OUT: Final = "…"
"""Stands where something was taken out, however long it was."""
MIN_PRIVATE: Final = 3
"""Letters of a private text; shorter ones would take words apart."""
EDGES: Final = "\"'`()[]{}<>,;:.!?=*#%|→-–"
_CHUNK: Final = re.compile(r"\S+")
_INNER: Final = re.compile(r"[-_.:=,;'\"(){}\[\]]+")
_NUMBER: Final = re.compile(r"[-+]?\d{1,6}(?:\.\d{1,9})?")
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:[+-]\d\d:?\d\d|Z)?)?|\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?"
)
_COUNTED: Final = re.compile(r"([^\W\d_]+)\d{0,2}|\d{1,6}([^\W\d_]{1,3})")
_ADDRESS: Final = re.compile(r"::|(?:[^:]*:){3}|\d+\.\d+\.\d+\.\d+|(?:[0-9a-fA-F]{2}-){5}")
"""An address of the internet in either form, or of a network card."""
_TRACE: Final = re.compile(
    r'^(\s+File) "(?:.*/)?((?:soundit_edge|site-packages|python3\.\d+)/[\w./-]+)"(, line \d+, in )(\S+)$'
)
_SEVERAL: Final = re.compile(rf"{OUT}(?:[\s{re.escape(EDGES)}]*{OUT})+")


class Redactor:
    """The one mechanism by which everything goes that is to leave the device in a report."""

    def __init__(self, private: Iterable[str] = (), words: frozenset[str] | None = None) -> None:
        """Know what is to stay.

        Args:
            private: texts that are taken out though they may be made of known words, such as titles.
            words: those that stay, in lower case; None: the program's own.
        """
        self._words = vocabulary() if words is None else words
        texts = sorted({text.strip() for text in private if len(text.strip()) >= MIN_PRIVATE}, key=len, reverse=True)
        self._private = re.compile("|".join(map(re.escape, texts)), re.IGNORECASE) if texts else None

    def text(self, text: str) -> str:
        """Return a text, of any number of lines, with all that is not known taken out."""
        return "\n".join(map(self._line, text.splitlines()))

    def value(self, value: Any) -> Any:
        """Return JSON's value with all texts in it redacted, the keys of objects too; numbers stay as they are."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(str(key)): self.value(one) for key, one in value.items()}
            case list() | tuple():
                return [self.value(one) for one in value]
            case None | bool() | int() | float():
                return value
        return OUT

    def _line(self, line: str) -> str:
        if self._private is not None:
            line = self._private.sub(OUT, line)
        if (place := _TRACE.match(line)) is not None:
            function = place[4] if self._is_known(place[4]) else OUT
            return f'{place[1]} "{place[2]}"{place[3]}{function}'
        return _SEVERAL.sub(OUT, _CHUNK.sub(lambda found: self._chunk(found[0]), line))

    def _chunk(self, chunk: str) -> str:
        core = chunk.strip(EDGES)
        if _ADDRESS.search(chunk):
            return chunk.replace(core, OUT) if core else OUT
        if not core or self._is_known(core):
            return chunk
        return chunk.replace(core, OUT)

    def _is_known(self, core: str) -> bool:
        """Return whether a word, a name in code or a number is the program's own."""
        if core == OUT or core.casefold() in self._words or _NUMBER.fullmatch(core) or _TIME.fullmatch(core):
            return True
        return all(self._is_known_part(part) for part in _INNER.split(core) if part)

    def _is_known_part(self, part: str) -> bool:
        if part == OUT or _NUMBER.fullmatch(part):
            return True
        counted = _COUNTED.fullmatch(part)
        return counted is not None and (counted[1] or counted[2]).casefold() in self._words
