"""The words that the program itself has: of its texts, its names and its files, and of Python's errors."""

from __future__ import annotations

import builtins
import errno
import functools
import os
import re
from pathlib import Path
from typing import Final

import soundit_edge

MIN_LETTERS: Final = 2
_TEXT: Final = re.compile(r'"([^"\n]*)"')
_NAME: Final = re.compile(r"^\s*(?:async def|def|class) (\w+)", re.MULTILINE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_LOGS_WORDS: Final = "soundit debug info warning error critical traceback most recent call last file line in"
_UNITS: Final = "s ms us khz hz db mb kb gb c i a"
"""The few words of one letter, and those that stand behind numbers."""


@functools.cache
def vocabulary() -> frozenset[str]:
    """Return all words in lower case; a name such as `late_blocks` is two words."""
    folder = Path(soundit_edge.__file__).parent
    found = {*_LOGS_WORDS.split(), *_UNITS.split()}
    for path in folder.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for text in (*_TEXT.findall(source), *_NAME.findall(source), *path.relative_to(folder).with_suffix("").parts):
            found |= words_of(text)
    for text in (*dir(builtins), *map(os.strerror, errno.errorcode)):
        found |= words_of(text)
    return frozenset(found)


def words_of(text: str) -> set[str]:
    """Return the words of a text in lower case; a name in camel case is one word and its parts."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    words = (word.casefold() for word in (*_WORD.findall(text), *_WORD.findall(parted)))
    return {word for word in words if len(word) >= MIN_LETTERS}
