from __future__ import annotations

import os
import subprocess
import sys

import pytest

from soundit_edge.audio import portaudio
from tests.sound_server import MICROPHONE, SPEAKER, SoundServer


def ask(program: str, environment: dict[str, str]) -> str:
    """Run a program in a new process and give what it printed, on stdout and stderr together."""
    done = subprocess.run(
        [sys.executable, "-c", f"from soundit_edge.audio import portaudio\n{program}"],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def test_devices_are_listed_by_what_they_can_do(sound_server: SoundServer) -> None:
    program = "for kind in ('input', 'output'): print(*(d.name for d in portaudio.devices(kind)))"
    inputs, outputs = (set(line.split()) for line in ask(program, sound_server.environment).splitlines())
    assert {SPEAKER, MICROPHONE} <= outputs
    assert MICROPHONE in inputs


def test_a_device_is_found_by_name_for_input_and_for_output(sound_server: SoundServer) -> None:
    program = "print(portaudio.find('input', 'MIC').name, portaudio.find('output', 'spk').channels > 1)"
    assert ask(program, sound_server.environment) == "mic True"


def test_an_unknown_microphone_is_called_one(sound_server: SoundServer) -> None:
    program = """
try:
    portaudio.find('input', 'attic')
except portaudio.UnknownDevice as error:
    print(error)
"""
    assert ask(program, sound_server.environment).startswith("there is no microphone called 'attic'; there is: ")


def test_devices_that_come_later_are_found_after_another_look(sound_server: SoundServer) -> None:
    program = f"""
import os
print([d.name for d in portaudio.devices('output')].count('{SPEAKER}'))
os.environ['ALSA_CONFIG_PATH'] = {sound_server.environment["ALSA_CONFIG_PATH"]!r}
portaudio.reinitialise()
print([d.name for d in portaudio.devices('output')].count('{SPEAKER}'))
"""
    assert ask(program, {}).split() == ["0", "1"]


def test_nothing_is_said_where_nothing_can_be_opened() -> None:
    program = """
for kind in ('input', 'output'):
    portaudio.devices(kind)
    try:
        portaudio.find(kind)
    except portaudio.NoDevice:
        pass
"""
    assert ask(program, {"PULSE_SERVER": "unix:/nowhere"}) == ""


def test_without_the_library_there_are_no_devices_and_one_line_says_why() -> None:
    program = """
import ctypes.util
ctypes.util.find_library = lambda name: None
print(portaudio.devices('output'))
try:
    portaudio.find('output')
except portaudio.NoDevice as error:
    print(error)
"""
    listed, why = ask(program, {}).splitlines()
    assert listed == "[]"
    assert why.endswith("on Debian: apt-get install libportaudio2")


def test_stderr_is_quiet_only_meanwhile(capfd: pytest.CaptureFixture[str]) -> None:
    with portaudio.quiet_stderr():
        os.write(2, b"chatter")
    os.write(2, b"news")
    assert capfd.readouterr().err == "news"
