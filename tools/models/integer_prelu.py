"""PRELU in int8: ai-edge-quantizer leaves it in float, though the runtimes and the Edge TPU compute it in int8."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from tools.models.fold import drop_unused
from tools.models.graph import operator_name, stored_value

_STEPS: Final = 127
"""Steps of int8 from 0 to the largest slope."""


def to_integer_prelu(model: Any) -> None:
    """Replace each DEQUANTIZE, PRELU, QUANTIZE in a row by one PRELU in int8; slopes get one scale for all channels.

    Args:
        model: as `graph.parse` gives it; it is changed.
    """
    graph = model.subgraphs[0]
    names = {id(operator): operator_name(model, operator) for operator in graph.operators}
    makers = {int(i): operator for operator in graph.operators for i in operator.outputs}
    for operator in [one for one in graph.operators if names[id(one)] == "PRELU"]:
        before = makers.get(int(operator.inputs[0]))
        after = [one for one in graph.operators if operator.outputs[0] in one.inputs]
        slopes = stored_value(model, graph.tensors[operator.inputs[1]])
        if before is None or names[id(before)] != "DEQUANTIZE" or slopes is None:
            continue
        if [names[id(one)] for one in after] != ["QUANTIZE"]:
            continue
        operator.inputs = [before.inputs[0], _add_slopes(model, graph.tensors[operator.inputs[1]].name, slopes)]
        operator.outputs = list(after[0].outputs)
        graph.operators.remove(after[0])
    needed = {int(i) for operator in graph.operators for i in operator.inputs} | set(map(int, graph.outputs))
    graph.operators = [one for one in graph.operators if needed & set(map(int, one.outputs))]
    drop_unused(model)


def _add_slopes(model: Any, name: bytes, slopes: Any) -> int:
    """Add a constant int8 tensor with these real numbers to a model; returns its number."""
    graph = model.subgraphs[0]
    scale = max(float(np.abs(slopes).max()), 1e-6) / _STEPS
    buffer, tensor, quantisation = schema.BufferT(), schema.TensorT(), schema.QuantizationParametersT()
    buffer.data = np.rint(slopes / scale).astype(np.int8).reshape(-1).view(np.uint8)
    model.buffers.append(buffer)
    quantisation.scale, quantisation.zeroPoint = [scale], [0]
    tensor.name, tensor.shape, tensor.type = name + b"_int8", list(slopes.shape), schema.TensorType.INT8
    tensor.buffer, tensor.quantization, tensor.hasRank = len(model.buffers) - 1, quantisation, True
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1
