"""End to end: `soundit score`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from soundit_edge.audio.loudness import loudness
from soundit_edge.emotion import Emotion
from soundit_edge.music.analysis.analyse import analyse
from tests.device import HEEDS_CTRL_C, SOUNDIT, environment, refused, soundit, soundit_here
from tests.film.films import BLUE, RATE, RED, Making, heard, packets, speech
from tests.media.containers import Picture, Sound, container, cut
from tests.surroundings import run
from tests.variants import thorough
from tests.waiting import HANG_S, wait_until

OUR_SYNTH = {"SOUNDIT_SOUNDFONT": "/there/is/none.sf2"}  # it is there at once; no SoundFont is read


def only(folder: Path, *senses: str) -> None:
    """Switch off all other senses: what a test is not about need not be read."""
    rows = [f"{sense} = {str(sense in senses).lower()}\n" for sense in ("face", "body", "lips", "voice", "hue")]
    (folder / "settings.toml").write_text("[senses]\n" + "".join(rows))


def report(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "report.json").read_text()))


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A track that is read in no time, for what is not about music."""
    soundfile.write(tmp_path / "tone.wav", 0.2 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000), 48_000)
    return tmp_path / "tone.wav"


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film that is still being scored when it has been read for a second."""
    return Making([(10.0, RED), (10.0, BLUE)]).write(tmp_path_factory.mktemp("long") / "film.mp4")


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film with some speech in it."""
    making = Making([(6.0, RED), (6.0, BLUE)], speech(12.0, [(3.6, 6.0)]), fps=10)
    return making.write(tmp_path_factory.mktemp("talk") / "film.mp4")


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_happy_face_and_a_sad_one(tmp_path: Path) -> None:
    only(tmp_path, "face", "voice", "hue")
    shots = [(8.4, Emotion.HAPPY), (9.0, Emotion.SAD)]
    film = Making(shots, speech(17.4, [(3.6, 6.0)]), size=(320, 240), fps=5).write(tmp_path / "film.mp4")
    wish = ["--report", "report.json", "--plot", "plot.png"]
    done = soundit(tmp_path, "score", "film.mp4", "-o", "out.mkv", *wish, extra=OUR_SYNTH)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout.startswith("out.mkv: 17.40 s, 2 scenes, -1")
    assert done.stdout.count("\n") == 1
    told = report(tmp_path)
    assert [(s["start"], s["emotion"]) for s in told["scenes"]] == [(0.0, "happy"), (8.4, "sad")]
    assert [(s["start"], s["emotion"], s["turn"]) for s in told["sections"]] == [
        (0.0, "happy", False),
        (8.4, "sad", False),
    ]
    assert told["sections"][0]["notes_per_s"] > told["sections"][1]["notes_per_s"] > 0
    assert {m["source"] for m in told["music"]} == {"compose"}
    assert {m["mode"] for m in told["music"] if m["end"] < 9} <= {"major", "lydian"}
    assert {m["mode"] for m in told["music"] if m["start"] > 8} <= {"aeolian", "dorian"}
    assert (tmp_path / "plot.png").stat().st_size > 20_000
    assert packets(tmp_path / "out.mkv") == packets(film)
    assert hidden(tmp_path) == []


@pytest.mark.thorough
@pytest.mark.data
def test_the_dinner_sounds_happy(tmp_path: Path, shared_data: Path) -> None:
    only(tmp_path, "face", "voice")
    dinner = cut(shared_data / "clips/dinner.mp4", tmp_path / "dinner.mp4", 10.0)
    done = soundit(tmp_path, "score", dinner, "-o", "scored.mp4")
    assert (done.returncode, done.stderr) == (0, ""), done
    found = analyse(np.ascontiguousarray(heard(tmp_path / "scored.mp4")))
    assert not found.key.minor
    assert found.rhythm.bpm is not None
    assert 110 <= found.rhythm.bpm <= 130
    assert found.loudness == pytest.approx(-16.0, abs=0.5)


@pytest.mark.thorough
@pytest.mark.data
def test_the_fall_of_the_dinners_mood_is_heard(tmp_path: Path, shared_data: Path) -> None:
    """At 0:08 the faces become still; all senses read, and whoever is installed plays."""
    wish = ["--report", "report.json", "--plot", "plot.png", "--palette", "chamber"]
    done = soundit(tmp_path, "score", shared_data / "clips/dinner.mp4", "-o", "scored.mp4", *wish)
    assert (done.returncode, done.stderr) == (0, ""), done
    told = report(tmp_path)
    assert [scene["emotion"] for scene in told["scenes"]] == ["happy"]
    happy, fallen = told["sections"]
    assert fallen["turn"]
    assert fallen["start"] == pytest.approx(8.0, abs=1.0)
    assert fallen["valence"] < happy["valence"] - 0.2
    assert fallen["arousal"] < happy["arousal"] - 0.1
    assert fallen["notes_per_s"] < 0.6 * happy["notes_per_s"]
    tempi = [music["tempo_bpm"] for music in told["music"]]
    assert tempi[-1] < 0.9 * tempi[0]
    sound, turn = heard(tmp_path / "scored.mp4"), fallen["start"]
    opening, before, after = (
        loudness(np.ascontiguousarray(sound[round(a * RATE) : round(b * RATE)]))
        for a, b in ((0.0, 2.0), (turn - 3.0, turn), (turn + 0.5, turn + 3.5))
    )
    assert after < before - 3.0
    assert opening < before - 3.0, "it began with restraint"


def test_help_teaches(tmp_path: Path) -> None:
    done = soundit(tmp_path, "score", "--help")
    assert done.returncode == 0
    for word in ("--with", "--palette", "--keep-dialogue", "--seed", "--plot", "--report", "goes on"):
        assert word in done.stdout


