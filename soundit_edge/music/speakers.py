"""Every speaker that there is, by what the user calls it."""

from __future__ import annotations

import time
from pathlib import Path

from soundit_edge.music.lasting import open_lasting
from soundit_edge.music.speaker import Silent, Speaker, SpeakerError
from soundit_edge.music.wav import WavFile


def open_speaker(spec: str) -> Speaker:
    """The speaker that `spec` names: a device's name, "default", "file:OUT.wav" or "off".

    Raises:
        NoSpeaker: "default", and the machine has no speaker.
        SounditError: there is no such device, or the file cannot be written.
    """
    if spec == "off":
        return Silent()
    if spec.startswith("file:"):
        path = spec.removeprefix("file:")
        if not path:
            raise SpeakerError("the speaker 'file:' lacks the name of the file, as in file:out.wav")
        return WavFile(Path(path).expanduser())
    if not spec:
        raise SpeakerError("the speaker has no name; give a device's name, default, file:OUT.wav or off")
    return open_lasting(None if spec == "default" else spec, time.monotonic)
