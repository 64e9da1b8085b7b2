"""Compile the shipped models for an Edge TPU, all together, into a folder that the device finds by itself.

Models of one call share the chip's memory for parameters, in the order in which they are called most often; those
compiled one by one would push each other out at every call. They are rewritten where other operators give the same
answers and map (`tools.models.rewrites`); one of which nothing maps is left out. The compiler is Google's
`edgetpu_compiler`, which exists for x86-64 Debian only: the folder may be copied to another computer.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from soundit_edge.errors import SounditError
from soundit_edge.files import write_whole
from soundit_edge.inference.manifest import MANIFEST
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.paths import edgetpu_folder
from soundit_edge.text import refusal
from tools.command import command, tool_parser
from tools.models.graph import parse, serialise
from tools.models.op_check import check_operators, mapped, summary
from tools.models.rewrites import for_edgetpu

COMPILER: Final = "edgetpu_compiler"
EDGETPU_MANIFEST: Final = "edgetpu.json"
SUFFIX: Final = "_edgetpu.tflite"
MOST_CALLED: Final = (
    "face_expression",
    "face_expression_fer",
    "body_motion",
    "lips_words",
    "lips_phrases",
    "lips_grid",
)
"""Several times for each face and frame, for each body, for each face; all others come behind."""
MAX_S: Final = 3600.0
"""The compiler gives up a model after minutes; this is for one that hangs."""


class CompileError(SounditError):
    """The models cannot be compiled, or their folder cannot be written."""


def compile_models(models: ModelSet, folder: Path) -> list[str]:
    """Compile a set of models into a folder, whole or not at all, in place of what was compiled before.

    Files are named by their content, and the manifest is replaced in one step: a reader finds the old or the new ones.

    Args:
        models: the set.
        folder: made where it is missing.

    Returns:
        The names of the models that were compiled, in the order of the chip's memory.

    Raises:
        CompileError: there is no compiler, it fails, nothing of any model maps, or the folder cannot be written.
        InferenceError: a model is missing or damaged.
    """
    compiler = _compiler()
    version = _run([compiler, "--version"]).strip()
    graphs = {name: _rewritten(models, name) for name in _ordered(models)}
    names = [name for name, graph in graphs.items() if _maps(name, graph)]
    if not names:
        raise CompileError(f"{models.folder}: no model of this set begins with an operator that maps to the Edge TPU")
    try:
        with tempfile.TemporaryDirectory() as work:
            _write(folder, models, version, _compiled(compiler, {name: graphs[name] for name in names}, Path(work)))
    except OSError as error:
        raise CompileError(f"the compiled models cannot be written: {refusal(error)}") from error
    return names


def _compiler() -> str:
    found = shutil.which(COMPILER)
    if found is None:
        raise CompileError(
            f"there is no {COMPILER} on the PATH: it exists for x86-64 Debian only (coral.ai/docs/edgetpu/compiler);"
            " run this there, and copy the folder"
        )
    return found


def _ordered(models: ModelSet) -> list[str]:
    known = {name: i for i, name in enumerate(MOST_CALLED)}
    return sorted(models.manifest.models, key=lambda name: (known.get(name, len(known)), name))


def _rewritten(models: ModelSet, name: str) -> Any:
    """Return a model whose bytes were checked, with as many operators that map as can be."""
    models.load(name)
    graph = parse(models.folder / models.entry(name).file)
    for_edgetpu(graph)
    return graph


def _maps(name: str, graph: Any) -> bool:
    """Say how much of a model maps, and return whether anything does."""
    checks = check_operators(graph)
    print(f"{name}: {summary(checks)}")
    return mapped(checks) > 0


def _compiled(compiler: str, graphs: Mapping[str, Any], work: Path) -> dict[str, bytes]:
    """Return the contents of the compiled files by the models' names."""
    sources = [work / f"{name}.tflite" for name in graphs]
    for source, graph in zip(sources, graphs.values(), strict=True):
        # Not the shipped file: the compiler is of 2021, and looks for all constants inside the flatbuffer.
        source.write_bytes(serialise(graph))
    print(_run([compiler, "--show_operations", "--out_dir", str(work), *map(str, sources)]), end="")
    outputs = {name: work / f"{name}{SUFFIX}" for name in graphs}
    for name, path in outputs.items():
        if not path.is_file():
            raise CompileError(f"{COMPILER} ended without an error, but wrote nothing for {name}")
    return {name: path.read_bytes() for name, path in outputs.items()}


def _run(arguments: Sequence[str]) -> str:
    """Return what the compiler prints.

    Raises:
        CompileError: it cannot be run, fails, or takes more than `MAX_S`.
    """
    try:
        done = subprocess.run(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=MAX_S
        )
    except OSError as error:
        raise CompileError(f"{COMPILER} cannot be run: {refusal(error)}") from error
    except subprocess.TimeoutExpired as error:
        raise CompileError(f"{COMPILER} did not end within {MAX_S:.0f} seconds") from error
    if done.returncode != 0:
        lines = done.stdout.split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "it says nothing")
        raise CompileError(f"{COMPILER} failed with {done.returncode}: {last}")
    return done.stdout


def _write(folder: Path, models: ModelSet, version: str, contents: dict[str, bytes]) -> None:
    """Write the models, then the manifest in one step, then remove the models that it no longer names."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for name, content in contents.items():
        sha256 = hashlib.sha256(content).hexdigest()
        entries[name] = {"file": f"{name}_{sha256[:12]}{SUFFIX}", "sha256": sha256}
        write_whole(folder / entries[name]["file"], content)
    of_set = hashlib.sha256((models.folder / MANIFEST).read_bytes()).hexdigest()
    manifest = {"set": of_set, "compiler": version, "models": entries}
    write_whole(folder / EDGETPU_MANIFEST, (json.dumps(manifest, indent=1) + "\n").encode())
    named = {entry["file"] for entry in entries.values()}
    for path in folder.glob(f"*{SUFFIX}"):
        if path.name not in named:
            path.unlink()


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.models.compile_edgetpu", __doc__)
    parser.add_argument("--set", type=Path, metavar="FOLDER", help="another set of models than the shipped one")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="another folder than the device looks into")
    options = parser.parse_args(arguments)
    folder = options.out or edgetpu_folder()
    names = compile_models(ModelSet(options.set or default_folder()), folder)
    print(f"{', '.join(names)}: compiled into {folder}")


if __name__ == "__main__":
    sys.exit(main())
