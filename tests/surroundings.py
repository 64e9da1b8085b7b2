"""Surroundings that a user's computer may have: a disk that is full, a user without a home, streams that are closed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.device import SOUNDIT, environment
from tests.waiting import HANG_S, wait_until

NOBODY = ("unshare", "--user", "--map-user=54321", "--map-group=54321")
"""Before a command: it is run by a user who has no entry in the list of users."""


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a disk of that size on a new folder, and take it away again."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=777", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk of our own can be mounted here (only root may)")
    try:
        yield place
    finally:
        # Python's resource tracker, a helper of every command that starts processes, ends a moment after the command,
        # and its output goes to the log.
        wait_until(
            lambda: not subprocess.run(["umount", str(place)], capture_output=True, check=False).returncode,
            "something still runs that has a file open on the disk",
        )


def fill(disk: Path) -> None:
    """Write until a disk is full."""
    with (disk / "filling").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def run(
    folder: Path,
    *arguments: str | Path,
    before: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    stdout: int = subprocess.PIPE,
    restore_signals: bool = True,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command of `soundit` to its end, in `folder`.

    Args:
        folder: where it runs, and where its settings, log and cache lie.
        arguments: of the command.
        before: what is put before it, such as `NOBODY`.
        env: the whole environment; by default the usual one of tests.
        stdout: where its results go.
        restore_signals: whether SIGPIPE has its usual effect at its start, as a shell leaves it.
    """
    return subprocess.run(
        [*before, str(SOUNDIT), *map(str, arguments)],
        cwd=folder,
        env=environment(folder) if env is None else env,
        stdout=stdout,
        stderr=subprocess.PIPE,
        restore_signals=restore_signals,
        timeout=HANG_S,
        check=False,
    )


def by_shell(redirections: str) -> tuple[str, ...]:
    """Return what to put before a command to run it with redirections, such as ">&-"."""
    return ("sh", "-c", f'exec "$@" {redirections}', "sh")


def nobody() -> tuple[str, ...]:
    """Return what to put before a command that a user without a name and a home runs; skip where that cannot be."""
    if (
        shutil.which("unshare") is None
        or subprocess.run([*NOBODY, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no user namespace can be made here")
    return NOBODY
