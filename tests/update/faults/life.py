"""A device's life to which everything happens: it fetches a set, tries it and keeps it, again and again."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from soundit_edge.update.failure import UpdateError
from soundit_edge.update.sets import staging
from soundit_edge.update.sets.active import find_active
from soundit_edge.update.sets.garbage import collect_garbage
from soundit_edge.update.sets.store import SetStore
from soundit_edge.update.sets.verify import verify_set
from tests.update.faults.faulty_disk import FaultyDisk
from tests.update.made_sets import make_set
from tests.update.receiver import Receiver
from tests.update.repository import Repository

ROLES = ("root", "timestamp", "snapshot", "targets")
OLDER, OLD, NEW = make_set(1), make_set(2), make_set(3, card=bytes(40_000))


class Life:
    """A device with two sets that takes a third: fetched, tried, kept; and everything again from the beginning."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, disk: type[FaultyDisk] = FaultyDisk) -> None:
        # The models are loaded in the tests of the whole; here it is done a hundred times, and changes no disk.
        patch.setattr(staging, "verify_models", lambda folder: None)
        self.repository = Repository()
        for made in (OLDER, OLD):
            self.repository.offer(made)
        self._begin = folder / "begin"
        self._begin.mkdir()
        self._shipped = folder / "shipped"  # never changed: the same for all
        device = Receiver(self._begin, self.repository, self._shipped)
        for made in (OLDER, OLD):
            made.write(device.store.folder)
            device.store.begin_trial(made.set_id, 0.0)
            device.store.commit(made.set_id)
        device.update()
        self.repository.offer(NEW)
        self._folder = folder / "device"
        self._folder.mkdir()
        self.disk = disk(self._folder, patch)
        self.again()

    def again(self) -> None:
        """Begin anew."""
        self.disk.repair()
        shutil.rmtree(self._folder)
        shutil.copytree(self._begin, self._folder, symlinks=True, copy_function=os.link)
        self.device = Receiver(self._folder, self.repository, self._shipped)
        self.store = self.device.store
        self.disk.repair()  # what was put there counts as durable

    def whole_sets(self) -> set[str | None]:
        """What the links and the trial lead to is whole; return what the device would start with, and try."""
        store = SetStore(self.store.folder, self.store.shipped)
        for link in ("current", "previous"):
            path = store.folder / link
            if path.is_symlink():
                verify_set(path.resolve(), os.readlink(path))
        trial = store.trial()
        if trial is not None:
            verify_set(store.folder_of(trial.set), trial.set)
        active = find_active(store)
        verify_set(active.folder, active.set_id)
        return {active.set_id, trial.set if trial is not None else active.set_id}

    def operations(self, work: Callable[[], object]) -> list[str]:
        """Do the work without a fault, and return the names of its operations."""
        self.disk.fail(1 << 30)
        work()
        done = list(self.disk.done)
        self.again()
        return done

    def ends_well(self, at: str) -> set[str | None]:
        """After a kill, what is there is whole, and the next run brings the update to its end.

        Args:
            at: the operation before which it was killed.

        Returns:
            The sets that the device would have started with, and tried, before that run.
        """
        running = self.whole_sets()
        assert running <= {OLD.set_id, NEW.set_id}, at
        if self.store.current() != NEW.set_id:
            assert self.device.update().ended in ("fetched", "nothing"), at
            self.keep()
        assert self.whole_sets() == {NEW.set_id}, at
        assert self.store.previous() == OLD.set_id, at
        assert self.store.floor().release == 3, at
        assert self.store.trial() is None, at
        collect_garbage(self.store)
        left = {path.name for path in self.store.folder.iterdir()}
        ours = {".lock", ".change", ".staging", "floor.json", "current", "previous"}
        assert left - ours == {OLD.set_id, NEW.set_id}, at
        lists = {path.name for path in self.device.lists.iterdir()}
        assert lists == {f"{role}.json" for role in ROLES} | {"root_history"}, at
        return running

    def fetch(self) -> None:
        result = self.device.update()
        if result.ended == "failed":
            raise UpdateError(result.why)

    def keep(self) -> None:
        assert self.store.count_try() is not None
        self.store.commit(NEW.set_id)

    def live(self) -> None:
        self.fetch()
        self.keep()
        with contextlib.suppress(OSError):
            collect_garbage(self.store)
