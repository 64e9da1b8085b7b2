"""End to end: `soundit morph`."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tests.device import SOUNDIT, environment, refused, soundit, soundit_here
from tests.surroundings import fill, small_disk

RATE = 48_000


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Four seconds of a tone that swells and fades, in mono, 44.1 kHz, 16 bit."""
    t = np.arange(4 * 44_100) / 44_100
    soundfile.write(
        tmp_path / "song.flac", 0.2 * np.sin(2 * np.pi * 440.0 * t) * (1 + 0.5 * np.sin(4 * np.pi * t)), 44_100
    )
    return tmp_path / "song.flac"


def morphed(
    folder: Path, *arguments: str | Path, command: Callable[..., subprocess.CompletedProcess[str]] = soundit_here
) -> npt.NDArray[Any]:
    done = command(folder, "morph", "song.flac", "-o", "out.wav", *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done
    info = soundfile.info(folder / "out.wav")
    assert (info.samplerate, info.channels, info.subtype) == (RATE, 2, "PCM_24")
    assert done.stdout == f"out.wav: {info.frames / RATE:.2f} s\n"
    samples, _ = soundfile.read(folder / "out.wav")
    return np.asarray(samples)


def pitch(samples: npt.NDArray[Any]) -> float:
    size = 1 << 20
    return float(np.abs(np.fft.rfft(samples[:, 0] * np.hanning(len(samples)), size)).argmax() * RATE / size)


@pytest.mark.parametrize(
    ("tempo", "semitones"), [("2", None), ("0.5", None), ("0.87", "3"), (None, "-5"), (None, None), ("1.25", "0.5")]
)
def test_tempo_and_key_and_nothing_else(tmp_path: Path, song: Path, tempo: str | None, semitones: str | None) -> None:
    arguments = [*(["--tempo", tempo] if tempo else []), *(["--semitones", semitones] if semitones else [])]
    out = morphed(tmp_path, *arguments)
    assert abs(len(out) - 4 * RATE / float(tempo or 1)) <= 512
    assert pitch(out[RATE // 2 : -RATE // 2]) == pytest.approx(440 * 2 ** (float(semitones or 0) / 12), abs=0.3)
    # As loud as it was, and on both sides alike.
    assert np.std(out) == pytest.approx(np.std(soundfile.read(song)[0]), rel=0.04)
    np.testing.assert_array_equal(out[:, 0], out[:, 1])


def test_a_mood_changes_tempo_key_and_brightness(tmp_path: Path, song: Path) -> None:
    out = morphed(tmp_path, "--mood", "sad")
    assert len(out) / RATE == pytest.approx(4 / 0.86, abs=0.03)
    assert pitch(out[RATE:-RATE]) == pytest.approx(440 * 2 ** (-2 / 12), abs=1.0)


def test_a_journey_takes_effect_at_its_moments(tmp_path: Path, song: Path) -> None:
    (tmp_path / "way.csv").write_text("t,tempo,semitones\n0,1,0\n2,0.5,-12\n")
    out = morphed(tmp_path, "--journey", "way.csv")
    assert len(out) / RATE == pytest.approx(2 + 2 / 0.5, abs=0.4)  # it slows down over half a second
    assert pitch(out[RATE // 2 : round(1.9 * RATE)]) == pytest.approx(440.0, abs=0.5)
    assert pitch(out[round(2.8 * RATE) :]) == pytest.approx(220.0, abs=0.5)


def test_the_same_command_gives_the_same_samples_and_replaces_the_output(tmp_path: Path, song: Path) -> None:
    first = morphed(tmp_path, "--tempo", "1.1", command=soundit)
    np.testing.assert_array_equal(morphed(tmp_path, "--tempo", "1.1"), first)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cache", "out.wav", "song.flac", "soundit.log"]


def test_names_of_any_bytes_go_in_and_come_out(tmp_path: Path, song: Path) -> None:
    source, out = tmp_path / "caf\udce9.flac", tmp_path / "caf\udce9.wav"
    song.rename(source)
    done = soundit(tmp_path, "morph", source.name, "-o", out.name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "caf\ufffd.wav: 4.00 s\n"
    assert soundfile.info(os.fsencode(out)).frames == 4 * RATE
    refused(soundit_here(tmp_path, "morph", "caf\udcea.flac", "-o", "out.wav"), "caf\ufffd.flac: no such file")


def test_a_name_of_255_bytes_is_written(tmp_path: Path, song: Path) -> None:
    name = "x" * 251 + ".wav"
    done = soundit_here(tmp_path, "morph", song, "-o", name)
    assert (done.returncode, done.stderr) == (0, "")
    refused(soundit_here(tmp_path, "morph", song, "-o", "x" + name), "File name too long")


def test_a_cache_on_a_full_disk_costs_time_alone(tmp_path: Path, song: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as disk:
        fill(disk)
        done = soundit(tmp_path, "morph", song, "-o", "out.wav", extra={"SOUNDIT_CACHE": str(disk / "cache")})
        assert (done.returncode, done.stderr) == (0, "")
        assert "the analysis cannot be kept (the disk is full)" in (tmp_path / "soundit.log").read_text()


def test_a_full_disk_is_told_and_nothing_is_left(tmp_path: Path, song: Path) -> None:
    with small_disk(tmp_path / "disk", 400) as disk:
        refused(soundit_here(tmp_path, "morph", song, "-o", disk / "out.wav"), "out.wav: the disk is full")
        assert os.listdir(disk) == []


def test_a_journey_with_semicolons_is_told_so(tmp_path: Path, song: Path) -> None:
    (tmp_path / "way.csv").write_text("t;mood\n0;calm\n")
    done = soundit_here(tmp_path, "morph", song, "-o", "out.wav", "--journey", "way.csv")
    refused(done, "way.csv: row 1: semicolons stand where commas should be")


def test_a_terminal_sees_a_progress_bar(tmp_path: Path, song: Path) -> None:
    ours, theirs = pty.openpty()
    command = [str(SOUNDIT), "morph", "song.flac", "-o", "out.wav"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(tmp_path) | {"TERM": "xterm"}, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the terminal's other end is closed
                break
    os.close(ours)
    assert process.returncode == 0
    assert b"song.flac" in shown
    assert b"%" in shown


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        (["--tempo", "0"], ["tempo", "0.5 and 2"]),
        (["--tempo", "nan"], ["tempo", "0.5 and 2"]),
        (["--tempo", "fast"], ["--tempo", "number"]),
        (["--semitones", "13"], ["semitones", "-12 and 12"]),
        (["--mood", "joyful"], ["--mood", "joyful", "happy"]),
        (["--journey", "none.csv"], ["none.csv"]),
        (["--journey", "bad.csv"], ["bad.csv", "row 2", "column tempo", "'quick'"]),
        (["--journey", "bad.csv", "--mood", "sad"], ["--journey"]),
        (["-o", "out.mp3"], ["out.mp3", ".wav"]),
        (["-o", "no/such/folder/out.wav"], ["no/such/folder"]),
    ],
)
def test_bad_options_are_refused(tmp_path: Path, song: Path, arguments: list[str], mentions: list[str]) -> None:
    (tmp_path / "bad.csv").write_text("t,tempo\n0,quick\n")
    refused(soundit_here(tmp_path, "morph", "song.flac", "-o", "out.wav", *arguments), *mentions)
    assert not list(tmp_path.glob("**/*out*"))


def test_without_an_output_it_says_what_is_missing(tmp_path: Path, song: Path) -> None:
    refused(soundit_here(tmp_path, "morph", "song.flac"), "out")


@pytest.mark.parametrize("name", ["song.wav", "link.wav"])
def test_the_input_is_never_overwritten(tmp_path: Path, song: Path, name: str) -> None:
    os.rename(song, tmp_path / "song.wav")
    (tmp_path / "link.wav").symlink_to("song.wav")
    content = (tmp_path / "song.wav").read_bytes()
    refused(soundit_here(tmp_path, "morph", "song.wav", "-o", name), name, "never overwritten")
    assert (tmp_path / "song.wav").read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"these are notes\n" * 100, b"RIFF\xff\xff\xff\xffWAVEfmt ", b"\0" * 5000])
def test_an_input_that_is_no_sound_leaves_the_output_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "notes.mp3").write_bytes(content)
    (tmp_path / "out.wav").write_text("what was there")
    refused(soundit_here(tmp_path, "morph", "notes.mp3", "-o", "out.wav"), "notes.mp3")
    assert (tmp_path / "out.wav").read_text() == "what was there"
    assert not list(tmp_path.glob(".*.part"))


def test_a_missing_input(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "morph", "none.flac", "-o", "out.wav"), "none.flac", "no such file")
