"""Where a delegate's library lies."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from soundit_edge.inference.delegates.failure import DelegateError, Failure

SYSTEM: Final = (
    Path("/usr/local/lib"),
    Path("/usr/lib") / str(sysconfig.get_config_var("MULTIARCH")),  # such as aarch64-linux-gnu
    Path("/usr/lib"),
)
"""The folders in which Linux looks for libraries, in its order."""


def chosen_library(chosen: str) -> Path:
    """Return the path of the library that the user has chosen, whole and without links.

    Raises:
        DelegateError: none is chosen, or it is not there.
    """
    if not chosen:
        raise DelegateError(Failure.ABSENT, 'name its library: accelerator_library = "PATH" in [inference]')
    path = Path(chosen).expanduser()
    if not path.is_file():
        raise DelegateError(Failure.ABSENT, f"{path}: there is no such library")
    return path.resolve()


def chosen_or_installed(chosen: str, names: Sequence[str]) -> Path:
    """Return the path of the library that the user has chosen, or of the first one that is installed.

    Args:
        chosen: a path, or "".
        names: by which the library is known, in the order in which they are looked for.

    Raises:
        DelegateError: the chosen one is not there, or none is installed.
    """
    if chosen:
        return chosen_library(chosen)
    own = [Path(folder) for folder in os.environ.get("LD_LIBRARY_PATH", "").split(":") if folder]
    for folder in (*own, *SYSTEM):
        for name in names:
            if (folder / name).is_file():
                return folder / name
    raise DelegateError(Failure.ABSENT, f"{names[0]} is not installed")
