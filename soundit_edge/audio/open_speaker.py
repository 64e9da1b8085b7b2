"""Every speaker that there is, by what the user calls it: a word, a scheme with what is behind it, or a device."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from soundit_edge.audio.reconnecting import open_reconnecting
from soundit_edge.audio.snapcast import check_snapcast, open_snapcast
from soundit_edge.audio.speaker import NullSpeaker, Speaker, SpeakerError
from soundit_edge.audio.wav import WavFile
from soundit_edge.text import did_you_mean

FILE: Final = "file:"
NEW_FILE: Final = "new-file:"
"""As "file:", but an existing file is kept: the next free name is used."""
SNAPCAST: Final = "snapcast:"
AWAITED: Final = "awaited"
"""As "default", but where the machine has no speaker yet, it is waited for in silence. The device itself chooses it."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of speaker that is chosen by what stands before a colon.

    Attributes:
        open: opens what stands behind the colon, which is not empty.
        argument: what that is, such as "OUT.wav".
        check: raises SpeakerError where what would be opened is not there; for what opens without it, and waits for it.
        writes_file: whether the music goes to a file, which is finished when the music ends.
        offered: whether it is offered to users; the device itself chooses the others.
    """

    open: Callable[[str], Speaker]
    argument: str
    check: Callable[[str], None] = lambda _: None
    writes_file: bool = False
    offered: bool = True


def _open_file(path: str) -> WavFile:
    return WavFile(Path(os.path.expanduser(path)))


def _open_new_file(path: str) -> WavFile:
    return WavFile(Path(os.path.expanduser(path)), replace=False)


SCHEMES: Final[Mapping[str, Scheme]] = MappingProxyType(
    {
        FILE: Scheme(_open_file, "OUT.wav", writes_file=True),
        NEW_FILE: Scheme(_open_new_file, "OUT.wav", writes_file=True, offered=False),
        SNAPCAST: Scheme(open_snapcast, "HOST", check=check_snapcast),
    }
)
"""Kinds of speakers by their scheme with its colon. A new one is a class that keeps `Speaker`, and one row here."""
WORDS: Final[Mapping[str, Callable[[], Speaker]]] = MappingProxyType(
    {"default": lambda: open_reconnecting(None, time.monotonic), "off": NullSpeaker}
)
"""Speakers that a word is enough for."""


def open_speaker(spec: str) -> Speaker:
    """Open the speaker that `spec` names: one of `WORDS`, one of `SCHEMES`, or a device by its name.

    Raises:
        NoSpeaker: "default", and the machine has no speaker.
        SounditError: there is no such device, or the file cannot be written.
    """
    if spec == AWAITED:
        return open_reconnecting(None, time.monotonic, await_as="the system's speaker")
    if spec in WORDS:
        return WORDS[spec]()
    if scheme := _scheme_of(spec):
        argument = spec.partition(":")[2]
        if not argument:
            raise SpeakerError(f"the speaker {spec!r} lacks the name of what it opens, as in {spec}{scheme.argument}")
        return scheme.open(argument)
    if not spec:
        raise SpeakerError(f"the speaker has no name; give {', '.join(forms()[:-1])} or {forms()[-1]}")
    try:
        return open_reconnecting(spec, time.monotonic)
    except SpeakerError as error:
        if hint := _hint(spec):
            raise SpeakerError(f"{error}{hint}") from error
        raise


def check_scheme(spec: str) -> bool:
    """Return whether `spec` has a scheme, and make sure that what it names is there; may take many seconds.

    Raises:
        SpeakerError: it is not.
    """
    scheme = _scheme_of(spec)
    if scheme is not None:
        scheme.check(spec.partition(":")[2])
    return scheme is not None


def forms() -> tuple[str, ...]:
    """Return how speakers can be named, in words: a device's name, then words, then schemes."""
    offered = (f"{name}{scheme.argument}" for name, scheme in SCHEMES.items() if scheme.offered)
    return ("a device's name", *offered, *WORDS)


def writes_file(spec: str) -> bool:
    """Return whether the speaker that `spec` names is a file."""
    scheme = _scheme_of(spec)
    return scheme is not None and scheme.writes_file


def _scheme_of(spec: str) -> Scheme | None:
    name, colon, _ = spec.partition(":")
    return SCHEMES.get(name + colon)


def _hint(spec: str) -> str:
    """Return which scheme may be meant by a name that no device has; names of devices may have colons, too."""
    name, colon, _ = spec.partition(":")
    return did_you_mean(name + colon, [known for known, scheme in SCHEMES.items() if scheme.offered]) if colon else ""
