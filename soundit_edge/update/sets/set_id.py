"""The id of a published set: its release and the beginning of its manifest's SHA-256, which stands for all of it."""

from __future__ import annotations

import hashlib
import re
from typing import Final

SET_ID: Final = r"^(0|[1-9][0-9]{0,9})-[0-9a-f]{12}$"
_PATTERN: Final = re.compile(SET_ID)


def set_id_of(release: int, manifest: bytes) -> str:
    """Return the id of a set.

    Args:
        release: its release counter.
        manifest: the bytes of its `set.json`.
    """
    return f"{release}-{hashlib.sha256(manifest).hexdigest()[:12]}"


def is_set_id(name: str) -> bool:
    """Return whether a name has the form of a set's id."""
    return _PATTERN.match(name) is not None and not name.endswith("\n")


def release_of(set_id: str) -> int:
    """Return the release counter in the id of a set.

    Raises:
        ValueError: it is no id.
    """
    if not is_set_id(set_id):
        raise ValueError(f"{set_id!r} is no id of a model set")
    return int(set_id.partition("-")[0])
