"""The device's ID at a broker. It stays the same for ever: by another one, Home Assistant takes it for a new device."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Final

from soundit_edge.files import write_whole
from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.paths import NoHome, state_folder
from soundit_edge.text import reason

FILE: Final = "mqtt_id"
"""Name of the file in the state folder."""
_ID: Final = re.compile(r"[0-9a-f]{8}")


def made_once() -> str:
    """Return the eight hexadecimal digits that this device was given when it was first asked. Reads and writes a file.

    Raises:
        IntegrationError: they cannot be read or kept.
    """
    try:
        path = state_folder() / FILE
        return _kept(path) or _new(path)
    except NoHome as error:
        raise IntegrationError("this user has no home folder to keep the device's ID in: set device_id") from error
    except OSError as error:
        raise IntegrationError(f"the device's ID cannot be kept ({reason(error)}): set device_id") from error


def _kept(path: Path) -> str | None:
    try:
        text = path.read_bytes()[:64].decode(errors="replace").strip()
    except FileNotFoundError:
        return None
    return text if _ID.fullmatch(text) else None  # damaged: Home Assistant sees a new device, which beats none


def _new(path: Path) -> str:
    made = secrets.token_hex(4)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, f"{made}\n".encode())
    return made
