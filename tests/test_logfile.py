"""The log, which never gets in the way of what it tells of."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from soundit_edge.logfile import MAX_BYTES, LogFile


@contextmanager
def opened(path: Path | None) -> Iterator[LogFile]:
    log = LogFile(path)
    try:
        yield log
    finally:
        os.close(log.descriptor)


def record(text: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("soundit", logging.INFO, __file__, 1, text, arguments, None)


def test_a_record_is_appended_and_the_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "state" / "soundit.log"
    for text in ("one", "two"):
        with opened(path) as log:
            log.emit(record("%s", text))
    assert path.read_text() == "one\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_name_of_any_bytes_can_be_logged(tmp_path: Path) -> None:
    with opened(tmp_path / "soundit.log") as log:
        log.emit(record("%s: no such file", "caf\udce9.mpg"))
    assert (tmp_path / "soundit.log").read_bytes() == b"caf\\udce9.mpg: no such file\n"


@pytest.mark.parametrize("name", ["/dev/full", "folder", "file/soundit.log", "fifo", None])
def test_a_log_that_cannot_be_written_is_silent(
    tmp_path: Path, name: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "fifo")
    with opened(None if name is None else tmp_path / name) as log:
        log.emit(record("lost"))
    assert capfd.readouterr() == ("", "")


def test_a_log_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "soundit.log"
    with opened(path) as log:
        log.emit(record("old"))
        path.rename(tmp_path / "soundit.log.1")
        log.emit(record("new"))
        path.unlink()
        log.emit(record("newer"))
    assert (tmp_path / "soundit.log.1").read_text() == "old\n"
    assert path.read_text() == "newer\n"


def test_a_log_whose_folder_is_gone_goes_on_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with opened(tmp_path / "state" / "soundit.log") as log:
        (tmp_path / "state").rename(tmp_path / "moved")
        log.emit(record("still here"))
    assert (tmp_path / "moved" / "soundit.log").read_text() == "still here\n"


def test_a_long_log_is_kept_aside_at_the_start_by_the_first_process_alone(tmp_path: Path) -> None:
    path = tmp_path / "soundit.log"
    path.write_bytes(bytes(MAX_BYTES + 1))
    program = "import logging; from soundit_edge import logfile; logfile.start({}); logging.info('begun')"
    environment = {**os.environ, "SOUNDIT_LOG": str(path)}
    for argument in ("", "fresh=True"):
        subprocess.run([sys.executable, "-c", program.format(argument)], env=environment, check=True)
    assert (tmp_path / "soundit.log.1").read_bytes().endswith(b"INFO root: begun\n")
    assert path.read_text().endswith("INFO root: begun\n")
    assert len(path.read_text().splitlines()) == 1


def test_a_mistake_in_a_record_prints_nothing_where_the_device_runs(tmp_path: Path) -> None:
    program = "import logging; from soundit_edge import logfile; logfile.start(); logging.info('%d', 'one')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "SOUNDIT_LOG": str(tmp_path / "soundit.log")},
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
