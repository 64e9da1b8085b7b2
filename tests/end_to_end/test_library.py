"""End to end: `soundit library`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile

from soundit_edge.audio.decode import MAX_S
from soundit_edge.errors import SounditError
from soundit_edge.music.library import scan
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.lock import only_scan
from tests.device import HEEDS_CTRL_C, SOUNDIT, environment, refused, soundit, soundit_here
from tests.media.tags.containers import chunked, id3, id3_frame, id3v1, info, mp3
from tests.music.library.songs import a_file, song
from tests.waiting import HANG_S, wait_until

KEYS = [
    *("path", "title", "artist", "genre", "duration_s", "bpm", "key", "mode", "lufs", "true_peak_db"),
    *("valence", "arousal", "source"),
]


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Two songs, and what is none."""
    folder = tmp_path / "music"
    a_file(folder / "one.flac", "One", "Ann", "Rock", seconds=2.0)
    a_file(folder / "deep" / "two.ogg", seconds=1.0)
    (folder / "cover.jpg").write_bytes(b"a picture")
    return folder


def library(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return soundit_here(folder, "library", *arguments)


def in_a_process(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return soundit(folder, "library", *arguments)


def listed(folder: Path) -> list[dict[str, Any]]:
    done = library(folder, "list", "--json")
    assert (done.returncode, done.stderr) == (0, ""), done
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("command", [[], ["import"]])
def test_without_a_command_the_help_is_printed(tmp_path: Path, command: list[str]) -> None:
    done = library(tmp_path, *command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == library(tmp_path, *command, "--help").stdout


def test_music_is_scanned_listed_and_picked_from(tmp_path: Path, music: Path) -> None:
    done = in_a_process(tmp_path, "add", "music")
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout == "2 songs: 2 new, 0 changed, 0 moved, 0 as before; 0 gone, 0 skipped\n"
    one, two = listed(tmp_path)
    assert list(one) == KEYS
    assert (one["path"], one["title"], one["artist"], one["genre"]) == (str(music / "one.flac"), "One", "Ann", "Rock")
    assert (two["title"], two["duration_s"], two["source"]) == ("two", 1.0, "sound")
    assert one["true_peak_db"] == pytest.approx(-13.98, abs=0.1)
    table = in_a_process(tmp_path, "list").stdout
    assert "One - Ann (Rock)" in table
    picked = in_a_process(tmp_path, "pick", "--mood", "happy", "--genre", "rock", "--json")
    (only,) = map(json.loads, picked.stdout.splitlines())
    assert list(only) == [*KEYS, "score", "reasons", "link"]
    assert only["title"] == "One"
    assert only["reasons"]
    text = library(tmp_path, "pick", "--mood", "sad", "-n", "1").stdout
    assert text.startswith("1. ")
    again = library(tmp_path, "add", music, music / "deep")
    assert again.stdout == "2 songs: 0 new, 0 changed, 0 moved, 2 as before; 0 gone, 0 skipped\n"


def test_a_long_scan_tells_in_a_pipe_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [a_file(tmp_path / "music" / f"{k:02}.flac", hz=200 + k) for k in range(20)]

    def refuse(paths: Iterable[Path], count: int) -> Iterator[tuple[Path, SounditError]]:
        yield from ((path, SounditError(f"{path}: no song")) for path in paths)

    monkeypatch.setattr(scan, "described", refuse)
    done = library(tmp_path, "add", "music")
    told = [line for line in done.stderr.splitlines() if "scanning" in line]
    assert told == [f"soundit: scanning: {k} of {len(files)} files" for k in range(2, 21, 2)]


def test_what_is_no_sound_is_told_of_at_the_end(tmp_path: Path, music: Path) -> None:
    (music / "bad.mp3").write_bytes(os.urandom(5_000))
    (music / "empty.wav").touch()
    cut = music / "cut.flac"
    shutil.copy(music / "one.flac", cut)
    cut.write_bytes(cut.read_bytes()[:-3_000])
    done = library(tmp_path, "add", "music")
    assert done.returncode == 0
    assert done.stdout == "3 songs: 3 new, 0 changed, 0 moved, 0 as before; 0 gone, 2 skipped\n"
    bad, empty = done.stderr.splitlines()
    assert bad.startswith(f"soundit: skipped {music}/bad.mp3: ")
    assert empty == f"soundit: skipped {music}/empty.wav: the file is empty"
    assert any(s["path"] == str(cut) for s in listed(tmp_path))


def test_a_folder_without_music(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(library(tmp_path, "add", "empty"), "empty: no music here", ".flac")
    refused(library(tmp_path, "add", "nowhere"), "nowhere: no such folder")
    (tmp_path / "empty" / "bad.mp3").write_bytes(b"bad")
    done = library(tmp_path, "add", "empty")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == "soundit: empty: none of the 1 files here is a song that can be read"


def test_without_a_library(tmp_path: Path) -> None:
    for command in (["list"], ["pick", "--mood", "happy"], ["history"]):
        refused(library(tmp_path, *command), "there is no library yet; `soundit library add DIR`")
    assert not (tmp_path / "library.db").exists()


def test_options_that_name_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as opened:
        opened.put(song())
    refused(library(tmp_path, "pick", "--mood", "merry"), "--mood: 'merry' is no mood; known are neutral, calm, happy")
    refused(library(tmp_path, "pick", "--mood", "sad", "--policy", "x"), "--policy takes one of follow, lift, calm")
    refused(library(tmp_path, "pick", "--mood", "sad", "--policy", "lifft"), "not 'lifft'; did you mean 'lift'?")
    refused(library(tmp_path, "pick", "--mood", "sad", "--genre", "polka"), "no song of the genre 'polka'")
    refused(library(tmp_path, "pick"), "--mood")


def test_imports(tmp_path: Path) -> None:
    (tmp_path / "said.csv").write_text("title,artist,valence,arousal,link\nA,B,0.5,-0.5,https://songs.example/a\n")
    done = in_a_process(tmp_path, "import", "affect", "said.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "said.csv: 1 rows on 1 songs; 0 of them have a file here, 1 are kept without one\n"
    (only,) = listed(tmp_path)
    assert (only["path"], only["duration_s"], only["source"]) == ("https://songs.example/a", None, "given")
    assert "https://songs.example/a" in library(tmp_path, "pick", "--mood", "calm").stdout
    (tmp_path / "words.csv").write_text("title,mood\nA,merry\n")
    refused(library(tmp_path, "import", "words", "words.csv"), "words.csv: row 2, column mood: 'merry'")
    assert (tmp_path / "mood_words.csv").is_file()
    refused(library(tmp_path, "import", "ratings", "said.csv"), "said.csv: row 1: no column track_id")


def test_the_history_is_shown_exported_and_erased(tmp_path: Path) -> None:
    from soundit_edge.emotion import Affect, Emotion
    from soundit_edge.music.library.play_history import Event, PlayEvent, Record

    with Library.open(tmp_path / "library.db") as opened:
        number = opened.put(song(title="Tune", artist="Ann"))
        entry = PlayEvent(1e9, number, "/music/song.flac", Event.LIKED, 12.0, Emotion.HAPPY, Affect(0.8, 0.5))
        Record(opened.connection).add(entry)
    shown = in_a_process(tmp_path, "history").stdout
    assert shown == "2001-09-09T01:46:40+00:00  liked       happy      mood   Tune - Ann (rock)\n"
    assert json.loads(library(tmp_path, "history", "--json").stdout)["title"] == "Tune"
    (tmp_path / "library.db.format1").write_text("an older copy")
    done = library(tmp_path, "history", "--export", "out.csv", "--erase")
    assert done.stdout == "out.csv: 1 entries\n1 entries erased\n"
    assert "liked" in (tmp_path / "out.csv").read_text()
    assert not (tmp_path / "library.db.format1").exists()
    assert library(tmp_path, "history").stdout == "nothing has been recorded\n"


def test_what_old_programs_wrote_into_tags_is_read_and_matched(tmp_path: Path) -> None:
    """Their letters became U+FFFD, and an imported "Beyoncé" was another song (10c)."""
    folder = tmp_path / "music"
    folder.mkdir()
    mp3(folder / "v1.mp3", back=id3v1("Café Müller".encode("latin-1"), "Beyoncé".encode("latin-1")))
    chunked(folder / "info.wav", info((b"INAM", "Señorita".encode("cp1252")), (b"IART", "Björk".encode("cp1252"))))
    library(tmp_path, "add", "music")
    assert {(s["title"], s["artist"]) for s in listed(tmp_path)} == {("Café Müller", "Beyoncé"), ("Señorita", "Björk")}
    assert "Café Müller - Beyoncé" in library(tmp_path, "list").stdout
    (tmp_path / "said.csv").write_text("title,artist,mood\nCafé Müller,Beyoncé,calm\nSenorita,bjork,happy\n")
    done = library(tmp_path, "import", "words", "said.csv")
    assert done.stdout == "said.csv: 2 rows on 2 songs; 2 of them have a file here, 0 are kept without one\n"


def test_every_genre_of_a_song_is_known(tmp_path: Path) -> None:
    """The first alone was (10s)."""
    (tmp_path / "music").mkdir()
    frames = (id3_frame("TCON", b"\3Rock\0Jazz"), id3_frame("TPE1", b"\3Ann\0Bob"), id3_frame("TIT2", b"\3Song"))
    mp3(tmp_path / "music" / "a.mp3", id3(*frames))
    library(tmp_path, "add", "music")
    (only,) = listed(tmp_path)
    assert (only["genre"], only["artist"]) == ("Rock; Jazz", "Ann; Bob")
    for genre in ("jazz", "ROCK"):
        assert library(tmp_path, "pick", "--mood", "sad", "--genre", genre).stdout.startswith(
            "1. Song - Ann; Bob (Rock"
        )


def test_a_song_is_one_line_of_every_list(tmp_path: Path) -> None:
    """A line break in its name made it two (10o)."""
    a_file(tmp_path / "music" / "two\nlines\u2028\x1b[31m.flac")
    library(tmp_path, "add", "music")
    assert len(library(tmp_path, "list").stdout.split("\n")) == 3
    assert [s["title"] for s in listed(tmp_path)] == ["two lines [31m"]
    name, path, *reasons, end = library(tmp_path, "pick", "--mood", "happy", "-n", "1").stdout.split("\n")
    assert name == "1. two lines [31m"
    assert path == f"   {tmp_path}/music/two lines  [31m.flac"
    assert reasons
    assert end == ""


def test_what_is_no_song_is_named_and_fails_no_scan(tmp_path: Path, music: Path) -> None:
    with soundfile.SoundFile(music / "mix.flac", "w", 8_000, 1) as file:
        file.write(np.zeros(8_000 * 90 * 60, dtype=np.int16))
    soundfile.write(music / "silence.flac", np.zeros(48_000), 48_000)
    os.mkfifo(music / "pipe.mp3")
    (music / "nas").symlink_to(tmp_path / "away")
    done = library(tmp_path, "add", "music")
    assert done.returncode == 0
    assert done.stdout == "2 songs: 2 new, 0 changed, 0 moved, 0 as before; 0 gone, 4 skipped\n"
    assert done.stderr.splitlines() == [
        f"soundit: skipped {music}/mix.flac: 90 minutes long; a track has 60 minutes at most",
        f"soundit: skipped {music}/nas: a link that leads nowhere (to {tmp_path}/away)",
        f"soundit: skipped {music}/pipe.mp3: no file that has an end (a pipe, a socket or a device)",
        f"soundit: skipped {music}/silence.flac: silent (-120 LUFS; a song has -60 at least)",
    ]
    refused(
        soundit_here(tmp_path, "morph", music / "mix.flac", "-o", "out.wav"), "90 minutes long; a track has 60 minutes"
    )


@pytest.mark.parametrize("command", [["run"], ["morph"], ["score"], ["library", "add"]])
def test_the_help_of_what_takes_tracks_names_their_longest(tmp_path: Path, command: list[str]) -> None:
    words = " ".join(soundit_here(tmp_path, *command, "--help").stdout.split())
    assert f"{MAX_S / 60:.0f} minutes" in words


@pytest.mark.thorough
def test_an_empty_library_and_one_whose_songs_are_missing_are_told_apart(tmp_path: Path, music: Path) -> None:
    commands = (["list"], ["pick", "--mood", "sad"])
    Library.open(tmp_path / "library.db").close()
    for command in commands:
        refused(library(tmp_path, *command), "the library is empty; `soundit library add DIR` scans your music")
    library(tmp_path, "add", "music")
    music.rename(tmp_path / "gone")
    music.mkdir()
    (tmp_path / "deep").mkdir()
    library(tmp_path, "add", "music")
    away = "its 2 songs are missing (the folder ", "music/deep is away)"
    for command in commands:
        refused(library(tmp_path, *command), *away)
    refused(soundit(tmp_path, "run", "--play", "library", "--camera", "off"), *away)


def test_two_scans_at_once(tmp_path: Path, music: Path) -> None:
    with only_scan(tmp_path / "library.db"):
        refused(library(tmp_path, "add", "music"), "another `soundit library add` is scanning")
    assert library(tmp_path, "add", "music").returncode == 0


def known(database: Path) -> dict[str, int]:
    if not database.exists():
        return {}
    with closing(sqlite3.connect(database)) as connection:
        try:
            return dict(connection.execute("SELECT path, id FROM songs").fetchall())
        except sqlite3.OperationalError:
            return {}  # it is being made


def test_kill_9_in_the_middle_of_a_scan_loses_nothing(tmp_path: Path) -> None:
    count = 40
    for k in range(count):
        a_file(tmp_path / "music" / f"{k:02}.flac", seconds=2.0, hz=200 + k)
    command = [str(SOUNDIT), "library", "add", "music"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE)
    wait_until(lambda: process.poll() is not None or len(known(tmp_path / "library.db")) >= 3)
    assert process.poll() is None
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before = known(tmp_path / "library.db")
    assert 3 <= len(before) < count
    assert not psutil.wait_procs(children, timeout=HANG_S)[1], "the workers go with their parent"
    done = library(tmp_path, "add", "music")
    assert done.returncode == 0, done
    assert done.stdout.startswith(
        f"{count} songs: {count - len(before)} new, 0 changed, 0 moved, {len(before)} as before"
    )
    after = known(tmp_path / "library.db")
    assert len(after) == count
    assert before.items() <= after.items()


def test_ctrl_c_ends_a_scan_at_once_and_keeps_what_is_done(tmp_path: Path) -> None:
    for k in range(40):
        a_file(tmp_path / "music" / f"{k:02}.flac", seconds=4.0, hz=200 + k)
    command = [*HEEDS_CTRL_C, str(SOUNDIT), "library", "add", "music"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment(tmp_path), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_until(lambda: known(tmp_path / "library.db"))
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=HANG_S)
    assert process.returncode == 130
    assert all(line.startswith("soundit: scanning: ") for line in stderr.splitlines()), stderr
    assert 1 <= len(known(tmp_path / "library.db")) < 40


def test_a_broken_library_is_moved_aside(tmp_path: Path, music: Path) -> None:
    library(tmp_path, "add", "music")
    database = tmp_path / "library.db"
    database.write_bytes(database.read_bytes()[:4096] + os.urandom(40_000))
    refused(library(tmp_path, "list"), "broken, moved aside to library.db.broken1")
    assert library(tmp_path, "add", "music").returncode == 0
    assert len(listed(tmp_path)) == 2


def in_own_mounts(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script that may mount what only it sees."""
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("no mounts of one's own here")
    (folder / "disk").mkdir()
    env = environment(folder, {"SOUNDIT_LIBRARY": str(folder / "disk" / "library.db")})
    command = [*unshare, "sh", "-c", script]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=HANG_S, check=False)


@pytest.mark.thorough
def test_a_disk_that_cannot_be_written(tmp_path: Path, music: Path) -> None:
    (tmp_path / "said.csv").write_text("title,valence,arousal\nOne,0,0\n")
    done = in_own_mounts(
        tmp_path,
        f"""
        mount -t tmpfs none disk && {SOUNDIT} library add music && mount -o remount,ro disk
        {SOUNDIT} library list --json
        for command in 'add music' 'import affect said.csv' 'history --erase'; do
            {SOUNDIT} library $command
        done
        """,
    )
    summary, *songs = done.stdout.splitlines()
    assert summary.startswith("2 songs: 2 new")
    assert [json.loads(line)["title"] for line in songs] == ["One", "two"], "it can still be read"
    lines = done.stderr.splitlines()
    assert len(lines) == 3, done
    assert all("library cannot be written (a read-only disk" in line for line in lines)


def test_a_full_disk(tmp_path: Path, music: Path) -> None:
    done = in_own_mounts(tmp_path, f"mount -t tmpfs -o size=100k none disk && exec {SOUNDIT} library add music")
    refused(done, "the disk is full")


@pytest.mark.parametrize("command", ["add", "list", "pick", "history", "import"])
def test_help_teaches(tmp_path: Path, command: str) -> None:
    done = library(tmp_path, command, "--help")
    assert done.returncode == 0
    assert len(done.stdout) > 300
