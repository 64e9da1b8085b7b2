"""The weights of a shipped int8 file as numbers again: the only checkpoint of a network that is kept for good."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter, OpResolverType

Array = npt.NDArray[np.float32]


class Layer(NamedTuple):
    """Weights [outputs, inputs, height, width], or of a linear layer [outputs, inputs]; and biases [outputs]."""

    weights: Array
    biases: Array


def layers_of(path: Path) -> list[Layer]:
    """Return the convolutions and linear layers of an int8 file, in the order in which they are computed."""
    interpreter = Interpreter(
        model_path=str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    )
    interpreter.allocate_tensors()
    details = {d["index"]: d for d in interpreter.get_tensor_details()}

    def constant(index: int) -> Array:
        scales = details[index]["quantization_parameters"]
        values = interpreter.get_tensor(index).astype(np.float32)
        shape = np.ones(values.ndim, np.int64)
        shape[scales["quantized_dimension"]] = -1
        return np.asarray(values * scales["scales"].reshape(shape), np.float32)

    found = []
    for operation in interpreter._get_ops_details():
        if operation["op_name"] not in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
            continue
        _, weight, bias = (int(i) for i in operation["inputs"])
        weights = constant(weight)
        if weights.ndim == 4:
            # [outputs, height, width, inputs], or [1, height, width, outputs] where there is one input channel.
            order = (3, 0, 1, 2) if operation["op_name"] == "DEPTHWISE_CONV_2D" else (0, 3, 1, 2)
            weights = np.ascontiguousarray(weights.transpose(order))
        found.append(Layer(weights, constant(bias)))
    return found
