"""Microphones, speakers, and what plays composed music."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from soundit_edge.audio import portaudio
from soundit_edge.audio.open_speaker import SNAPCAST, check_scheme
from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.music.synth.fluidsynth import find_font, is_installed
from soundit_edge.settings import SettingsError

LIMIT_S: Final = 5.0
"""A server of rooms that is switched off takes that long to be given up."""
BY_WORD: Final = ("auto", "off")


def look_for_microphone(here: Surroundings) -> Iterator[Finding]:
    """Find the microphones; without one, voices are not heard, and the device runs."""
    yield from _named(here, "input", "microphone", "none: voices are not heard")


def look_for_speaker(here: Surroundings) -> Iterator[Finding]:
    """Find the speakers, and the server of rooms that the settings choose, where it takes sound."""
    wanted = _wanted(here, "speaker")
    if wanted.startswith(SNAPCAST):
        check_scheme(wanted)
        yield Finding("speaker", "ok", ", ".join(filter(None, [f"{wanted} takes sound", _names("output")])))
        return
    yield from _named(here, "output", "speaker", "none: the music goes to a WAV file")


def look_at_synthesiser(_: Surroundings) -> Iterator[Finding]:
    """Find what plays composed music."""
    font = find_font()
    if font is None or not is_installed():
        richer = "our own; richer with the packages libfluidsynth3 and musescore-general-soundfont-small"
        yield Finding("synthesiser", "ok", richer)
    else:
        yield Finding("synthesiser", "ok", f"FluidSynth with {font.name}")


def _named(here: Surroundings, kind: portaudio.Kind, subject: str, none: str) -> Iterator[Finding]:
    wanted = _wanted(here, subject)
    if wanted not in BY_WORD and ":" not in wanted:
        try:
            portaudio.find(kind, wanted)
        except portaudio.DeviceError as error:
            mend = f'plug it in and switch it on, or choose another one: {subject} = "auto" under [device]'
            yield Finding(subject, "bad", str(error), mend)
            return
    yield Finding(subject, "ok", _names(kind) or none)


def _wanted(here: Surroundings, subject: str) -> str:
    try:
        return str(getattr(here.settings.device, subject))
    except SettingsError:  # which the check of the settings says
        return "auto"


def _names(kind: portaudio.Kind) -> str:
    return ", ".join(device.name for device in portaudio.devices(kind))


MICROPHONE: Final = Check("microphone", look_for_microphone, LIMIT_S)
SPEAKER: Final = Check("speaker", look_for_speaker, LIMIT_S)
SYNTHESISER: Final = Check("synthesiser", look_at_synthesiser)
CHECKS: Final = (
    MICROPHONE,
    SPEAKER,
    SYNTHESISER,
)
