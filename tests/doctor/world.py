"""A computer made of files, for the doctor's checks: /sys, /proc, /dev, /run and /etc below a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from soundit_edge.doctor.accounts import Account
from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings

STRANGER = Account("anna", 4321, frozenset({4321}), frozenset({4321}))
NOW = 2_000_000_000.0


class World:
    """A folder that stands for a computer, and what its system says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.said: dict[str, str] = {}
        """What commands print, by their names."""
        self.surroundings = Surroundings(
            root,
            root / "settings.toml",
            STRANGER,
            group_name=lambda number: "video",
            output_of=lambda command: self.said.get(command[0]),
            now=lambda: NOW,
        )

    def write(self, path: str, text: str = "") -> Path:
        """Put a file there."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def device(self, path: str, mode: int = 0o660) -> Path:
        """Put a device file there, which belongs to a group that a stranger is not in."""
        file = self.write(path)
        file.chmod(mode)
        return file

    def change(self, **what: Any) -> None:
        """Put something else in the place of a part of the surroundings."""
        self.surroundings = replace(self.surroundings, **what)

    def look(self, check: Check) -> list[Finding]:
        """Return what a check finds."""
        return list(check.look(self.surroundings))

    def states(self, check: Check) -> list[str]:
        """Return the states that a check finds."""
        return [finding.state for finding in self.look(check)]


def member(account: Account = STRANGER) -> Account:
    """Return the account as one that is in the group of the files that a test makes."""
    own = frozenset({os.getgid()})
    return replace(account, groups=account.groups | own, listed=account.listed | own)


def silent(command: Sequence[str]) -> str | None:
    """Answer as a system does that has none of the commands."""
    return None


def answering(status: Mapping[str, Any]) -> Callable[[object], Mapping[str, Any]]:
    """Return a running device with this status."""
    return lambda page: status
