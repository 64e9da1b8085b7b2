"""Model sets: a folder of .tflite files with a manifest, checked byte by byte before a model is run.

Our own models come from `models/`; MediaPipe's detector and landmark models from its installed package, whose files are
found without importing it (that would cost four seconds and 100 MB).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from pydantic import ValidationError

from soundit_edge import paths
from soundit_edge.inference.golden import (
    TOLERANCE,
    GoldenFile,
    GoldenList,
    Integers,
    from_bytes,
    golden_input,
    golden_name,
    to_bytes,
)
from soundit_edge.inference.interpreter import InferenceError, LoadedModel, Model
from soundit_edge.inference.manifest import MANIFEST, Manifest, ModelEntry
from soundit_edge.inference.tuning.choice import DEFAULT, choice_for
from soundit_edge.text import reason

MEDIAPIPE: Final = (
    "face_detection/face_detection_full_range_sparse",
    "face_landmark/face_landmark",
    "pose_detection/pose_detection",
    "pose_landmark/pose_landmark_full",
)
"""The models of MediaPipe's that the senses use, by their names for `mediapipe_model`."""


class ModelSetError(InferenceError):
    """A model set is incomplete, damaged or not for this program."""


class ModelSet:
    """An opened model set. Opening reads the manifest only; each model's bytes are checked when it is loaded.

    Attributes:
        folder: where it lies.
        manifest: what it holds.
        loaded: the names of the models that were loaded so far, in order.
    """

    def __init__(self, folder: Path) -> None:
        """Open the set in a folder.

        Raises:
            ModelSetError: the folder has no manifest, or a broken one.
        """
        self.folder = folder
        self.loaded: list[str] = []
        path = folder / MANIFEST
        try:
            self.manifest = Manifest.model_validate_json(path.read_bytes())
        except OSError as error:
            raise ModelSetError(f"{path}: cannot read the model set's manifest ({reason(error)})") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "JSON"
            raise ModelSetError(f"{path}: broken manifest ({place}: {first['msg']})") from error

    def entry(self, name: str) -> ModelEntry:
        """Return the manifest's entry of a model.

        Raises:
            ModelSetError: the set has no model of this name.
        """
        try:
            return self.manifest.models[name]
        except KeyError:
            raise ModelSetError(f"{self.folder}: the model set has no model {name!r}") from None

    def load(self, name: str, *, runtime: str | None = None) -> LoadedModel:
        """Check the bytes of a model and load it, as suits this box (see `tuning.choice`).

        Args:
            name: the model's name in the set.
            runtime: a name of `RUNTIMES`, for this one with one thread, whatever suits the box.

        Raises:
            ModelSetError: the file is missing, or its checksum or shapes are not the manifest's.
            InferenceError: no runtime can load it.
        """
        entry = self.entry(name)
        path = self.folder / entry.file
        self._content(entry.file, entry.sha256, "model")
        choice = choice_for(entry.sha256) if runtime is None else DEFAULT
        model = Model(path, threads=choice.threads, runtime=runtime or choice.runtime)
        if list(model.inputs[0].shape) != entry.input_shape or list(model.outputs[0].shape) != entry.output_shape:
            raise ModelSetError(f"{path}: its shapes are not the manifest's; install the model set again")
        self.loaded.append(name)
        return model

    def check_golden(self, name: str, model: LoadedModel) -> int:
        """Compare this machine's answer to the golden input with the golden answer.

        Returns:
            The largest difference of any element, in steps of the stored type.

        Raises:
            ModelSetError: the difference is above the tolerance, so the runtime computes something else.
        """
        golden, tolerance = self.golden_answer(name), self.entry(name).golden.tolerance
        answer = model.run_stored([golden_input(model.inputs[0].shape)])[0]
        if golden.size != answer.size:
            raise ModelSetError(f"{name}: the golden answer has {golden.size} numbers, not {answer.size}")
        difference = int(np.abs(answer.ravel().astype(np.int64) - golden.ravel().astype(np.int64)).max())
        if difference > tolerance:
            raise ModelSetError(f"{name}: this runtime answers {difference} steps off (allowed: {tolerance})")
        return difference

    def golden_answer(self, name: str) -> Integers:
        """Return the answer of a model to `golden_input` where it was made, in its stored type.

        Raises:
            ModelSetError: the set has no model of this name, or its golden answer is missing or damaged.
        """
        golden = self.entry(name).golden
        if isinstance(golden, GoldenList):
            return np.asarray(golden.output, dtype=np.int64)
        content = self._content(golden.file, golden.sha256, "golden answer")
        try:
            return from_bytes(content)
        except ValueError as error:
            raise ModelSetError(f"{self.folder / golden.file}: no golden answer ({error})") from error

    def _content(self, file: str, sha256: str, what: str) -> bytes:
        """Return the bytes of a file of the set.

        Raises:
            ModelSetError: the file is missing, or its checksum is not the manifest's.
        """
        path = self.folder / file
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelSetError(f"{path}: cannot read the {what} ({error.strerror})") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ModelSetError(f"{path}: damaged, its checksum is not the manifest's; install the model set again")
        return content


