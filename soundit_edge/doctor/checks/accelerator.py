"""Accelerators of the models: what they do, and a Coral that is plugged in and cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.errors import SounditError
from soundit_edge.inference.delegates.accelerator import INSTEAD, find_accelerator
from soundit_edge.inference.delegates.edgetpu import find_library
from soundit_edge.inference.delegates.failure import DelegateError
from soundit_edge.inference.delegates.verdict import file as verdict_file
from soundit_edge.inference.models import ModelSet
from soundit_edge.settings import SettingsError
from soundit_edge.update.sets.active import active_set

LIMIT_S: Final = 25.0
"""One that was not tried before is tried now, in a process of its own, which may hang."""
CORAL: Final = frozenset({("1a6e", "089a"), ("18d1", "9302")})
"""Vendor and product of Coral's USB accelerator: before its firmware runs, and afterwards."""
GROUP: Final = "plugdev"


def look(here: Surroundings) -> Iterator[Finding]:
    """Find what it does for the models; it is tried where that was not done before."""
    try:
        accelerator = find_accelerator(here.settings.inference, ModelSet(active_set().folder))
    except DelegateError as error:  # the device does without
        yield Finding("accelerator", "ok", f"none: {error}")
        return
    except SettingsError:
        yield Finding("accelerator", "ok", "unknown: see the settings above")
        return
    if accelerator is None:
        yield Finding("accelerator", "ok", "none: the CPU runs all models")
        return
    verdict = accelerator.verdict()
    tried = verdict.describe(accelerator.state().name)
    if verdict.used:
        yield Finding("accelerator", "ok", tried)
        return
    again = f"; remove {verdict_file()} to have it tried again" if verdict.lasts else ""
    yield Finding("accelerator", "ok", f"{tried}: {INSTEAD}{again}")


def look_for_coral(here: Surroundings) -> Iterator[Finding]:
    """Find each Coral on USB, and what keeps it from being used."""
    for device in corals(here):
        numbers = here.number(device / "busnum"), here.number(device / "devnum")
        node = here.root / "dev/bus/usb" / "/".join(f"{number or 0:03}" for number in numbers)
        try:
            allowed = here.account.may_open(node)
        except OSError:
            allowed = True  # it has just been given another number
        if (missing := _missing_library(here)) is not None:
            mend = "install libedgetpu and a model set that was compiled for it: see docs/accelerators.md"
            yield Finding("coral", "note", f"it is plugged in, and {missing}: {INSTEAD}", mend)
        elif not allowed:
            mend = f"sudo usermod -aG {GROUP} {here.account.name}, a udev rule for it, and log in again"
            yield Finding("coral", "bad", f"it is plugged in, and {here.account.name} may not use it", mend)
        else:
            yield Finding("coral", "ok", "it is plugged in")


def corals(here: Surroundings) -> list[Path]:
    """Return the kernel's folders of the Corals that are plugged in."""
    found = [path.parent for path in here.found("sys/bus/usb/devices/*/idVendor")]
    return [path for path in found if (here.text(path / "idVendor"), here.text(path / "idProduct")) in CORAL]


def _missing_library(here: Surroundings) -> str | None:
    try:
        find_library(here.settings.inference.accelerator_library)
    except SettingsError:
        return None
    except SounditError as error:
        return str(error)
    return None


ACCELERATOR: Final = Check("accelerator", look, LIMIT_S)
CORAL_ON_USB: Final = Check("coral", look_for_coral)
CHECKS: Final = (
    ACCELERATOR,
    CORAL_ON_USB,
)
