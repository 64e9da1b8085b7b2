"""What this device asks its mirrors: made of its settings, its sticks and what it is."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import Final

from soundit_edge import __version__
from soundit_edge.inference.delegates.edgetpu import find_library
from soundit_edge.inference.delegates.failure import DelegateError
from soundit_edge.settings import UpdateSettings
from soundit_edge.update.device.device_id import device_id
from soundit_edge.update.device.sticks import mounted_sticks, stick_mirrors
from soundit_edge.update.messages import UpdateRequest

NO_MIRROR: Final = (
    "There is no mirror to fetch models from: name one in the settings, under Mirrors, or plug in a USB stick with the "
    "folder soundit-models."
)


def mirrors_of(settings: UpdateSettings, first: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the mirrors to ask, in order. It reads the sticks, and waits for those that are slow.

    Args:
        settings: of updates.
        first: addresses of sticks that are asked before all others, because they were just plugged in.
    """
    sticks = stick_mirrors(mounted_sticks()) if settings.sticks else ()
    return tuple(dict.fromkeys((*first, *settings.mirrors, *sticks)))


def request_of(mirrors: Sequence[str], *, fetch: bool, again: bool = False) -> UpdateRequest:
    """Return what the process of an update is asked.

    Args:
        mirrors: in the order in which they are asked.
        fetch: whether to fetch what is offered and to begin its trial.
        again: whether sets that were refused are taken, too.

    Raises:
        NoHome: this user has no place for what the device remembers.
        StoreError: that place cannot be written.
    """
    return UpdateRequest(
        mirrors=tuple(mirrors),
        device_id=device_id(),
        hardware=hardware(),
        version=__version__,
        fetch=fetch,
        again=again,
    )


def hardware() -> frozenset[str]:
    """Return what sets may be for that runs here: the processor's name, and "edgetpu" where its library is."""
    try:
        find_library("")
    except DelegateError:
        return frozenset({platform.machine()})
    return frozenset({platform.machine(), "edgetpu"})
