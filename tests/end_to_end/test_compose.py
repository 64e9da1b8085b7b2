"""End to end: `soundit compose`."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import mido
import pytest
import soundfile

from tests.device import SOUNDIT, environment, refused, soundit, soundit_here

RATE = 48_000
OURS = {"SOUNDIT_SOUNDFONT": "/there/is/none.sf2"}  # our own synthesiser plays, which is there at once


def test_a_mood_as_sound_the_same_each_time(tmp_path: Path) -> None:
    for name, command in (("one.wav", soundit), ("two.wav", soundit_here)):
        done = command(tmp_path, "compose", "--mood", "Happy", "--minutes", "0.1", "-o", name, extra=OURS)
        assert (done.returncode, done.stderr) == (0, ""), done
        assert done.stdout == f"{name}: 6.00 s, played by our own small synthesiser\n"
    info = soundfile.info(tmp_path / "one.wav")
    assert (info.samplerate, info.channels, info.subtype, info.frames) == (RATE, 2, "PCM_24", 6 * RATE)
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()
    assert abs(soundfile.read(tmp_path / "one.wav")[0]).max() > 0.05


def test_another_seed_is_another_piece(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        arguments = ("--mood", "sad", "--minutes", "0.5", "--seed", seed, "-o", f"{seed}.mid")
        done = soundit_here(tmp_path, "compose", *arguments)
        assert (done.returncode, done.stderr) == (0, ""), done
        assert done.stdout.startswith(f"{seed}.mid: ")
    assert (tmp_path / "1.mid").read_bytes() != (tmp_path / "2.mid").read_bytes()
    assert 20 < mido.MidiFile(tmp_path / "1.mid").length < 33


def test_a_journey_replaces_the_output_when_it_is_whole(tmp_path: Path) -> None:
    (tmp_path / "way.csv").write_text("t,mood\n0,calm\n3,angry\n")
    (tmp_path / "out.wav").write_text("what was there")
    done = soundit_here(tmp_path, "compose", "--journey", "way.csv", "--minutes", "0.1", "-o", "out.wav", extra=OURS)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert soundfile.info(tmp_path / "out.wav").frames == 6 * RATE
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        (["--mood", "joyful"], ["--mood", "joyful", "happy"]),
        (["--mood", "hapy"], ["'hapy'", "did you mean 'happy'"]),
        (["--journey", "none.csv"], ["none.csv"]),
        (["--journey", "bad.csv"], ["bad.csv", "row 2", "column mood", "did you mean"]),
        (["--journey", "tempo.csv"], ["tempo.csv", "mood", "valence"]),
        (["--journey", "tempo.csv", "--mood", "sad"], ["--journey", "--mood"]),
        (["-o", "out.mp3"], ["out.mp3", ".wav", ".mid"]),
        (["-o", "no/such/folder/out.wav"], ["no/such/folder"]),
        (["-o", "no/such/folder/out.mid"], ["no/such/folder"]),
        (["-o", "folder.wav"], ["folder.wav", "is a folder"]),
        (["--minutes", "0"], ["--minutes"]),
        (["--seed", "-1"], ["--seed"]),
    ],
)
def test_bad_options_are_refused(tmp_path: Path, arguments: list[str], mentions: list[str]) -> None:
    (tmp_path / "bad.csv").write_text("t,mood\n0,hapy\n")
    (tmp_path / "tempo.csv").write_text("t,tempo\n0,1.1\n")
    (tmp_path / "folder.wav").mkdir()
    refused(soundit_here(tmp_path, "compose", "-o", "out.wav", *arguments, extra=OURS), *mentions)
    assert not list(tmp_path.glob("**/*out*"))
    assert not list(tmp_path.glob(".*.part"))


def test_a_terminal_sees_a_progress_bar(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [str(SOUNDIT), "compose", "--minutes", "0.1", "-o", "out.wav"]
    env = environment(tmp_path, OURS) | {"TERM": "xterm"}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the terminal's other end is closed
                break
    os.close(ours)
    assert process.returncode == 0
    assert b"out.wav" in shown
    assert b"%" in shown
