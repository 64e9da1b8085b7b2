"""Whether those who run the device may open what is plugged in: cameras, sound cards, pins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.doctor.accounts import Account
from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class DeviceGroup:
    """A kind of device that belongs to a group.

    Attributes:
        group: the usual one, where the device file's own does not say more.
        pattern: of the device files, below the root.
        use: what they are for, in words for people.
    """

    group: str
    pattern: str
    use: str


DEVICES: Final = (
    DeviceGroup("video", "dev/video*", "the camera"),
    DeviceGroup("audio", "dev/snd/pcm*", "microphone and speaker"),
    DeviceGroup("gpio", "dev/gpiochip*", "buttons and lights"),
)


def look(here: Surroundings) -> Iterator[Finding]:
    """Find which devices may not be opened, by the user who asks and by the service's."""
    for account in {a.number: a for a in (here.account, here.service) if a is not None}.values():
        shut = [(kind, path) for kind in DEVICES if (path := _shut(here, account, kind)) is not None]
        if not shut:
            yield Finding("groups", "ok", f"{account.name} may use what is plugged in")
        for kind, path in shut:
            yield Finding("groups", "bad", f"{account.name} may not use {kind.use}", _mend(here, account, kind, path))


def _shut(here: Surroundings, account: Account, kind: DeviceGroup) -> Path | None:
    """Return the first of the devices of a kind, where none of them may be opened."""
    paths = here.found(kind.pattern)
    for path in paths:
        try:
            if account.may_open(path):
                return None
        except OSError:  # unplugged just now
            return None
    return paths[0] if paths else None


def _mend(here: Surroundings, account: Account, kind: DeviceGroup, path: Path) -> str:
    try:
        owner = path.stat().st_gid
    except OSError:
        return ""
    group = here.group_name(owner) if owner else kind.group
    if owner in account.listed - account.groups:
        return f"{account.name} is in the group {group} since the last login: log out and in again, or restart"
    return f"sudo usermod -aG {group} {account.name}, then log out and in again, or restart"


CHECK: Final = Check("groups", look)
CHECKS: Final = (CHECK,)
