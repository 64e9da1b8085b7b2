"""What the journal receives, over a real datagram socket, and what it does not."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundit_edge import paths
from soundit_edge.journal.discretion import PERSONAL
from soundit_edge.journal.sink import JournalLog, stderr_is_journal
from tests.fakes.journal import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "socket")
    yield made
    made.close()


@pytest.fixture
def log(journal: Journal) -> Iterator[logging.Logger]:
    handler = JournalLog(journal.address)
    logger = logging.Logger("soundit_edge.audio")
    logger.addHandler(handler)
    yield logger
    handler.close()
    os.close(handler.descriptor)


def test_a_record_arrives_with_its_fields(log: logging.Logger, journal: Journal) -> None:
    log.warning("the speaker %r is gone", "Kitchen")
    (entry,) = journal.entries()
    assert entry["MESSAGE"] == "the speaker 'Kitchen' is gone"
    assert entry["PRIORITY"] == "4"
    assert entry["SYSLOG_IDENTIFIER"] == "soundit-edge"
    assert entry["SOUNDIT_LOGGER"] == "soundit_edge.audio"
    assert entry["SOUNDIT_PROCESS"] == "MainProcess"
    assert entry["SOUNDIT_THREAD"] == "MainThread"


@pytest.mark.parametrize(("level", "priority"), [(10, 7), (20, 6), (25, 6), (30, 4), (40, 3), (50, 2)])
def test_levels_become_priorities(log: logging.Logger, journal: Journal, level: int, priority: int) -> None:
    log.log(level, "said")
    assert [entry["PRIORITY"] for entry in journal.entries()] == [str(priority)]


def test_a_traceback_is_one_entry_of_several_lines(log: logging.Logger, journal: Journal) -> None:
    try:
        raise ValueError("a defect\nin two lines")
    except ValueError:
        log.exception("it failed")
    (entry,) = journal.entries()
    assert entry["MESSAGE"].startswith("it failed\nTraceback (most recent call last):\n")
    assert entry["MESSAGE"].endswith("ValueError: a defect\nin two lines")
    assert entry["SOUNDIT_ERROR"] == "ValueError"


def test_text_of_any_bytes_cannot_forge_a_field(log: logging.Logger, journal: Journal) -> None:
    log.info("%s", "mood\nPRIORITY=0\n\udce9=\0")
    (entry,) = journal.entries()
    assert (entry["PRIORITY"], entry["MESSAGE"]) == ("6", "mood\nPRIORITY=0\n\\udce9=\0")


def test_a_record_that_is_too_long_for_a_datagram_is_cut(log: logging.Logger, journal: Journal) -> None:
    log.info("%s", "x" * 3_000_000)
    assert [len(entry["MESSAGE"]) for entry in journal.entries()] == [32_000]


def test_what_is_personal_is_not_sent(log: logging.Logger, journal: Journal) -> None:
    log.info("slower, because the room is calm", extra=PERSONAL)
    log.info("the speaker is back")
    assert [entry["MESSAGE"] for entry in journal.entries()] == ["the speaker is back"]


def test_names_of_files_are_not_sent(log: logging.Logger, journal: Journal) -> None:
    log.warning("%s: cannot be decoded; it is left out", "/srv/music/Ann & Bob/our (wedding).mp3")
    assert [entry["MESSAGE"] for entry in journal.entries()] == ["[a file]: cannot be decoded; it is left out"]


def test_a_journal_that_is_away_or_full_holds_nothing_up(
    tmp_path: Path, log: logging.Logger, journal: Journal, capfd: pytest.CaptureFixture[str]
) -> None:
    journal.close()  # the socket is there, and nobody reads it
    for i in range(200):
        log.info("line %d", i)
    journal.address.unlink()
    log.error("nobody hears this")
    assert capfd.readouterr() == ("", "")


def test_a_mistake_in_a_record_is_no_failure(
    log: logging.Logger, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    log.info("%d", "one")
    log.info("well")
    assert [entry["MESSAGE"] for entry in journal.entries()] == ["well"]


def test_stderr_is_the_journals_where_systemd_says_so(tmp_path: Path) -> None:
    status = os.fstat(2)
    assert stderr_is_journal({"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
    for other in ({}, {"JOURNAL_STREAM": ""}, {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino + 1}"}):
        assert not stderr_is_journal(other)


PROGRAM = """
import os, sys
from soundit_edge import console
status = os.fstat(2)
if sys.argv[1] == "service":
    os.environ["JOURNAL_STREAM"] = f"{status.st_dev}:{status.st_ino}"
console.take_over()
console.say("said")
console.show("to claim this device enter the code 1234")
console.result("a result")
os.write(1, b"a library prints\\n")
"""


@pytest.mark.parametrize(
    ("where", "stdout", "stderr"),
    [
        ("service", "a result\n", "a library prints\n"),
        ("by hand", "a result\n", "soundit: said\nsoundit: to claim this device enter the code 1234\n"),
    ],
)
def test_a_service_says_everything_once_and_a_code_never(
    tmp_path: Path, journal: Journal, where: str, stdout: str, stderr: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, where],
        env={**os.environ, "SOUNDIT_LOG": f"journal:{journal.address}"},
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        timeout=600,
    )
    assert (done.stdout, done.stderr) == (stdout, stderr)
    entries = journal.entries()
    assert [entry["MESSAGE"] for entry in entries] == ["said"]
    assert "1234" not in json.dumps(entries)
    assert list(tmp_path.iterdir()) == [journal.address]


def test_the_log_is_a_file_unless_the_journal_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.journal_socket() is None
    monkeypatch.setenv("SOUNDIT_LOG", "journal")
    assert paths.journal_socket() == Path("/run/systemd/journal/socket")
    monkeypatch.setenv("SOUNDIT_LOG", "journal:/elsewhere")
    assert paths.journal_socket() == Path("/elsewhere")
