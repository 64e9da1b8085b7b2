"""What trying an accelerator has shown, kept for the next start: one that crashes is not tried at each."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from soundit_edge import paths
from soundit_edge.files import write_whole
from soundit_edge.inference.delegates.failure import Failure

FILE: Final = "accelerator.json"


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelVerdict(_Stored):
    """What trying it with one model has shown.

    Attributes:
        outcome: "used", or why it is not: its calls are "slower" than the CPU's, its answer is "wrong", there is "no
            golden answer" to compare it with, or it "cannot run" the file.
        ms: milliseconds of a call, the median, or 0.
        cpu_ms: the same on the CPU.
        why: what it said where it cannot run the file, or "".
    """

    outcome: Literal["used", "slower", "wrong", "no golden answer", "cannot run"]
    ms: float = 0.0
    cpu_ms: float = 0.0
    why: str = ""

    def __str__(self) -> str:
        """Return it in words."""
        match self.outcome:
            case "used" | "slower":
                return f"{self.ms:.2f} ms, CPU {self.cpu_ms:.2f} ms"
            case "cannot run":
                return self.why
        return self.outcome


class Verdict(_Stored):
    """What trying an accelerator has shown.

    Attributes:
        runtime: the name of the runtime that carried it.
        failure: why nothing runs on it; None where it answered.
        why: the same in words, or "".
        models: what became of each model, by its name.
    """

    runtime: str
    failure: Failure | None = None
    why: str = ""
    models: dict[str, ModelVerdict] = {}

    @property
    def used(self) -> tuple[str, ...]:
        """Return the names of the models that are to run on it."""
        return tuple(name for name, model in self.models.items() if model.outcome == "used")

    @property
    def lasts(self) -> bool:
        """Return whether trying it again promises nothing new."""
        return self.failure is None or self.failure.lasts

    def describe(self, library: str) -> str:
        """Return it in one line of words.

        Args:
            library: the name of the library.
        """
        if self.failure is not None:
            return f"{self.why} when it was tried with {self.runtime}"
        models = "; ".join(f"{name}: {model}" for name, model in self.models.items())
        return f"{library} with {self.runtime} {'runs' if self.used else 'is no gain'} ({models})"


class _Record(_Stored):
    key: str
    verdict: Verdict


def file() -> Path | None:
    """Return the path of the file that keeps the verdict; None for a user without a home folder."""
    folder = paths.if_any(paths.cache_folder)
    return folder / FILE if folder is not None else None


def recall(key: str) -> Verdict | None:
    """Return the verdict about the installation of this key; None where none is kept, or the file is broken."""
    path = file()
    if path is None:
        return None
    try:
        record = _Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    return record.verdict if record.key == key else None


def remember(key: str, verdict: Verdict) -> None:
    """Keep a verdict in the place of the one before. Where the file cannot be written it is found again next time."""
    path = file()
    if path is None:
        return
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, _Record(key=key, verdict=verdict).model_dump_json(indent=1).encode() + b"\n")
