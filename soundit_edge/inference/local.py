"""Local models: the models that a user trained from own recordings, in a set of their own beside the shipped one.

The set lies in the user's data folder and has the shipped set's form. A model's file is named by its content, and the
manifest is replaced in one step: a reader of the set finds the old model or the new one, never a mixture.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from soundit_edge import paths
from soundit_edge.emotion import Emotion
from soundit_edge.files import write_whole
from soundit_edge.inference.golden import SUFFIX, golden_name
from soundit_edge.inference.manifest import MANIFEST, VERSION, Manifest, ModelEntry
from soundit_edge.inference.models import ModelSet, ModelSetError, describe
from soundit_edge.text import reason

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_LABEL: Final = re.compile(r"[^=,\s]+(=[a-z]+)?")


def local_set(folder: Path | None = None) -> ModelSet | None:
    """Return the set of local models; None where none is installed.

    Args:
        folder: the folder of the set; None: the user's.

    Raises:
        ModelSetError: the manifest is broken.
    """
    folder = folder or paths.if_any(paths.local_models_folder)
    if folder is None or not os.path.isfile(folder / MANIFEST):
        return None
    models = ModelSet(folder)
    return models if models.manifest.models else None


def install(
    path: Path, name: str, labels: Sequence[str], *, temperature: float = 1.0, folder: Path | None = None
) -> ModelEntry:
    """Install a model in the local set, in place of the one of the same name, whole or not at all.

    Args:
        path: an int8 .tflite file; it is copied.
        name: the name by which a sense finds it: a letter, then letters, digits and underscores, all lower case.
        labels: the meaning of each output; see `meaning`.
        temperature: as in `describe`.
        folder: the folder of the set; None: the user's.

    Returns:
        The new entry of the manifest.

    Raises:
        ModelSetError: the name or a label cannot be used, the manifest is broken, or the folder cannot be written.
        InferenceError: the file is no usable model.
        ValueError: the model does not have one output per label.
    """
    folder = folder or paths.local_models_folder()
    if not _NAME.fullmatch(name):
        raise ModelSetError(f"{name!r}: a model's name is made of small letters, digits and underscores")
    for label in labels:
        meaning(label)
    content = path.read_bytes()
    file = f"{name}_{hashlib.sha256(content).hexdigest()[:12]}.tflite"
    entry, golden = describe(path, file, labels, temperature)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / file, content)
        write_whole(folder / golden_name(file), golden)
        _write(folder, {**installed(folder), name: entry})
    except OSError as error:
        raise ModelSetError(f"{folder}: cannot be written ({reason(error)})") from error
    return entry


def remove(name: str, folder: Path | None = None) -> None:
    """Remove a model from the local set, so that the shipped one of its name is used again.

    Args:
        name: the name of the model.
        folder: the folder of the set; None: the user's.

    Raises:
        ModelSetError: there is no such local model, or the folder cannot be written.
    """
    folder = folder or paths.local_models_folder()
    models = installed(folder)
    if models.pop(name, None) is None:
        raise ModelSetError(f"no local model {name!r} in {folder} (there are: {', '.join(models) or 'none'})")
    try:
        _write(folder, models)
    except OSError as error:
        raise ModelSetError(f"{folder}: cannot be written ({reason(error)})") from error


def installed(folder: Path | None = None) -> dict[str, ModelEntry]:
    """Return the local models by name.

    Args:
        folder: the folder of the set; None: the user's.

    Raises:
        ModelSetError: the manifest is broken.
    """
    models = local_set(folder)
    return dict(models.manifest.models) if models is not None else {}


def meaning(label: str) -> tuple[str, Emotion | None]:
    """Return the name in a label of a local model, and the emotion that the label counts as, or None.

    "happy" is the name of an emotion; "wave=happy" is a name of the user's own that counts as one; "wave" counts as
    none: it is shown, and does not influence the mood.

    Raises:
        ModelSetError: the label is empty, contains a space or a comma, or names an unknown emotion.
    """
    if not _LABEL.fullmatch(label):
        raise ModelSetError(f"{label!r}: not a label; write NAME or NAME=EMOTION, without spaces and commas")
    name, _, emotion = label.partition("=")
    try:
        return name, Emotion(emotion or name)
    except ValueError:
        if not emotion:
            return name, None
        raise ModelSetError(f"{label!r}: no emotion {emotion!r} (there are: {', '.join(Emotion)})") from None


def _write(folder: Path, models: dict[str, ModelEntry]) -> None:
    """Write the manifest in one step, then remove the files that it no longer names."""
    manifest = Manifest(version=VERSION, name="local", models=dict(sorted(models.items())))
    write_whole(folder / MANIFEST, manifest.text().encode())
    named = {file for entry in models.values() for file in entry.files}
    for path in [*folder.glob("*.tflite"), *folder.glob(f"*{SUFFIX}")]:
        if path.name not in named:
            path.unlink()
