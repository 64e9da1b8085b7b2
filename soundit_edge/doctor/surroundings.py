"""Where the checks look: the edges of this process, which tests replace by fakes."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from soundit_edge import paths
from soundit_edge.doctor.accounts import SERVICE_USER, Account, account_of, group_name, own_account
from soundit_edge.integrations.registry import settings_model
from soundit_edge.settings import PageSettings, Settings, load

COMMAND_S: Final = 1.5
"""Seconds after which a command of the system counts as hanging."""


def output_of(command: Sequence[str]) -> str | None:
    """Return what a command of the system prints; None where it is not there, fails or hangs.

    Args:
        command: its name, looked for as a shell does, and its arguments.
    """
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=COMMAND_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def _nobody(page: PageSettings) -> None:
    """Say that no device runs."""


@dataclass(frozen=True)
class Surroundings:
    """What a check may look at.

    Attributes:
        root: in which dev, etc, proc, run and sys lie; another one than / in tests.
        settings_path: of the settings; None for a user without a place for any.
        account: the user who runs the doctor.
        service: the user of the installed service; None where there is none.
        group_name: gives the name of a group by its number.
        output_of: runs a command of the system; see `output_of`.
        csi_cameras: gives the models of the cameras on the computer's own ports, by their numbers.
        status: gives the status of the device that runs on this computer; None where none does.
        now: seconds since 1970.
    """

    root: Path
    settings_path: Path | None
    account: Account
    service: Account | None = None
    group_name: Callable[[int], str] = group_name
    output_of: Callable[[Sequence[str]], str | None] = output_of
    csi_cameras: Callable[[], Sequence[str]] = tuple
    status: Callable[[PageSettings], Mapping[str, Any] | None] = _nobody
    now: Callable[[], float] = time.time

    @cached_property
    def settings(self) -> Settings:
        """Return the settings in force.

        Raises:
            SettingsError: they cannot be read or are not valid.
        """
        return load(self.settings_path, settings_model())

    def text(self, path: str | Path) -> str | None:
        """Return what a file of the kernel or the system holds, without space around it; None where it cannot be read.

        Args:
            path: below the root, such as "proc/meminfo", or one that `found` gives.
        """
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return None

    def number(self, path: str | Path, base: int = 10) -> int | None:
        """Return the number that a file of the kernel holds; None where there is none.

        Args:
            path: as for `text`.
            base: in which it is written; 16 takes a leading 0x, too.
        """
        try:
            return int(self.text(path) or "", base)
        except ValueError:
            return None

    def found(self, pattern: str) -> list[Path]:
        """Return the files and folders below the root that a pattern fits, in their order; none where that fails."""
        try:
            return sorted(self.root.glob(pattern))
        except OSError:
            return []


def _csi_cameras() -> Sequence[str]:
    # Imported here: that a package is missing which it needs is for the checks to say.
    from soundit_edge.capture.picamera import found_csi_cameras

    return found_csi_cameras()


def these(
    settings_path: Path | None, status: Callable[[PageSettings], Mapping[str, Any] | None] = _nobody
) -> Surroundings:
    """Return the surroundings of this process.

    Args:
        settings_path: another settings.toml than the user's.
        status: gives the status of the device that runs here.
    """
    path = settings_path or paths.if_any(paths.settings_file)
    service = account_of(SERVICE_USER)
    return Surroundings(Path("/"), path, own_account(), service, csi_cameras=_csi_cameras, status=status)
