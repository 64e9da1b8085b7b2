"""Any external TFLite delegate, by the path of its library and its options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.delegates.kind import DelegateKind
from soundit_edge.inference.models import ModelSet


def find_library(chosen: str) -> Path:
    """Return the path of the library that the user has chosen.

    Raises:
        DelegateError: none is chosen, or it is not there.
    """
    if not chosen:
        raise DelegateError(Failure.ABSENT, 'name its library: accelerator_library = "PATH" in [inference]')
    path = Path(chosen).expanduser()
    if not path.is_file():
        raise DelegateError(Failure.ABSENT, f"{path}: there is no such library")
    return path.resolve()


def model_files(models: ModelSet) -> Mapping[str, Path]:
    """Return the set's own files: other accelerators than the Edge TPU take them as they are."""
    return {name: models.folder / entry.file for name, entry in models.manifest.models.items()}


EXTERNAL: Final = DelegateKind("external", ("litert", "tflite-runtime"), find_library, model_files)
