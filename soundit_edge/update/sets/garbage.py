"""Remove the sets that nothing leads to any more, and what broken-off changes left behind."""

from __future__ import annotations

import shutil
from collections.abc import Collection

from soundit_edge.files import make_durable
from soundit_edge.update.sets.folder import SetFolder
from soundit_edge.update.sets.lock import locked
from soundit_edge.update.sets.set_id import is_set_id


def collect_garbage(sets: SetFolder, keep: Collection[str] = ()) -> list[str]:
    """Remove all sets but the one in use, the one before and the one on trial, and temporary files.

    Only for the holder of the lock `SetFolder.lock`: whoever fetches must not lose what was just fetched.

    Args:
        sets: the folder.
        keep: ids of further sets that stay, and whose staging stays.

    Returns:
        The ids of the sets that were removed.

    Raises:
        OSError: something cannot be removed.
    """
    with locked(sets.change_lock, wait=True):
        trial = sets.trial()
        kept = {sets.current(), sets.previous(), trial.set if trial is not None else None, *keep}
        removed = []
        for path in list(sets.folder.iterdir()):
            if is_set_id(path.name) and path.name not in kept:
                shutil.rmtree(path)
                removed.append(path.name)
            elif path.name.startswith(".soundit-"):
                path.unlink()
        if sets.staging.is_dir():
            for path in list(sets.staging.iterdir()):
                if path.name in keep:
                    continue
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
        make_durable(sets.folder)
    return removed
