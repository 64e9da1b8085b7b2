"""The folder of the model sets that came over the air, as it is read.

<id>/         a set; nothing in it is ever changed
current       link to the set in use; none: the shipped set is in use
previous      link to the one before
trial.json    the set that is being tried
floor.json    the highest release ever committed, and a time that has surely passed
refused.json  sets that failed, were revoked or rolled back
pin.json      the set in use stays, while this is there
.staging/     what is being fetched
.lock         held by whoever fetches;  .change: by whoever changes the links and files above
"""

from __future__ import annotations

from pathlib import Path

from soundit_edge.inference.manifest import Manifest
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.update.failure import SetDamagedError
from soundit_edge.update.sets.links import linked_set
from soundit_edge.update.sets.records import Floor, Refused, SetTrial, read_record
from soundit_edge.update.sets.set_id import release_of
from soundit_edge.update.sets.verify import verify_set


class SetFolder:
    """Reads the folder. Nothing is kept in memory: each call looks at the disk.

    Attributes:
        folder: of the sets.
        shipped: of the shipped set.
    """

    def __init__(self, folder: Path, shipped: Path) -> None:
        """Look at a folder of sets, which need not be there yet."""
        self.folder = folder
        self.shipped = shipped

    @property
    def staging(self) -> Path:
        """Return the folder of what is being fetched."""
        return self.folder / ".staging"

    @property
    def lock(self) -> Path:
        """Return the lock of whoever fetches."""
        return self.folder / ".lock"

    @property
    def change_lock(self) -> Path:
        """Return the lock of whoever changes the links and the records."""
        return self.folder / ".change"

    def folder_of(self, set_id: str | None) -> Path:
        """Return the folder of a set; None: of the shipped one."""
        return self.shipped if set_id is None else self.folder / set_id

    def current(self) -> str | None:
        """Return the set that is in use; None: the shipped one."""
        return linked_set(self.folder / "current")

    def previous(self) -> str | None:
        """Return the set to go back to; None: the shipped one."""
        previous = linked_set(self.folder / "previous")
        return None if previous == self.current() or previous in self.refused() else previous

    def trial(self) -> SetTrial | None:
        """Return the trial that is running; None: none is."""
        trial = read_record(self.folder / "trial.json", SetTrial)
        if trial is None or not self.folder_of(trial.set).is_dir():
            return None
        return None if trial.set == self.current() or trial.set in self.refused() else trial

    def floor(self) -> Floor:
        """Return the floors: what was written, but never below the release of the shipped set or of the one in use."""
        written = read_record(self.folder / "floor.json", Floor) or Floor()
        current = self.current()
        in_use = 0 if current is None else release_of(current)
        return Floor(release=max(written.release, in_use, self.shipped_release()), clock=written.clock)

    def refused(self) -> dict[str, str]:
        """Return why each set that is not to be taken again is not."""
        return (read_record(self.folder / "refused.json", Refused) or Refused()).sets

    def manifest_of(self, set_id: str | None) -> Manifest | None:
        """Return the manifest of a set that is whole (None: the shipped one); None where it is not."""
        try:
            return verify_set(self.folder_of(set_id), set_id)
        except SetDamagedError:
            return None

    def is_whole(self, set_id: str | None) -> bool:
        """Return whether every file of a set is as its manifest says."""
        return self.manifest_of(set_id) is not None

    def pinned(self) -> bool:
        """Return whether the set in use stays, whatever the mirrors offer."""
        return (self.folder / "pin.json").exists()

    def shipped_release(self) -> int:
        """Return the release of the shipped set: the floor that is built in; 0: it was never published."""
        try:
            return ModelSet(self.shipped).manifest.release
        except ModelSetError:
            return 0
