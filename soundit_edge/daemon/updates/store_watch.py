"""Watches the folder of the model sets, which other processes change: the command line, and the updater's timer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from soundit_edge.control.update_status import SetInUse
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.update.sets.active import ActiveSet
from soundit_edge.update.sets.folder import SetFolder

_WATCHED: Final = ("current", "previous", "trial.json", "refused.json", "pin.json")
Stamp = tuple[int, int, int] | None
"""Changes with each change of a file; None: there is none."""


@dataclass(frozen=True, slots=True)
class StoreView:
    """What the folder says.

    Attributes:
        current: the set that is to be in use; None: the shipped one.
        trial: the set that is to be tried; None: none is.
        trial_stamp: changes with each change of the trial.
        pinned: whether the set in use stays.
        refused: why each set that is not taken again is not.
        in_use: the set that the device uses, for people.
    """

    current: str | None = None
    trial: str | None = None
    trial_stamp: Stamp = None
    pinned: bool = False
    refused: Mapping[str, str] = field(default_factory=dict)
    in_use: SetInUse = field(default_factory=SetInUse)


class StoreWatch:
    """Reads the folder where something in it has changed, and only then. For a thread: a disk may be slow."""

    def __init__(self, sets: SetFolder) -> None:
        """Look at nothing yet."""
        self._sets = sets
        self._seen: tuple[object, ...] = ()
        self._view = StoreView()

    def look(self, active: ActiveSet) -> StoreView:
        """Return what the folder says now.

        Args:
            active: the set that the device uses.
        """
        stamps = {name: _stamp(self._sets.folder / name) for name in _WATCHED}
        seen = (active, *stamps.values())
        if seen != self._seen:
            trial = self._sets.trial()
            self._view = StoreView(
                current=self._sets.current(),
                trial=None if trial is None else trial.set,
                trial_stamp=stamps["trial.json"],
                pinned=self._sets.pinned(),
                refused=self._sets.refused(),
                in_use=described(active),
            )
            self._seen = seen
        return self._view


def described(active: ActiveSet) -> SetInUse:
    """Return the set in use, for people. Reads its manifest."""
    set_id, shipped = active.set_id or "", active.set_id is None
    try:
        manifest = ModelSet(active.folder).manifest
    except ModelSetError:
        return SetInUse(id=set_id, shipped=shipped)
    return SetInUse(id=set_id, name=manifest.name, release=manifest.release, notes=manifest.notes, shipped=shipped)


def _stamp(path: Path) -> Stamp:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
