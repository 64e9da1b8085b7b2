"""Users and their groups: who may open which device file."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SERVICE_USER: Final = "soundit-edge"
"""Of the installed service."""
ROOT: Final = 0


@dataclass(frozen=True, slots=True)
class Account:
    """A user.

    Attributes:
        name: of the user.
        number: of the user.
        groups: numbers of the groups that count now: for a running process those that it was started with.
        listed: numbers of the groups that the user is in by the list of groups, which count from the next login on.
    """

    name: str
    number: int
    groups: frozenset[int]
    listed: frozenset[int] = frozenset()

    def may_open(self, device: Path) -> bool:
        """Return whether this user may read and write a device file, by its owner, group and mode.

        Raises:
            OSError: it is not there.
        """
        if self.number == ROOT:
            return True
        found = device.stat()
        if found.st_uid == self.number:
            wanted = stat.S_IRUSR | stat.S_IWUSR
        elif found.st_gid in self.groups:
            wanted = stat.S_IRGRP | stat.S_IWGRP
        else:
            wanted = stat.S_IROTH | stat.S_IWOTH
        # Whoever sits at the computer gets devices by an access list, which a mode does not show.
        return found.st_mode & wanted == wanted or (self.number == os.getuid() and os.access(device, os.R_OK | os.W_OK))


def own_account() -> Account:
    """Return the user of this process; one without an entry in the list of users has its number for a name."""
    number = os.getuid()
    try:
        entry = pwd.getpwuid(number)
    except KeyError:
        return Account(str(number), number, frozenset(os.getgroups()))
    listed = frozenset(os.getgrouplist(entry.pw_name, entry.pw_gid))
    return Account(entry.pw_name, number, frozenset({os.getgid(), *os.getgroups()}), listed)


def account_of(name: str) -> Account | None:
    """Return a user by name; None where there is none of that name."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    groups = frozenset(os.getgrouplist(name, entry.pw_gid))
    return Account(name, entry.pw_uid, groups, groups)


def group_name(number: int) -> str:
    """Return the name of a group; its number where it has none."""
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
