"""Models compiled for an Edge TPU: a folder of .tflite files with a manifest that says which set they were made from.

The tool compile_edgetpu makes it (docs/accelerators.md).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from soundit_edge import paths
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.manifest import MANIFEST, FileEntry
from soundit_edge.inference.models import ModelSet
from soundit_edge.text import reason

log = logging.getLogger(__name__)

COMPILED: Final = "edgetpu.json"
_AGAIN: Final = "compile them as docs/accelerators.md says"


class CompiledModel(BaseModel):
    """One compiled model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(pattern=r"^[A-Za-z0-9_]+\.tflite$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class CompiledManifest(BaseModel):
    """The content of `edgetpu.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    set: str = Field(pattern=r"^[0-9a-f]{64}$", description="The SHA-256 of the manifest of the set it was made from.")
    compiler: str = Field(description="The compiler's name and version.")
    models: dict[str, CompiledModel] = Field(description="By their name in the set.")


def set_digest(models: ModelSet) -> str:
    """Return the SHA-256 of a set's manifest, which stands for the whole set: it holds the sums of all files.

    Raises:
        OSError: the manifest is gone.
    """
    return hashlib.sha256((models.folder / MANIFEST).read_bytes()).hexdigest()


def compiled_files(models: ModelSet, folder: Path | None = None) -> Mapping[str, Path]:
    """Return the compiled files of a set by the model's name; those that are damaged are left out.

    Args:
        models: the set.
        folder: where they lie; None: in the set itself, where it brings its own, else in the user's own folder.

    Raises:
        DelegateError: there is no manifest, it is broken or of another set, or all files are damaged.
    """
    own = {name: entry.edgetpu for name, entry in models.manifest.models.items() if entry.edgetpu is not None}
    if own and folder is None:
        return _whole_files(models.folder, own, "install the model set again")
    folder = folder or paths.if_any(paths.edgetpu_folder)
    if folder is None or not (folder / COMPILED).is_file():
        raise DelegateError(Failure.ABSENT, f"no models are compiled for it; {_AGAIN}")
    path = folder / COMPILED
    try:
        manifest = CompiledManifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        why = reason(error) if isinstance(error, OSError) else error.errors()[0]["msg"]
        raise DelegateError(Failure.UNUSABLE, f"{path}: broken ({why}); {_AGAIN}") from error
    if manifest.set != set_digest(models):
        raise DelegateError(Failure.UNUSABLE, f"{folder}: the models were compiled from another set; {_AGAIN}")
    listed = {name: compiled for name, compiled in manifest.models.items() if name in models.manifest.models}
    return _whole_files(folder, listed, _AGAIN)


def _whole_files(folder: Path, listed: Mapping[str, CompiledModel | FileEntry], remedy: str) -> Mapping[str, Path]:
    """Return the files that are as they are listed, by the model's name.

    Raises:
        DelegateError: none is.
    """
    files: dict[str, Path] = {}
    for name, compiled in sorted(listed.items()):
        file = folder / compiled.file
        if _is_whole(file, compiled.sha256):
            files[name] = file
        else:
            log.warning("%s: missing or damaged, so %s stays on the CPU; %s", file, name, remedy)
    if not files:
        raise DelegateError(Failure.UNUSABLE, f"{folder}: no compiled model is whole; {remedy}")
    return files


def _is_whole(file: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    except OSError:
        return False
