"""Coral's Edge TPU: libedgetpu, and models that were compiled for it beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from soundit_edge.inference.delegates.compiled import compiled_files
from soundit_edge.inference.delegates.kind import DelegateKind
from soundit_edge.inference.delegates.libraries import chosen_or_installed

LIBRARIES: Final = ("libedgetpu.so.1", "libedgetpu.so.1.0", "libedgetpu.so")
"""The names of the library on Linux, as Coral's and Feranick's packages install it."""


def find_library(chosen: str) -> Path:
    """Return the path of the library: the chosen one, or the first of `LIBRARIES` that is installed.

    Raises:
        DelegateError: it is not there.
    """
    return chosen_or_installed(chosen, LIBRARIES)


EDGETPU: Final = DelegateKind("edgetpu", ("tflite-runtime", "litert"), find_library, compiled_files)
"""tflite-runtime first: libedgetpu was made for it. Which pairing works is decided by trying it."""
