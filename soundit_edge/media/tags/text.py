"""The text of tags, whatever its bytes are said to be.

A tag's encoding is often stated wrongly, and ID3v1 and RIFF INFO state none at all. Text that is valid UTF-8 is hardly
ever anything else; what is not is taken for Windows-1252, which most programs wrote where they said "Latin-1".
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Final

_WINDOWS: Final = "".join(
    character if (character := bytes([byte]).decode("cp1252", "ignore")) else chr(byte) for byte in range(256)
)
"""What each byte means in Windows-1252. The five that it leaves undefined are the control characters of Latin-1, as in
browsers (WHATWG Encoding, windows-1252)."""


def text_of(content: bytes) -> str:
    """Return the text that the bytes of a tag mean: UTF-8 if they are that, else Windows-1252. Never fails."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return codecs.charmap_decode(content, "strict", _WINDOWS)[0]


def text_of_ffmpeg(text: str) -> str:
    """Return what a tag means that PyAV has decoded from UTF-8 with `surrogateescape`."""
    return text_of(text.encode("utf-8", "surrogateescape"))


def each_once(values: Iterable[str]) -> list[str]:
    """Return values in their order, each once, whatever its capitals."""
    first: dict[str, str] = {}
    for value in values:
        first.setdefault(value.casefold(), value)
    return list(first.values())