def describe(path: Path, file: str, labels: Sequence[str], temperature: float = 1.0) -> tuple[ModelEntry, bytes]:
    """Return the manifest's entry of a model file, and the content of its golden answer's file.

    The golden answer is computed on this machine; its file is named by `golden_name`.

    Args:
        path: the present path of the file.
        file: its name in the set.
        labels: the meaning of each output, in order.
        temperature: the divisor of its logits for calibrated probabilities.

    Raises:
        InferenceError: the file is no usable model.
        ValueError: the model does not have one output per label.
    """
    model = Model(path)
    content = path.read_bytes()
    input_shape, output_shape = model.inputs[0].shape, model.outputs[0].shape
    if output_shape[-1] != len(labels):
        raise ValueError(f"{path}: {output_shape[-1]} outputs for {len(labels)} labels")
    golden = to_bytes(model.run_stored([golden_input(input_shape)])[0])
    entry = ModelEntry(
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        input_shape=list(input_shape),
        output_shape=list(output_shape),
        labels=list(labels),
        temperature=round(temperature, 3),
        golden=GoldenFile(
            file=golden_name(file),
            sha256=hashlib.sha256(golden).hexdigest(),
            tolerance=TOLERANCE,
            bytes=len(golden),
        ),
    )
    return entry, golden


def default_folder() -> Path:
    """Return the folder of the shipped set; see `paths.models_folder`.

    Raises:
        ModelSetError: the folder has no manifest.
    """
    folder = paths.models_folder()
    if not os.path.isfile(folder / MANIFEST):
        raise ModelSetError(f"no model set in {folder}: run `make setup`")
    return folder


def mediapipe_model(name: str) -> Path:
    """Return the path of a model bundled with MediaPipe, for example "face_landmark/face_landmark".

    Raises:
        ModelSetError: the package, or this file of it, is not installed.
    """
    package = importlib.util.find_spec("mediapipe")
    roots = list(package.submodule_search_locations or []) if package is not None else []
    for root in roots:
        path = Path(root) / "modules" / f"{name}.tflite"
        if path.is_file():
            return path
    raise ModelSetError(f"MediaPipe's model {name!r} is not installed: run `make setup`")


def load_mediapipe(name: str) -> Model:
    """Load a model that is bundled with MediaPipe, as suits this box (see `tuning.choice`).

    Args:
        name: as in `mediapipe_model`.

    Raises:
        ModelSetError: the package, or this file of it, is not installed.
        InferenceError: no runtime can load it.
    """
    path = mediapipe_model(name)
    choice = choice_for(hashlib.sha256(path.read_bytes()).hexdigest())
    return Model(path, threads=choice.threads, runtime=choice.runtime)
