"""A folder of models as the tool compile_edgetpu makes it, for stand-ins that take them as they are."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from soundit_edge.inference.delegates.compiled import COMPILED, set_digest
from soundit_edge.inference.models import ModelSet
from tests.inference.delegates.stand_in import MODEL


def compile_for_edgetpu(folder: Path, models: ModelSet, *names: str) -> Path:
    """Put "compiled" models into a folder, as `compile_edgetpu` does; return the manifest."""
    folder.mkdir(exist_ok=True)
    entries = {}
    for name in names or (MODEL,):
        file = f"{name}_edgetpu.tflite"
        shutil.copy(models.folder / models.entry(name).file, folder / file)
        entries[name] = {"file": file, "sha256": hashlib.sha256((folder / file).read_bytes()).hexdigest()}
    content = {"set": set_digest(models), "compiler": "Edge TPU Compiler version 16.0", "models": entries}
    (folder / COMPILED).write_text(json.dumps(content))
    return folder / COMPILED
