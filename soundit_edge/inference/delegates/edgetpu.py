"""Coral's Edge TPU: libedgetpu, and models that were compiled for it beforehand."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from typing import Final

from soundit_edge.inference.delegates import external
from soundit_edge.inference.delegates.compiled import compiled_files
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.delegates.kind import DelegateKind

LIBRARIES: Final = ("libedgetpu.so.1", "libedgetpu.so.1.0", "libedgetpu.so")
"""The names of the library on Linux, as Coral's and Feranick's packages install it."""
_SYSTEM: Final = (
    Path("/usr/local/lib"),
    Path("/usr/lib") / str(sysconfig.get_config_var("MULTIARCH")),  # such as aarch64-linux-gnu
    Path("/usr/lib"),
)


def find_library(chosen: str) -> Path:
    """Return the path of the library: the chosen one, or the first of `LIBRARIES` that is installed.

    Raises:
        DelegateError: it is not there.
    """
    if chosen:
        return external.find_library(chosen)
    for folder in _library_folders():
        for name in LIBRARIES:
            if (folder / name).is_file():
                return folder / name
    raise DelegateError(Failure.ABSENT, f"{LIBRARIES[0]} is not installed")


def _library_folders() -> list[Path]:
    """Return the folders in which the system's loader looks for libraries, in its order."""
    chosen = [Path(folder) for folder in os.environ.get("LD_LIBRARY_PATH", "").split(":") if folder]
    return [*chosen, *_SYSTEM]


EDGETPU: Final = DelegateKind("edgetpu", ("tflite-runtime", "litert"), find_library, compiled_files)
"""tflite-runtime first: libedgetpu was made for it. Which pairing works is decided by trying it."""