def begun(folder: Path, film: Path) -> subprocess.Popen[str]:
    """A run that has read some of a film."""
    only(folder, "hue")
    command = [*HEEDS_CTRL_C, str(SOUNDIT), "score", str(film), "-o", "out.mp4", "--with", "morph"]
    process = subprocess.Popen(command, cwd=folder, env=environment(folder), stderr=subprocess.PIPE, text=True)
    films = folder / "cache/films"
    wait_until(
        lambda: process.poll() is not None or any('"until"' in path.read_text() for path in films.glob("*.jsonl"))
    )
    assert process.poll() is None
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, *thorough(signal.SIGINT, signal.SIGHUP)])
def test_a_signal_leaves_no_half_film(tmp_path: Path, long_film: Path, number: signal.Signals) -> None:
    with begun(tmp_path, long_film) as process:
        process.send_signal(number)
        assert process.wait(HANG_S) == 128 + number
    assert hidden(tmp_path) == []
    assert not (tmp_path / "out.mp4").exists()


def test_after_kill_9_a_second_run_goes_on(tmp_path: Path, long_film: Path, tone: Path) -> None:
    with begun(tmp_path, long_film) as process:
        process.kill()
    (left,) = hidden(tmp_path)
    assert left.endswith(".part")
    (kept,) = (tmp_path / "cache/films").iterdir()
    before = kept.read_bytes()
    sound = before[: before.rindex(b"\n", 0, before.rindex(b'"until"')) + 1]
    done = soundit_here(tmp_path, "score", long_film, "-o", "out.mp4", "--with", "morph", "--track", tone)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert kept.read_bytes().startswith(sound), "what had been read is still there"
    assert hidden(tmp_path) == []
    assert len(packets(tmp_path / "out.mp4")) == 500


def test_two_runs_do_not_write_one_film(tmp_path: Path, long_film: Path) -> None:
    with begun(tmp_path, long_film) as process:
        done = soundit_here(tmp_path, "score", long_film, "-o", "out.mp4", "--with", "morph")
        refused(done, "another soundit score")
        process.kill()


@pytest.mark.parametrize("kilobytes", [150, 400])
def test_a_full_disk(tmp_path: Path, talk: Path, kilobytes: int) -> None:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("mounting a small disk takes root and unshare")
    if subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mounts of one's own here (as in a chroot)")
    only(tmp_path, "hue")
    (tmp_path / "disk").mkdir()
    mount = f"mount -t tmpfs -o size={kilobytes}k none disk"
    run = f"{SOUNDIT} score {talk} -o disk/out.mp4 --with morph; code=$?; ls -A disk; exit $code"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"{mount} && {run}"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    if "mount" in done.stderr:
        pytest.skip("no disk can be mounted here")
    refused(done, "disk", "cannot be written there")


NAMES = [b"caf\xe9.mp4", b"two\nlines [1080p] $\\x$.mkv", b"n" * 250 + b".mov"]


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_bytes(tmp_path: Path, tone: Path, name: bytes) -> None:
    only(tmp_path, "hue")
    folder = tmp_path / os.fsdecode(b"\xfcber")
    folder.mkdir()
    film, out = folder / os.fsdecode(name), folder / os.fsdecode(b"o" + name[1:])
    Making([(1.0, RED)]).write(tmp_path / f"film{film.suffix}").rename(film)
    wish: list[str | Path] = ["--plot", out.with_suffix(".png"), "--report", out.with_suffix(".json")]
    command = soundit if name is NAMES[0] else soundit_here  # the shell's bytes reach a process in one way
    done = command(tmp_path, "score", film, "-o", out, "--with", "morph", "--track", tone, *wish)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout.count("\n") == 1
    assert len(list(folder.iterdir())) == 4
    assert packets(out) == packets(film)


def test_what_is_left_out_is_told_in_a_line_each(tmp_path: Path, tone: Path) -> None:
    only(tmp_path, "hue")
    words = Making([(1.0, RED)], chapters=[(0, 0.5, "One"), (5.0, 6.0, "Beyond")])
    container(tmp_path / "cover.mkv", [Picture(), Sound(), Sound("ac3"), Picture("mjpeg", 1, pix_fmt="yuvj420p")])
    words.write(tmp_path / "chapters.mkv")
    music = ("--with", "morph", "--track", tone)
    done = soundit_here(tmp_path, "score", "cover.mkv", "-o", "out.mp4", *music)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "soundit: out.mp4: left out: a further sound track (ac3)",
        "soundit: out.mp4: left out: a cover picture (mjpeg)",
    ]
    done = soundit_here(tmp_path, "score", "chapters.mkv", "-o", "out.mp4", *music)
    assert done.stderr.splitlines() == ["soundit: out.mp4: left out: 1 chapter outside the film"]


def test_a_file_that_the_system_does_not_let_grow_is_told_with_the_reason(tmp_path: Path, tone: Path) -> None:
    only(tmp_path, "hue")
    Making([(2.0, RED)]).write(tmp_path / "film.mp4")
    small = ("sh", "-c", 'ulimit -f 60 && exec "$@"', "sh")  # 30 KB: less than the music takes
    done = run(tmp_path, "score", "film.mp4", "-o", "out.mp4", "--with", "morph", "--track", tone, before=small)
    assert done.returncode == 2
    assert done.stderr.endswith(
        b": the music cannot be written there (the file would be larger than is allowed here)\n"
    )
    assert not hidden(tmp_path)
    assert not (tmp_path / "out.mp4").exists()
