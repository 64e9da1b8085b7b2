"""The installed `soundit` command, run as a user runs it: a process of its own, with its own settings and log.

Where a process of its own adds nothing to what is tested, `soundit_here` runs the same command line in the tests' own.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from unittest import mock

import httpx

from soundit_edge.cli.app import run_command_line
from tests.waiting import HANG_S

SOUNDIT = Path(sys.executable).with_name("soundit")
STARTING = "soundit: starting... (Ctrl-C stops)\n"
NOTHING_SENSED = ("--camera", "off", "--microphone", "off")
"""Options of `soundit run` where nothing is asked of the senses: to look and to listen takes most of its work."""
ENDS_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""Before a command: it does not outlive the tests where these are killed."""
HEEDS_CTRL_C = ("env", "--default-signal=INT,TERM,HUP")
"""Before a command: a shell that runs the tests in its background has them, and all that they start, ignore SIGINT,
and nohup has them ignore SIGHUP."""


def environment(folder: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment in which nothing of this user's is read or written."""
    own = {
        "SOUNDIT_SETTINGS": str(folder / "settings.toml"),
        "SOUNDIT_LOG": str(folder / "soundit.log"),
        "SOUNDIT_CACHE": str(folder / "cache"),
        "SOUNDIT_STATE": str(folder / "state"),
        "SOUNDIT_LIBRARY": str(folder / "library.db"),
    }
    return {**os.environ, **own, **(extra or {})}


def soundit(
    folder: Path,
    *arguments: str | Path,
    extra: Mapping[str, str] | None = None,
    program: Sequence[str] = (str(SOUNDIT),),
) -> subprocess.CompletedProcess[str]:
    """Run a command of `soundit`, or of another `program` in its place, to its end, in `folder`."""
    return subprocess.run(
        [*program, *map(str, arguments)],
        cwd=folder,
        env=environment(folder, extra),
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )


def soundit_here(
    folder: Path, *arguments: str | Path, extra: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of `soundit` as `soundit` does, but in this process: the modules that it needs are there already.

    For results and refusals that do not depend on the process. The signals, and the file descriptors of stdout and
    stderr, stay those of the tests.
    """
    command, out, err = ["soundit", *map(str, arguments)], StringIO(), StringIO()
    with (
        chdir(folder),
        mock.patch.dict(os.environ, environment(folder, extra)),
        mock.patch.object(sys, "argv", command),
        mock.patch("soundit_edge.signals.raise_when_asked_to_end"),
        mock.patch("soundit_edge.console.take_over"),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = run_command_line()
    return subprocess.CompletedProcess(command, code, out.getvalue(), err.getvalue())


def refused(done: subprocess.CompletedProcess[str], *mentions: str) -> None:
    """Assert that a command ended as bad input must: one clear line on stderr, exit code 2, nothing on stdout.

    `soundit run` may have said that it is starting before.
    """
    assert done.returncode == 2, done
    assert done.stdout == "", done
    said = done.stderr.removeprefix(STARTING)
    assert said.count("\n") == 1, done.stderr
    for mention in mentions:
        assert mention in said, done.stderr


class RunningDevice:
    """`soundit run` in the background. A context manager; leaving it kills what still runs."""

    def __init__(
        self,
        folder: Path,
        *arguments: str | Path,
        extra: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
        program: Sequence[str] = (str(SOUNDIT),),
    ) -> None:
        """Make ready to run.

        Args:
            folder: where it runs, and where its files lie.
            arguments: of `soundit run`.
            extra: variables of its environment.
            before: a command that runs the command, such as nohup.
            program: what is run in the place of `soundit`.
        """
        self._command = [
            *ENDS_WITH_US,
            *HEEDS_CTRL_C,
            *before,
            *program,
            "run",
            "--local",
            "--port",
            "0",
            *map(str, arguments),
        ]
        self._folder = folder
        self._environment = environment(folder, extra)
        self._lines: Queue[str] = Queue()
        self.address = ""
        # Without certificates, which take long to read: the page speaks plain HTTP.
        self.page = httpx.Client(verify=False, timeout=HANG_S)

    def __enter__(self) -> RunningDevice:
        self.process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(HANG_S)
        self.page.close()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def wait_for_page(self) -> str:
        """Return the page's address, once the command prints it."""
        line = self._lines.get(timeout=HANG_S)
        found = re.fullmatch(r"page: (http://127\.0\.0\.1:\d+/)\n", line)
        assert found, line
        self.address = found[1]
        self.page.base_url = self.address
        return self.address

    def status(self) -> dict[str, Any]:
        """Return what the page is told."""
        answer = self.page.get("api/status").raise_for_status()
        return dict(json.loads(answer.text))

    def wait_until(self, condition: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Return the first status for which `condition` holds."""
        limit = time.monotonic() + HANG_S
        while not condition(status := self.status()):
            assert time.monotonic() < limit, status
            time.sleep(0.1)
        return status

    def stop(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(HANG_S)

    def stderr(self) -> str:
        """Return everything the ended command said on stderr."""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def more_output(self) -> list[str]:
        """Return the lines on stdout after the page's address, of a command that has ended."""
        self._reader.join(HANG_S)
        lines = []
        while True:
            try:
                lines.append(self._lines.get_nowait())
            except Empty:
                return lines

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
