"""Enter a model file into a set's manifest: its checksum, shapes, labels, temperature and golden answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from soundit_edge.files import write_whole
from soundit_edge.inference.golden import golden_name
from soundit_edge.inference.manifest import MANIFEST, VERSION, Manifest, ModelEntry
from soundit_edge.inference.models import describe
from soundit_edge.senses.calibration import MIN_PROBABILITY
from tools.command import command, tool_parser


def register(folder: Path, name: str, labels: Sequence[str], temperature: float = 1.0) -> ModelEntry:
    """Enter `folder/name.tflite` into `folder/set.json`, made where it is missing; its golden answer goes beside it.

    Raises:
        InferenceError: the file is no usable model.
        ValueError: it has not one output per label.
    """
    path = folder / f"{name}.tflite"
    entry, golden = describe(path, path.name, labels, temperature)
    manifest_path = folder / MANIFEST
    manifest = Manifest(version=VERSION, name="shipped", models={})
    if manifest_path.is_file():
        manifest = Manifest.model_validate_json(manifest_path.read_bytes())
    models = dict(sorted({**manifest.models, name: entry}.items()))
    manifest = manifest.model_copy(update={"version": VERSION, "models": models})
    write_whole(folder / golden_name(path.name), golden)
    write_whole(manifest_path, manifest.text().encode())
    return entry


def best_temperature(probabilities: npt.NDArray[np.float32], shares: npt.NDArray[np.float32]) -> float:
    """Return the temperature (Guo et al. 2017) of least cross-entropy of held-out answers to shares, both [n, k]."""
    logits = np.log(np.maximum(probabilities, MIN_PROBABILITY))
    best = (np.inf, 1.0)
    for temperature in np.geomspace(0.4, 3.0, 101):
        scaled = logits / temperature
        log_p = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
        best = min(best, (float(-(shares * log_p).sum(1).mean()), float(temperature)))
    return best[1]


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.models.register", __doc__)
    parser.add_argument("name", help="the file is FOLDER/NAME.tflite")
    parser.add_argument("labels", help="what the outputs stand for, by commas")
    parser.add_argument("--folder", type=Path, default=Path(__file__).resolve().parents[2] / "models")
    parser.add_argument("--temperature", type=float, default=1.0)
    options = parser.parse_args(arguments)
    entry = register(options.folder, options.name, options.labels.split(","), options.temperature)
    print(f"{entry.file}: {entry.bytes} bytes, {entry.sha256}")


if __name__ == "__main__":
    sys.exit(main())
