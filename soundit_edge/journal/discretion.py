"""Keeps what is personal out of the journal, which other users of a computer and who mends it may read.

Names of files tell what somebody listens to, and reasons of the music when which mood was felt. So paths are left out
unless they are the program's or the system's own, and a record that is marked as personal is not written at all.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from soundit_edge import paths

PERSONAL: Final[Mapping[str, bool]] = MappingProxyType({"personal": True})
"""For `extra` of a logging call: what it says is about people, or a title that they hear."""
NO_NAME: Final = "[a file]"
_SYSTEM: Final = ("/usr", "/lib", "/etc", "/dev", "/sys", "/proc", "/run", "/boot", "/opt")
_PATH: Final = re.compile(r"(?<![\w.:/-])/+[^\s/:]|(?<=file://)/")
"""Where an absolute path begins; not within another, an address or a date."""


def is_personal(record: logging.LogRecord) -> bool:
    """Return whether a record is marked by `PERSONAL`."""
    return bool(getattr(record, "personal", False))


def without_names(text: str, own: Iterable[str] | None = None) -> str:
    """Return a text without the names of files that are not the program's own, line by line.

    Where a name ends cannot be known, for it may hold spaces, colons and brackets. So what follows goes with it, up to
    the last ": " of the line: that is where our messages and Python's go on with the reason.

    Args:
        text: of a record, with or without a traceback.
        own: folders whose files may be named; None: the program's own and the system's.
    """
    folders = tuple(own_folders() if own is None else own)
    return "\n".join(_line_without_names(line, folders) for line in text.split("\n"))


def own_folders() -> list[str]:
    """Return the folders that hold no names of the user's: those of the program, its state and the system."""
    places: tuple[Callable[[], Path], ...] = (
        paths.settings_file,
        paths.library_file,
        paths.state_folder,
        paths.cache_folder,
        paths.local_models_folder,
        paths.edgetpu_folder,
        paths.models_folder,
    )
    own = [str(place) for place in map(paths.if_any, places) if place is not None]
    return [*own, str(Path(__file__).resolve().parents[2]), *_SYSTEM]


def _line_without_names(line: str, own: tuple[str, ...]) -> str:
    for found in _PATH.finditer(line):
        begin = found.start()
        if _is_own(line[begin:], own):
            continue
        end = line.rfind(": ", begin)
        rest = line[end:] if end >= 0 else ""
        return f"{line[:begin]}{NO_NAME}{rest}"
    return line


def _is_own(path: str, own: tuple[str, ...]) -> bool:
    plain = os.path.normpath(path)
    return any(plain == one or plain.startswith((f"{one}/", f"{one}:", f"{one} ", f'{one}"', f"{one}'")) for one in own)
