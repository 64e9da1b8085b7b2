"""From a trained network to a model of the set: convert, quantise, check, enter into the manifest."""

from __future__ import annotations

import copy
import logging
import os
import tempfile
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path
from typing import Any

import litert_torch
import numpy as np
import numpy.typing as npt
import torch
from ai_edge_litert.interpreter import Interpreter
from ai_edge_litert.tools import flatbuffer_utils
from ai_edge_quantizer import quantizer, recipe
from torch import nn

from soundit_edge.inference.interpreter import Model
from tools.models.check_int8 import check
from tools.models.register import best_temperature, register
from tools.train import common

FOLDER = common.ROOT / "models"


class Shipped(nn.Module):
    """A network as it ships: channels last, probabilities out."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.net(x.permute(0, 3, 1, 2)), -1)


def convert(
    net: nn.Module,
    calibration: Sequence[npt.NDArray[np.float32]],
    path: Path,
    float_path: Path | None = None,
    shipped: Callable[[nn.Module], nn.Module] = Shipped,
) -> dict[str, int]:
    """Write a network as int8 TFLite, whole or not at all, and check it.

    litert-torch converts; ai-edge-quantizer fixes the scales (static 8-bit weights and activations), from the whole
    ranges of the calibration inputs.

    Args:
        net: [n, channels, height, width] to logits [n, classes].
        calibration: about 200 inputs [height, width, channels] as the network saw them while training.
        path: the int8 file.
        float_path: where to keep the float file as well, to measure what quantising cost.
        shipped: puts the ends on the network: channels last at its input, what readers expect at its output.

    Returns:
        The operations and how often each occurs.

    Raises:
        NotInteger: it did not come out full-integer.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        as_float, as_int8 = Path(folder) / "float.tflite", Path(folder) / "int8.tflite"
        net.eval().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
        example = torch.zeros(1, *calibration[0].shape)
        litert_torch.convert(shipped(net).eval(), (example,)).export(str(as_float))
        signatures: dict[str, Any] = Interpreter(model_path=str(as_float)).get_signature_list()
        [(signature, ends)] = signatures.items()
        work = quantizer.Quantizer(str(as_float))
        work.load_quantization_recipe(recipe.static_wi8_ai8())
        each = [work.calibrate({signature: [{ends["inputs"][0]: x[None]}]}) for x in calibration]
        work.quantize(whole_ranges(each)).export_model(str(as_int8), overwrite=True)
        # Names of tensors are a sixth of a small file, and nothing reads them.
        small = flatbuffer_utils.read_model(str(as_int8))
        flatbuffer_utils.strip_strings(small)
        flatbuffer_utils.write_model(small, str(as_int8))
        operations = check(as_int8)
        as_int8.chmod(0o644)
        os.replace(as_int8, path)
        if float_path is not None:
            os.replace(as_float, float_path)
    return operations


Ranges = dict[str, MutableMapping[str, Any]]
"""For each tensor, the `min` and `max` of its values."""


def whole_ranges(each: Sequence[Ranges]) -> Ranges:
    """Return the ranges that hold those of all inputs.

    The quantiser itself keeps running means of the ranges, which a rare value is outside of: it is cut, so that logits
    shrink (by a fifth for the voice, and its gate to less than half) and certainty with them.
    """
    ranges = copy.deepcopy(each[0])
    for others in each[1:]:
        for name, found in others.items():
            known = ranges.setdefault(name, found)
            known["min"] = np.minimum(known["min"], found["min"])
            known["max"] = np.maximum(known["max"], found["max"])
    return ranges


def once(model: Model, x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return a model's one answer [classes] to an input."""
    return model.run(x[None])[0][0].copy()


def ship(
    net: nn.Module,
    name: str,
    labels: Sequence[str],
    calibration: Sequence[npt.NDArray[np.float32]],
    held_out: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]],
    answer: Callable[[Model, npt.NDArray[np.float32]], npt.NDArray[np.float32]] = once,
) -> None:
    """Write models/NAME.tflite and its entry; the float file stays in the cache, for measuring what int8 costs.

    Args:
        net: [n, channels, height, width] to logits [n, classes].
        name: of the model.
        labels: what its outputs stand for.
        calibration: inputs [height, width, channels] from training.
        held_out: inputs as `answer` takes them that the network did not learn from, or probabilities [n, classes] that
            it or its like gave to such inputs; and the true shares [n, classes]. The temperature comes from them.
        answer: how the device has the model answer to one input, [height, width, channels] where it just asks it.
    """
    path = FOLDER / f"{name}.tflite"
    operations = convert(net, calibration, path, common.CACHE / f"{name}_float.tflite")
    inputs, shares = held_out
    model = Model(path)
    probabilities = inputs if inputs.ndim == 2 else np.stack([answer(model, x) for x in inputs])
    entry = register(FOLDER, name, labels, best_temperature(probabilities, shares))
    logging.info("%s: %d bytes, temperature %.3f, %s", entry.file, entry.bytes, entry.temperature, operations)
