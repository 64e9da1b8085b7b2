"""Any external TFLite delegate, by the path of its library and its options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from soundit_edge.inference.delegates.kind import DelegateKind
from soundit_edge.inference.delegates.libraries import chosen_library
from soundit_edge.inference.models import ModelSet


def model_files(models: ModelSet) -> Mapping[str, Path]:
    """Return the set's own files: other accelerators than the Edge TPU take them as they are."""
    return {name: models.folder / entry.file for name, entry in models.manifest.models.items()}


EXTERNAL: Final = DelegateKind("external", ("litert", "tflite-runtime"), chosen_library, model_files)
