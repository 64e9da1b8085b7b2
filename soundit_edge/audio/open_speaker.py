"""Every speaker that there is, by what the user calls it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from soundit_edge.audio.reconnecting import open_reconnecting
from soundit_edge.audio.speaker import NullSpeaker, Speaker, SpeakerError
from soundit_edge.audio.wav import WavFile

FILE: Final = "file:"
NEW_FILE: Final = "new-file:"
"""As "file:", but a file that is there is kept: the next name that is free is taken."""


def open_speaker(spec: str) -> Speaker:
    """Open the speaker that `spec` names: a device's name, "default", "file:OUT.wav", "new-file:OUT.wav" or "off".

    Raises:
        NoSpeaker: "default", and the machine has no speaker.
        SounditError: there is no such device, or the file cannot be written.
    """
    if spec == "off":
        return NullSpeaker()
    if writes_file(spec):
        scheme, _, path = spec.partition(":")
        if not path:
            raise SpeakerError(f"the speaker {spec!r} lacks the name of the file, as in {spec}out.wav")
        return WavFile(Path(os.path.expanduser(path)), replace=f"{scheme}:" == FILE)
    if not spec:
        raise SpeakerError("the speaker has no name; give a device's name, default, file:OUT.wav or off")
    return open_reconnecting(None if spec == "default" else spec, time.monotonic)


def writes_file(spec: str) -> bool:
    """Return whether the speaker that `spec` names is a file."""
    return spec.startswith((FILE, NEW_FILE))
