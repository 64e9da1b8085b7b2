"""What decides when in a staged roll-out a device's turn is: a number that was drawn once, and never leaves it."""

from __future__ import annotations

import re
import secrets
from typing import Final

from soundit_edge import paths
from soundit_edge.files import write_whole
from soundit_edge.text import reason
from soundit_edge.update.failure import StoreError

FILE: Final = "update_id"
"""Name of the file in the state folder."""
_ID: Final = re.compile(r"[0-9a-f]{16}")


def device_id() -> str:
    """Return the sixteen hexadecimal digits of this device; draws and keeps them where there are none.

    Raises:
        NoHome: this user has no place for what the device remembers.
        StoreError: they cannot be kept, nor could an update be.
    """
    path = paths.state_folder() / FILE
    try:
        kept = path.read_bytes()[:64].decode(errors="replace").strip()
    except OSError:
        kept = ""
    if _ID.fullmatch(kept):
        return kept
    drawn = secrets.token_hex(8)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, f"{drawn}\n".encode())
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({reason(error)}), so no update can be kept either.") from error
    return drawn
