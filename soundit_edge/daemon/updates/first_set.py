"""The model set that the device starts with."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Collection

from soundit_edge.daemon.updates.loaded_set import Load, LoadedSet
from soundit_edge.inference.interpreter import InferenceError
from soundit_edge.update.failure import UpdateError
from soundit_edge.update.sets.active import ActiveSet, find_active
from soundit_edge.update.sets.store import SetStore

log = logging.getLogger(__name__)


def load_first(store: SetStore, load: Load, names: Collection[str]) -> tuple[ActiveSet, LoadedSet]:
    """Return the set in use with the senses of some names; one that cannot be loaded any more is given up.

    Args:
        store: has the sets.
        load: loads one.
        names: of the senses.

    Raises:
        InferenceError: the set before cannot be loaded either, so that it is no fault of the set's.
    """
    active = find_active(store)
    try:
        return active, load(active.folder, names)
    except InferenceError as error:
        if active.set_id is None:
            raise
        why = str(error)
    before = store.previous()
    if not store.is_whole(before):
        before = None
    loaded = load(store.folder_of(before), names)
    remark = f"The model set {active.set_id} cannot be used any more: {why}."
    log.error("%s", remark)
    try:
        store.roll_back(why)
    except UpdateError as error:
        log.warning("cannot go back: %s", error)
    return dataclasses.replace(active, folder=store.folder_of(before), set_id=before, remark=remark), loaded
