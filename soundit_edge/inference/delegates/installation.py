"""The accelerator that is installed here, as the settings ask for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from soundit_edge.inference.delegates.compiled import set_digest
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.delegates.kind import DelegateKind
from soundit_edge.inference.delegates.registry import AUTOMATIC, KINDS
from soundit_edge.inference.interpreter import PACKAGES
from soundit_edge.inference.models import ModelSet
from soundit_edge.settings import InferenceSettings
from soundit_edge.text import refusal

OFF: Final = "off"
AUTO: Final = "auto"


@dataclass(frozen=True, slots=True)
class Installation:
    """An accelerator that is there, and has not been tried.

    Attributes:
        kind: its kind.
        library: the path of its library.
        options: the options of its library.
        files: the files of the models that it may run, by the model's name.
        key: changes with whatever a verdict about it depends on: the library, the options, the runtimes, the models.
    """

    kind: DelegateKind
    library: Path
    options: Mapping[str, str]
    files: Mapping[str, Path]
    key: str


def find_installation(settings: InferenceSettings, models: ModelSet) -> Installation | None:
    """Return the accelerator that the settings ask for; None where they ask for none, or for any, and there is none.

    Raises:
        DelegateError: what they ask for is not there or cannot be used.
    """
    if settings.accelerator == OFF:
        return None
    automatic = settings.accelerator == AUTO
    kind = AUTOMATIC if automatic else KINDS[settings.accelerator]
    try:
        library, files = kind.find_library(settings.accelerator_library), kind.model_files(models)
    except DelegateError as error:
        if automatic and not settings.accelerator_library and error.failure is Failure.ABSENT:
            return None
        raise
    try:
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (library, *files.values())]
        digests.append(set_digest(models))
    except OSError as error:
        raise DelegateError(Failure.UNUSABLE, f"it cannot be read: {refusal(error)}") from error
    basis = [kind.name, dict(settings.accelerator_options), list(files), digests, [*map(_version, PACKAGES.values())]]
    key = hashlib.sha256(json.dumps(basis).encode()).hexdigest()
    return Installation(kind, library, settings.accelerator_options, files, key)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
