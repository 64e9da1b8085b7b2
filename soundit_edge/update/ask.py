"""Ask the mirrors, one after the other, for the signed lists of what is offered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from soundit_edge.update.clock import about_the_clock
from soundit_edge.update.failure import MirrorError, TrustError, UpdateError
from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.mirrors.mirror import Mirror
from soundit_edge.update.trust import METADATA, ExpiredError, SignedLists, refresh

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FoundLists:
    """What a mirror has said.

    Attributes:
        lists: its signed lists.
        urls: the mirrors, the one that answered first.
    """

    lists: SignedLists
    urls: tuple[str, ...]


def ask(
    urls: Sequence[str],
    open_url: Callable[[str], Mirror],
    *,
    root: bytes,
    folder: Path,
    clock: float,
    believed: float,
    limits: UpdateLimits,
) -> FoundLists:
    """Return the signed lists of the first mirror that can be asked and trusted.

    Args:
        urls: the mirrors, in the order in which they are asked.
        open_url: opens one, or a folder of it.
        root: the root of trust that is built in.
        folder: where the lists are kept.
        clock: what the device's clock says, in seconds since 1970.
        believed: the time to judge by.
        limits: how large the lists may be.

    Raises:
        MirrorError: no mirror can be asked, or none is entered.
        TrustError: none can be trusted.
        StoreError: the folder cannot be written.
    """
    urls = tuple(url.rstrip("/") for url in urls)
    failures: list[UpdateError] = []
    for url in urls:
        try:
            lists = refresh(open_url(f"{url}/{METADATA}"), root, folder, believed, limits)
        except (MirrorError, TrustError) as error:
            log.warning("%s", error)
            failures.append(error)
        else:
            return FoundLists(lists, (url, *(other for other in urls if other != url)))
    if not failures:
        raise MirrorError("No mirror is entered to fetch models from; enter one in the settings.")
    worst = next((error for error in failures if isinstance(error, TrustError)), failures[0])
    why = f"{worst}; {about_the_clock(clock, believed)}" if isinstance(worst, ExpiredError) else str(worst)
    raise TrustError(why) if isinstance(worst, TrustError) else MirrorError(why)
