"""Find the set to start with: the one in use, or, where it is damaged, the one before, or the shipped one."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from soundit_edge import paths
from soundit_edge.inference.models import default_folder
from soundit_edge.update.failure import SetDamagedError, UpdateError
from soundit_edge.update.sets.folder import SetFolder
from soundit_edge.update.sets.store import SetStore
from soundit_edge.update.sets.verify import verify_set

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ActiveSet:
    """The set to start with.

    Attributes:
        folder: where it lies.
        set_id: its id; None: it is the shipped one.
        remark: one line for the user where it is not the one that was in use; else "".
    """

    folder: Path
    set_id: str | None
    remark: str = ""


def open_store() -> SetStore:
    """Return the user's store of sets; for a user without a home folder, one in which there is never any.

    Raises:
        ModelSetError: there is no shipped set.
    """
    return SetStore(paths.if_any(paths.sets_folder) or Path(os.devnull, "sets"), default_folder())


def active_set(store: SetFolder | None = None) -> ActiveSet:
    """Return the set to use, and change nothing on the disk: for whoever is not the device itself.

    Args:
        store: where the sets lie; None: the user's.

    Raises:
        ModelSetError: there is no shipped set.
    """
    store = store or open_store()
    current = store.current()
    if current is None:
        return ActiveSet(store.shipped, None)
    refused = store.refused()
    if current in refused:  # the power went while it was rolled back
        return _before(store, f"The model set {current} was given up: {refused[current]}.")
    try:
        verify_set(store.folder_of(current), current)
    except SetDamagedError as error:
        return _before(store, f"The model set {current} cannot be used any more: {error}.")
    return ActiveSet(store.folder_of(current), current)


def find_active(store: SetStore) -> ActiveSet:
    """Return the set to start with; bring what a power cut left in the middle of a change to its end.

    A disk that cannot be written is logged: the device starts with a whole set all the same.
    """
    active = active_set(store)
    if active.remark:
        log.error("%s", active.remark)
        _try("go back", store.leave_damaged)
    elif active.set_id is not None:
        in_use = active.set_id
        _try("finish what was begun", lambda: store.commit(in_use))
    return active


def _before(store: SetFolder, remark: str) -> ActiveSet:
    previous = store.previous()
    if previous is not None and not store.is_whole(previous):
        previous = None
    return ActiveSet(store.folder_of(previous), previous, remark)


def _try(what: str, work: Callable[[], object]) -> None:
    try:
        work()
    except UpdateError as error:
        log.warning("cannot %s: %s", what, error)
