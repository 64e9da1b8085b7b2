"""The links `current` and `previous`: each leads to a set beside it, and is replaced by one rename."""

from __future__ import annotations

import os
from pathlib import Path

from soundit_edge.files import make_durable, temporary_beside
from soundit_edge.update.sets.set_id import is_set_id


def linked_set(link: Path) -> str | None:
    """Return the id of the set that a link leads to; None where there is no link, or it leads elsewhere."""
    try:
        name = os.readlink(link)
    except OSError:
        return None
    return name if is_set_id(name) and (link.parent / name).is_dir() else None


def set_link(link: Path, set_id: str | None) -> None:
    """Let a link lead to a set, whatever it led to before, in one step.

    Args:
        link: the link.
        set_id: the set, which lies beside the link; None: there is to be no link.

    Raises:
        OSError: it cannot be written; it is as it was.
    """
    if set_id is None:
        if not link.is_symlink():
            return
        os.unlink(link)
    else:
        temporary = temporary_beside(link)
        os.symlink(set_id, temporary)
        os.replace(temporary, link)
    make_durable(link.parent)
