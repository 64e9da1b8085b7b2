"""Enter a model file into a set's manifest: its checksum, shapes, labels, temperature and golden vector."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.models import MANIFEST, GoldenVector, Manifest, ModelEntry, golden_input

TOLERANCE: Final = 12
"""Steps of 1/256 by which runtimes may differ on the golden input: their int8 kernels round differently."""


def register(folder: Path, name: str, labels: Sequence[str], temperature: float = 1.0) -> ModelEntry:
    """Enter `folder/name.tflite` into `folder/set.json`, which is made where it is missing.

    Raises:
        InferenceError: the file is no usable model.
        ValueError: it has not one output per label.
    """
    path = folder / f"{name}.tflite"
    content = path.read_bytes()
    model = Model(path)
    input_shape, output_shape = model.inputs[0].shape, model.outputs[0].shape
    if output_shape[-1] != len(labels):
        raise ValueError(f"{path}: {output_shape[-1]} outputs for {len(labels)} labels")
    golden = model.run_stored([golden_input(input_shape)])[0].ravel().tolist()
    entry = ModelEntry(
        file=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        input_shape=list(input_shape),
        output_shape=list(output_shape),
        labels=list(labels),
        temperature=round(temperature, 3),
        golden=GoldenVector(output=golden, tolerance=TOLERANCE),
    )
    manifest_path = folder / MANIFEST
    others = Manifest.model_validate_json(manifest_path.read_bytes()).models if manifest_path.is_file() else {}
    manifest = Manifest(version=1, name="shipped", models=dict(sorted({**others, name: entry}.items())))
    partial = manifest_path.with_suffix(".partial")
    partial.write_text(manifest.model_dump_json(indent=1) + "\n")
    os.replace(partial, manifest_path)
    return entry


def best_temperature(probabilities: npt.NDArray[np.float32], shares: npt.NDArray[np.float32]) -> float:
    """The temperature (Guo et al. 2017) at which held-out answers [n, k] have least cross-entropy to shares [n, k]."""
    logits = np.log(np.maximum(probabilities, 1 / 512))
    best = (np.inf, 1.0)
    for temperature in np.geomspace(0.4, 3.0, 101):
        scaled = logits / temperature
        log_p = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
        best = min(best, (float(-(shares * log_p).sum(1).mean()), float(temperature)))
    return best[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="the file is FOLDER/NAME.tflite")
    parser.add_argument("labels", help="what the outputs stand for, by commas")
    parser.add_argument("--folder", type=Path, default=Path(__file__).resolve().parents[1] / "models")
    parser.add_argument("--temperature", type=float, default=1.0)
    options = parser.parse_args()
    entry = register(options.folder, options.name, options.labels.split(","), options.temperature)
    print(f"{entry.file}: {entry.bytes} bytes, {entry.sha256}")


if __name__ == "__main__":
    main()
