"""What was measured on this box, kept in the cache folder until the box, a runtime or the model is another."""

from __future__ import annotations

import datetime
import functools
import importlib.metadata
import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from soundit_edge import paths
from soundit_edge.files import write_whole
from soundit_edge.inference.interpreter import PACKAGES, available_runtimes

MAX_THREADS: Final = 64
FILE: Final = "inference.json"
_CPU: Final = re.compile(r"^(?:model name|Model|Hardware)\s*:\s*(\S.*?)\s*$", re.MULTILINE)
"""The processor on x86-64; on Arm the whole board, such as "Raspberry Pi 4 Model B Rev 1.4"."""


class Box(BaseModel):
    """What verdicts depend on beside the model: measured elsewhere they say nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cpu: str = Field(description="The model of the processor or of the board.")
    processors: int = Field(description="How many of them this process may use.")
    runtimes: dict[str, str] = Field(description="Versions of the installed runtimes by their names.")


class ModelTuning(BaseModel):
    """What is best for one model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    runtime: str
    threads: int = Field(ge=1, le=MAX_THREADS)
    call_ms: float = Field(description="The median of its calls, in milliseconds.")
    measured: datetime.date


class _File(BaseModel):
    """The content of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    box: Box
    models: dict[str, ModelTuning] = Field(description="By the SHA-256 of the model's file.")


def this_box() -> Box:
    """Return what verdicts depend on here."""
    runtimes = {name: _version(name) for name in available_runtimes()}
    return Box(cpu=cpu_model(), processors=len(os.sched_getaffinity(0)), runtimes=runtimes)


def read_verdicts() -> dict[str, ModelTuning]:
    """Return the verdicts that hold here by the SHA-256 of the model's file.

    A file that cannot be read or understood, or is of another box, counts as none: all is measured again.
    """
    folder = paths.if_any(paths.cache_folder)
    if folder is None:
        return {}
    try:
        content = _File.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        return {}
    if content.box != this_box():
        return {}
    return {sha256: found for sha256, found in content.models.items() if found.runtime in content.box.runtimes}


def write_verdicts(verdicts: Mapping[str, ModelTuning]) -> None:
    """Keep verdicts of this box, in place of all that were kept.

    Raises:
        OSError: the file cannot be written; it is as it was.
        NoHome: this user has no place for it.
    """
    path = paths.cache_folder() / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (_File(box=this_box(), models=dict(verdicts)).model_dump_json(indent=1) + "\n").encode())


@functools.cache
def cpu_model(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Return the name of the processor, or of the board where the kernel names that instead.

    Args:
        cpuinfo: the kernel's description of the processors.
    """
    try:
        names = _CPU.findall(cpuinfo.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        names = []
    return ", ".join(dict.fromkeys(names)) or platform.processor() or platform.machine()


@functools.cache
def _version(runtime: str) -> str:
    try:
        return importlib.metadata.version(PACKAGES[runtime])
    except importlib.metadata.PackageNotFoundError:  # unpacked by hand
        return "unknown"
