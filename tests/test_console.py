"""Our own stdout and stderr, without a process of their own; with one: test_surroundings_streams.py."""

from __future__ import annotations

import contextlib
import io
import json
import os
import select

import pytest
from rich.progress import TextColumn

from soundit_edge import console
from soundit_edge.console import OutputLost, ReaderGone


def test_a_full_pipe_that_does_not_block_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, ours = os.pipe2(os.O_NONBLOCK)
    with open(theirs, "rb", buffering=0) as reader, console._Stdout(ours, "w") as stdout:
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(ours, bytes(4096))
        waited = []

        def drained(*ends: object) -> None:
            waited.append(ends)
            reader.read(1 << 20)

        monkeypatch.setattr(select, "select", drained)
        assert stdout.write(b"there") == 5
        assert len(waited) == 1
        assert reader.read(100) == b"there"


def test_what_cannot_be_written_is_an_error_once_and_nothing_is_tried_again() -> None:
    stdout = io.TextIOWrapper(io.BufferedWriter(console._Stdout(os.open("/dev/full", os.O_WRONLY), "w")))
    stdout.write("result")
    with pytest.raises(OutputLost, match="the disk is full"):
        stdout.flush()
    stdout.write("more")
    stdout.close()  # as Python does at its exit


def test_a_reader_that_is_gone_is_told_from_a_full_disk() -> None:
    theirs, ours = os.pipe()
    with console._Stdout(ours, "w") as stdout:
        os.close(theirs)
        with pytest.raises(ReaderGone):
            stdout.write(b"result")


def test_a_note_that_cannot_be_written_is_lost_without_a_word() -> None:
    stderr = console._Stderr(os.open("/dev/full", os.O_WRONLY), "w")
    assert stderr.write(b"note") == 4
    stderr.close()


def test_a_note_is_one_line_whatever_it_names(capsys: pytest.CaptureFixture[str]) -> None:
    console.say("caf\udce9\n\x1b[31m.mpg: no such file")
    assert capsys.readouterr().err == "soundit: caf\ufffd  [31m.mpg: no such file\n"


def test_names_in_a_progress_bar_are_no_markup() -> None:
    """A file called "[/b].mp3" ended the command."""
    progress = console.progress_bar()
    progress.add_task("a [/b] [red]c")
    column = progress.columns[0]
    assert isinstance(column, TextColumn)
    assert column.render(progress.tasks[0]).plain == "a [/b] [red]c"


def test_an_object_is_one_line_of_json_for_every_reader(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"name": "é\n\u2028\x85\U000e0001"}
    console.json_result(value)
    line = capsys.readouterr().out
    assert line.splitlines() == [line[:-1]]
    assert "é" in line
    assert json.loads(line) == value
