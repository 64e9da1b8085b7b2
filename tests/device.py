"""The installed `soundit` command, run as a user runs it: a process of its own, with its own settings and log."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import httpx

SOUNDIT = Path(sys.executable).with_name("soundit")
HEEDS_CTRL_C = ("env", "--default-signal=INT,TERM,HUP")
"""Before a command: a shell that runs the tests in its background has them, and all that they start, ignore SIGINT,
and nohup has them ignore SIGHUP."""


def environment(folder: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment in which nothing of this user's is read or written."""
    own = {
        "SOUNDIT_SETTINGS": str(folder / "settings.toml"),
        "SOUNDIT_LOG": str(folder / "soundit.log"),
        "SOUNDIT_CACHE": str(folder / "cache"),
        "SOUNDIT_LIBRARY": str(folder / "library.db"),
    }
    return {**os.environ, **own, **(extra or {})}


def soundit(
    folder: Path, *arguments: str | Path, extra: Mapping[str, str] | None = None, timeout: float = 50
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in `folder`."""
    return subprocess.run(
        [str(SOUNDIT), *map(str, arguments)],
        cwd=folder,
        env=environment(folder, extra),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], *mentions: str) -> None:
    """Assert that a command ended as bad input must: one clear line on stderr, exit code 2, nothing on stdout."""
    assert done.returncode == 2, done
    assert done.stdout == "", done
    assert done.stderr.count("\n") == 1, done.stderr
    for mention in mentions:
        assert mention in done.stderr, done.stderr


class RunningDevice:
    """`soundit run` in the background. A context manager; leaving it kills what still runs."""

    def __init__(self, folder: Path, *arguments: str | Path, extra: Mapping[str, str] | None = None) -> None:
        self._command = [str(SOUNDIT), "run", "--port", "0", *map(str, arguments)]
        self._folder = folder
        self._environment = environment(folder, extra)
        self._lines: Queue[str] = Queue()
        self.address = ""

    def __enter__(self) -> RunningDevice:
        self.process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def wait_for_page(self, timeout: float = 20.0) -> str:
        """The page's address, as the command prints it."""
        line = self._lines.get(timeout=timeout)
        found = re.fullmatch(r"page: (http://127\.0\.0\.1:\d+/)\n", line)
        assert found, line
        self.address = found[1]
        return self.address

    def status(self) -> dict[str, Any]:
        """What the page is told."""
        answer = httpx.get(f"{self.address}api/status")
        answer.raise_for_status()
        return dict(json.loads(answer.text))

    def wait_until(self, condition: Any, timeout: float = 25.0) -> dict[str, Any]:
        """The first status for which `condition` holds."""
        deadline = time.monotonic() + timeout
        while True:
            status = self.status()
            if condition(status):
                return status
            assert time.monotonic() < deadline, status
            time.sleep(0.1)

    def stop(self, number: signal.Signals) -> float:
        """Send a signal and wait for the end; returns the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=10)
        return time.monotonic() - began

    def stderr(self) -> str:
        """Everything the ended command said on stderr."""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def more_output(self) -> list[str]:
        """Lines on stdout after the page's address."""
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
