"""Changes of the folder of model sets: begin and end a trial, put a set in use, go back.

Every change is one rename or one removal, in an order in which the device may lose its power between any two: what
`current` leads to is a whole set at every moment.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from soundit_edge.files import make_durable
from soundit_edge.text import reason
from soundit_edge.update.failure import StoreError
from soundit_edge.update.sets.folder import SetFolder
from soundit_edge.update.sets.links import set_link
from soundit_edge.update.sets.lock import locked
from soundit_edge.update.sets.records import Floor, Pin, Refused, SetTrial, read_record, write_record
from soundit_edge.update.sets.set_id import release_of
from soundit_edge.update.sets.verify import verify_set

TRIES: Final = 3
"""How often a set may be started in its trial before it counts as one that brings the device down."""


class SetStore(SetFolder):
    """Changes the folder. Processes that do so at once wait for each other; each call takes milliseconds."""

    def begin_trial(self, set_id: str, now: float, tries: int = TRIES) -> SetTrial:
        """Begin the trial of a set that was adopted.

        Args:
            set_id: the set.
            now: seconds since 1970.
            tries: how often it may be started.

        Raises:
            StoreError: another one is on trial, or the folder cannot be written.
            SetDamagedError: the set is not whole.
        """
        with self._changing():
            running = self.trial()
            if running is not None and running.set != set_id:
                raise StoreError(f"The set {running.set} is being tried; wait until it is kept or dropped.")
            verify_set(self.folder_of(set_id), set_id)
            trial = SetTrial(set=set_id, tries_left=tries, begun=now)
            write_record(self.folder / "trial.json", trial)
            return trial

    def count_try(self) -> SetTrial | None:
        """Count one start of the set on trial, before it is loaded; return the trial, or None where none is to be made.

        A set that has used up its tries is refused: it was started so often, and never came to its end.

        Raises:
            StoreError: the folder cannot be written; then the set must not be started.
        """
        with self._changing():
            trial = self.trial()
            if trial is None:
                self._forget_trial()
                return None
            if trial.tries_left == 0:
                self._refuse(trial.set, "it was started and never came to the end of its trial")
                self._forget_trial()
                return None
            counted = trial.model_copy(update={"tries_left": trial.tries_left - 1})
            write_record(self.folder / "trial.json", counted)
            return counted

    def commit(self, set_id: str) -> None:
        """Put a set that has passed its trial in use; the one before stays to go back to.

        Raises:
            StoreError: it is not on trial, or the folder cannot be written.
            SetDamagedError: it is not whole any more.
        """
        with self._changing():
            before = self.current()
            if before != set_id:
                trial = self.trial()
                if trial is None or trial.set != set_id:
                    raise StoreError(f"The set {set_id} is not being tried, and cannot be kept.")
                verify_set(self.folder_of(set_id), set_id)
                set_link(self.folder / "previous", before)
                set_link(self.folder / "current", set_id)
            self._raise_floor(release=release_of(set_id))
            if self.trial() is None:  # another set may be on trial when the device starts
                self._forget_trial()

    def drop_trial(self, why: str) -> None:
        """End the trial; the set is refused from now on.

        Args:
            why: what was wrong with it, in words for the user.

        Raises:
            StoreError: the folder cannot be written.
        """
        with self._changing():
            trial = self.trial()
            if trial is not None:
                self._refuse(trial.set, why)
            self._forget_trial()

    def roll_back(self, why: str) -> str | None:
        """Go back to the set before, or to the shipped one where none is whole; return which: None is the shipped one.

        Args:
            why: in words for the user; the set that was in use is refused from now on.

        Raises:
            StoreError: the shipped set is in use, or the folder cannot be written.
        """
        with self._changing():
            current = self.current()
            if current is None:
                raise StoreError("The shipped model set is in use: there is none to go back to.")
            self._refuse(current, why)
            return self._go_back()

    def leave_damaged(self) -> str | None:
        """Go back as `roll_back` does, from a set that is damaged on this disk; it may be fetched again.

        Raises:
            StoreError: the folder cannot be written.
        """
        with self._changing():
            return self._go_back()

    def refuse(self, set_id: str, why: str) -> None:
        """Remember that a set is not to be taken again.

        Raises:
            StoreError: the folder cannot be written.
        """
        with self._changing():
            self._refuse(set_id, why)

    def allow(self, set_id: str) -> None:
        """Forget why a set was refused, so that it may be taken again.

        Raises:
            StoreError: the folder cannot be written.
        """
        with self._changing():
            refused = Refused(sets=self.refused())
            if set_id in refused.sets:
                write_record(self.folder / "refused.json", refused.without(set_id))

    def pin(self, *, pinned: bool) -> None:
        """Let the set in use stay, whatever the mirrors offer, or no longer.

        Raises:
            StoreError: the folder cannot be written.
        """
        with self._changing():
            path = self.folder / "pin.json"
            if pinned:
                write_record(path, Pin(set=self.current()))
            elif path.exists():
                path.unlink()
                make_durable(self.folder)

    def raise_clock(self, clock: float) -> None:
        """Remember that a time has passed, in seconds since 1970.

        Raises:
            StoreError: the folder cannot be written.
        """
        with self._changing():
            self._raise_floor(clock=clock)

    def _go_back(self) -> str | None:
        current, previous = self.current(), self.previous()
        if previous is not None and not self.is_whole(previous):
            previous = None
        if current is not None:
            self._raise_floor(release=release_of(current))
        set_link(self.folder / "current", previous)
        set_link(self.folder / "previous", None)
        return previous

    def _refuse(self, set_id: str, why: str) -> None:
        write_record(self.folder / "refused.json", Refused(sets=self.refused()).with_one(set_id, why))

    def _raise_floor(self, release: int = 0, clock: float = 0.0) -> None:
        written = read_record(self.folder / "floor.json", Floor) or Floor()
        raised = Floor(release=max(written.release, release), clock=max(written.clock, clock))
        if raised != written:
            write_record(self.folder / "floor.json", raised)

    def _forget_trial(self) -> None:
        path = self.folder / "trial.json"
        if path.exists():
            path.unlink()
            make_durable(self.folder)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.change_lock, wait=True):
                yield
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be written ({reason(error)}); the set in use stays.") from error
