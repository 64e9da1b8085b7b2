"""The clock: schedules and certificates need the right time, and many boards have no clock of their own."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import soundit_edge
from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings

DAY_S: Final = 86_400.0
SET: Final = "sudo timedatectl set-ntp true, or set it by hand: sudo timedatectl set-time 'YYYY-MM-DD HH:MM'"


def look(here: Surroundings) -> Iterator[Finding]:
    """Find whether the time can be right, and whether it is kept right from the network."""
    now = here.now()
    shown = datetime.datetime.fromtimestamp(now).astimezone().strftime("%Y-%m-%d %H:%M %Z")
    if now < Path(soundit_edge.__file__).stat().st_mtime - DAY_S:
        yield Finding("clock", "bad", f"it says {shown}, which is before this program was installed", SET)
        return
    synchronised = is_synchronised(here)
    if synchronised is False:
        yield Finding("clock", "note", f"{shown}, and nothing keeps it right: schedules drift", SET)
    else:
        kept = ", kept right from the network" if synchronised else ""
        yield Finding("clock", "ok", f"{shown}{kept}")


def is_synchronised(here: Surroundings) -> bool | None:
    """Return whether the time comes from the network; None where nobody says."""
    if (here.root / "run/systemd/timesync/synchronized").exists():
        return True
    if not (here.root / "run/systemd/system").exists():
        return None
    said = (here.output_of(("timedatectl", "show", "--property=NTPSynchronized", "--value")) or "").strip()
    return {"yes": True, "no": False}.get(said)


CHECK: Final = Check("clock", look)
CHECKS: Final = (CHECK,)
