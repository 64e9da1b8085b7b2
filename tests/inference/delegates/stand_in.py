"""Stand-in accelerators, built from C, and small model sets to run on them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from soundit_edge.inference.delegates import verdict as verdicts
from soundit_edge.inference.delegates.installation import Installation, find_installation
from soundit_edge.inference.delegates.verdict import ModelVerdict, Verdict
from soundit_edge.inference.manifest import MANIFEST
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.settings import InferenceSettings

SOURCE = Path(__file__).with_name("stand_in.c")
NAME = "libstandin.so"
MODEL = "body_motion"
"""The smallest of our models."""


def compiled(source: Path, library: Path, *options: str) -> Path:
    """Build a library from C; return its path."""
    if shutil.which("gcc") is None:
        pytest.skip("there is no gcc to build a stand-in accelerator with")
    subprocess.run(["gcc", "-shared", "-fPIC", "-Werror", *options, "-o", str(library), str(source)], check=True)
    return library


def build(folder: Path, name: str = NAME, **defaults: str) -> Path:
    """Build the stand-in; what it does without options is given by the names in its source, in capitals."""
    macros = [f'-D{key.upper()}="{value}"' for key, value in defaults.items()]
    return compiled(SOURCE, folder / name, "-Wall", "-Wextra", *macros)


def model_set(folder: Path, *names: str) -> ModelSet:
    """Make a set in a new folder with some of the shipped models."""
    shipped = ModelSet(default_folder())
    folder.mkdir()
    for name in names or (MODEL,):
        for file in shipped.entry(name).files:
            shutil.copy(shipped.folder / file, folder)
    chosen = {name: shipped.entry(name) for name in names or (MODEL,)}
    (folder / MANIFEST).write_text(shipped.manifest.model_copy(update={"models": chosen}).text())
    return ModelSet(folder)


def chosen(library: Path | str, **options: str) -> InferenceSettings:
    """Return settings that ask for a stand-in with options."""
    return InferenceSettings(
        accelerator="external", accelerator_library=str(library), accelerator_options=dict(options)
    )


def installed(library: Path, models: ModelSet, **options: str) -> Installation:
    """Return a stand-in as it is installed."""
    found = find_installation(chosen(library, **options), models)
    assert found is not None
    return found


def known_to_work(installation: Installation, *names: str, runtime: str = "litert") -> None:
    """Keep the verdict that a stand-in is of use for some models: it never is, for it computes on the CPU."""
    used = {name: ModelVerdict(outcome="used", ms=1.0, cpu_ms=2.0) for name in names or (MODEL,)}
    verdicts.remember(installation.key, Verdict(runtime=runtime, models=used))


def settings_text(library: Path, options: Mapping[str, str] | None = None, kind: str = "external") -> str:
    """Return a settings.toml that asks for an accelerator."""
    pairs = ", ".join(f"{name} = {json.dumps(value)}" for name, value in (options or {}).items())
    return (
        f'[inference]\naccelerator = "{kind}"\naccelerator_library = {json.dumps(str(library))}\n'
        f"accelerator_options = {{ {pairs} }}\n"
    )
