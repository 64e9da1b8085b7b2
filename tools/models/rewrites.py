"""Operators of int8 models in a form that the Edge TPU computes, with the same answers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from ai_edge_litert import schema_py_generated as schema

from tools.models.fold import drop_unused
from tools.models.graph import operator_name, stored_value

_TYPES: Final = {"int8": schema.TensorType.INT8, "int32": schema.TensorType.INT32}
_STEPS: Final = 127
"""Steps of int8 from 0 to the largest slope."""


def for_edgetpu(model: Any) -> None:
    """Apply all rewrites that keep an int8 model's answers.

    Args:
        model: as `graph.deserialise` gives it; it is changed.
    """
    to_concatenations(model)
    to_picture_means(model)
    to_equal_dilation(model)
    drop_unused(model)


def to_integer_prelu(model: Any) -> None:
    """Replace each DEQUANTIZE, PRELU, QUANTIZE in a row by one PRELU in int8; slopes get one scale for all channels.

    ai-edge-quantizer leaves PRELU in float, though the runtimes and the Edge TPU compute it in int8.

    Args:
        model: as `graph.deserialise` gives it; it is changed.
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
        scale = max(float(np.abs(slopes).max()), 1e-6) / _STEPS
        stored = np.rint(slopes / scale).astype(np.int8)
        operator.inputs = [before.inputs[0], _add_constant(model, b"slopes", stored, scale)]
        operator.outputs = list(after[0].outputs)
        graph.operators.remove(after[0])
    needed = {int(i) for operator in graph.operators for i in operator.inputs} | set(map(int, graph.outputs))
    graph.operators = [one for one in graph.operators if needed & set(map(int, one.outputs))]
    drop_unused(model)


def to_concatenations(model: Any) -> None:
    """Replace each int8 PAD behind the last channel by a CONCATENATION with zeros: the Edge TPU pads x and y only.

    Args:
        model: as `graph.deserialise` gives it; it is changed.
    """
    graph = model.subgraphs[0]
    for operator in graph.operators:
        if operator_name(model, operator) != "PAD":
            continue
        source, amounts = graph.tensors[operator.inputs[0]], stored_value(model, graph.tensors[operator.inputs[1]])
        if amounts is None or source.type != schema.TensorType.INT8 or amounts[:-1].any() or amounts[-1, 0]:
            continue
        (scale,), (zero,) = source.quantization.scale, source.quantization.zeroPoint
        zeros = np.full((*source.shape[:-1], amounts[-1, 1]), zero, np.int8)
        operator.inputs = [operator.inputs[0], _add_constant(model, b"zeros", zeros, float(scale), int(zero))]
        operator.opcodeIndex = _code(model, schema.BuiltinOperator.CONCATENATION)
        operator.builtinOptionsType = schema.BuiltinOptions.ConcatenationOptions
        operator.builtinOptions = schema.ConcatenationOptionsT()
        operator.builtinOptions.axis = len(source.shape) - 1


def to_picture_means(model: Any) -> None:
    """Replace each TRANSPOSE to channels first with a MEAN over x and y behind it by a MEAN of the picture as it is.

    Args:
        model: as `graph.deserialise` gives it; it is changed.
    """
    graph = model.subgraphs[0]
    for first in [one for one in graph.operators if operator_name(model, one) == "TRANSPOSE"]:
        readers = [one for one in graph.operators if first.outputs[0] in one.inputs]
        order = stored_value(model, graph.tensors[first.inputs[1]])
        if [operator_name(model, one) for one in readers] != ["MEAN"] or order is None or [*order] != [0, 3, 1, 2]:
            continue
        [mean] = readers
        axes = stored_value(model, graph.tensors[mean.inputs[1]])
        if axes is None or {int(axis) % 4 for axis in axes.ravel()} != {2, 3} or mean.builtinOptions.keepDims:
            continue
        mean.inputs = [first.inputs[0], _add_constant(model, b"x_and_y", np.array([1, 2], np.int32))]
        graph.operators.remove(first)


def to_equal_dilation(model: Any) -> None:
    """Give convolutions along one axis the dilation of that axis in both, which changes nothing where a kernel is 1.

    Args:
        model: as `graph.deserialise` gives it; it is changed.
    """
    graph = model.subgraphs[0]
    for operator in graph.operators:
        if operator_name(model, operator) == "CONV_2D":
            options, (_, height, width, _) = operator.builtinOptions, graph.tensors[operator.inputs[1]].shape
            if width == 1:
                options.dilationWFactor = options.dilationHFactor
            elif height == 1:
                options.dilationHFactor = options.dilationWFactor


def _code(model: Any, number: int) -> int:
    """Return the place of an operator in a model's list of those that it uses, where it is added if need be."""
    for i, code in enumerate(model.operatorCodes):
        if code.builtinCode == number:
            return i
    code = schema.OperatorCodeT()
    code.builtinCode, code.deprecatedBuiltinCode, code.version = number, number, 2  # version 2 knows int8
    model.operatorCodes.append(code)
    return len(model.operatorCodes) - 1


def _add_constant(
    model: Any, name: bytes, stored: npt.NDArray[np.integer[Any]], scale: float | None = None, zero: int = 0
) -> int:
    """Add a constant tensor, int8 or int32, to a model; returns its number.

    Args:
        model: it is changed.
        name: of the tensor.
        stored: the content; with a scale, real = `scale` * (stored - `zero`).
        scale: None for plain numbers.
        zero: the stored number that stands for 0.
    """
    graph = model.subgraphs[0]
    buffer, tensor = schema.BufferT(), schema.TensorT()
    buffer.data = np.ascontiguousarray(stored).reshape(-1).view(np.uint8)
    model.buffers.append(buffer)
    if scale is not None:
        tensor.quantization = schema.QuantizationParametersT()
        tensor.quantization.scale, tensor.quantization.zeroPoint = [scale], [zero]
    tensor.name, tensor.shape, tensor.type = name, list(stored.shape), _TYPES[stored.dtype.name]
    tensor.buffer, tensor.hasRank = len(model.buffers) - 1, True
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1
