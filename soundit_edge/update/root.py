"""The root of trust: the list of keys that everything else is believed by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root

from soundit_edge import paths
from soundit_edge.text import reason
from soundit_edge.update.failure import TrustError

BUILT_IN: Final = Path(__file__).with_name("root.json")
"""Where the vendor's build puts its own (docs/updates.md)."""


def read_root(built_in: Path = BUILT_IN, installed: Callable[[], Path] = paths.update_root_file) -> bytes:
    """Return the root of trust of this device.

    One that is built in counts alone: whoever can write the installation's file could else offer sets of their own.

    Args:
        built_in: the file of the root in the package, which may be missing.
        installed: gives the file of the installation's, for packages without one.

    Raises:
        TrustError: there is none, or it cannot be read.
    """
    path = built_in if built_in.is_file() else installed()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise TrustError(
            "Updates of the models are not set up on this device: its package has no root of trust, and there is no "
            f"{path}; see docs/updates.md."
        ) from None
    except OSError as error:
        raise TrustError(f"{path}: the root of trust cannot be read ({reason(error)}).") from error
    try:
        Metadata[Root].from_bytes(content)
    except RepositoryError as error:
        raise TrustError(f"{path}: is no root of trust; put it there again as the publisher gave it.") from error
    return content
