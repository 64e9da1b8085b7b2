"""End to end: users without a home, a name or a working folder, and other languages of the system."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import soundfile

from tests.device import NOTHING_SENSED, SOUNDIT, STARTING, soundit
from tests.surroundings import by_shell, nobody, run
from tests.waiting import HANG_S

PATH = {"PATH": os.environ["PATH"]}


@pytest.fixture
def somewhere(tmp_path: Path) -> Path:
    """A folder that anybody may write to."""
    folder = tmp_path / "somewhere"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def test_a_user_without_a_home_runs_the_device_with_the_defaults_and_without_a_log(somewhere: Path) -> None:
    done = run(somewhere, "run", "--port", "0", "--for", "0.1", *NOTHING_SENSED, before=nobody(), env=PATH)
    assert done.returncode == 0, done
    assert done.stdout.startswith(b"page: http://")
    assert b"the music goes to soundit.wav" in done.stderr
    assert b"settings: the defaults; name a file in SOUNDIT_SETTINGS" in done.stderr
    assert [path.name for path in somewhere.iterdir()] == ["soundit.wav"]


def test_doctor_tells_a_user_without_a_home_which_variables_to_set(somewhere: Path) -> None:
    done = run(somewhere, "doctor", before=nobody(), env=PATH)
    assert (done.returncode, done.stderr) == (0, b"")
    for variable in (b"SOUNDIT_LOG", b"SOUNDIT_SETTINGS", b"SOUNDIT_LIBRARY"):
        assert variable in done.stdout


@pytest.mark.parametrize(
    ("log", "why"), [("/dev/full", ""), ("folder", "Is a directory"), ("file/log", "Not a directory")]
)
def test_doctor_tells_why_there_is_no_log(tmp_path: Path, log: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    done = soundit(tmp_path, "doctor", extra={"SOUNDIT_LOG": log})
    assert (done.returncode, done.stderr) == (0, "")
    line = next(line for line in done.stdout.splitlines() if line.startswith("ok   log"))
    assert line.endswith(f"none: {log} cannot be written ({why})" if why else log)


@pytest.mark.parametrize("arguments", [["library", "list"], ["library", "add", "."], ["run", "--play", "library"]])
def test_a_library_needs_a_place(somewhere: Path, arguments: list[str]) -> None:
    done = run(somewhere, *arguments, before=nobody(), env=PATH)
    assert (done.returncode, done.stdout) == (2, b"")
    said = done.stderr.decode().removeprefix(STARTING)
    assert said == (
        "soundit: this user has no home folder that can be used: say where to keep library.db in SOUNDIT_LIBRARY\n"
    )


@pytest.mark.thorough
def test_music_is_morphed_without_a_cache(somewhere: Path) -> None:
    run(somewhere, "compose", "-o", "a.wav", "--minutes", "0.05", before=nobody(), env=PATH)
    done = run(somewhere, "morph", "a.wav", "-o", "b.wav", before=nobody(), env=PATH)
    assert (done.returncode, done.stderr) == (0, b"")
    assert soundfile.info(somewhere / "b.wav").frames == 3 * 48_000


@pytest.mark.thorough
def test_where_neither_a_speaker_nor_a_file_can_be_had_the_device_still_runs(tmp_path: Path) -> None:
    # Nobody may write to /proc, root neither.
    command = [*by_shell(""), str(SOUNDIT), "run", "--port", "0", "--for", "0.1", *NOTHING_SENSED]
    env = {**PATH, "HOME": str(tmp_path / "missing" / "home"), "TMPDIR": str(tmp_path / "missing")}
    done = subprocess.run(command, cwd="/proc", env=env, capture_output=True, timeout=HANG_S, check=False)
    assert done.returncode == 0, done
    assert b"no speaker found, and the music is not heard: cannot write soundit.wav" in done.stderr


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    gone = ("sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', "sh")
    done = run(tmp_path, "run", "--port", "0", "--camera", "off", "--speaker", "off", before=gone)
    assert done.returncode == 2
    assert done.stderr.endswith(b"soundit: the folder that soundit was started in is gone; start it in another one\n")


@pytest.mark.parametrize(
    "arguments", [["run", "--port", "0", "--camera", "off", "--speaker", "off"], ["library", "add", "/"]]
)
def test_a_working_folder_that_the_user_may_not_enter_is_told(tmp_path: Path, arguments: list[str]) -> None:
    closed = ("sh", "-c", 'mkdir closed && cd closed && chmod 0 . && exec "$@"', "sh")
    env = {**PATH, "HOME": str(tmp_path), "SOUNDIT_LIBRARY": str(tmp_path / "library.db")}
    done = run(tmp_path, *arguments, before=[*closed, *nobody()], env=env)
    said = done.stderr.decode().removeprefix(STARTING)
    assert (done.returncode, said) == (
        2,
        "soundit: the folder that soundit was started in is closed to this user; start it in another one\n",
    )


@pytest.mark.parametrize(
    "language", [{"LC_ALL": "C"}, {"LANG": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_names_that_are_no_ascii_where_the_system_speaks_none(tmp_path: Path, language: dict[str, str]) -> None:
    done = run(
        tmp_path, "compose", "-o", "é – 東京.mid", "--minutes", "0.1", env={**PATH, "HOME": str(tmp_path), **language}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith("é – 東京.mid: ".encode())
    assert (tmp_path / "é – 東京.mid").is_file()


@pytest.mark.thorough
def test_too_few_files_that_may_be_open_are_no_defect(tmp_path: Path) -> None:
    few = ("sh", "-c", 'ulimit -n 32 && exec "$@"', "sh")
    done = run(tmp_path, "run", "--port", "0", "--camera", "off", "--speaker", "off", before=few)
    said = done.stderr.decode().removeprefix(STARTING)
    assert (done.returncode, said.count("\n")) == (2, 1), done
    assert "too many files are open; raise the limit with ulimit -n" in said
