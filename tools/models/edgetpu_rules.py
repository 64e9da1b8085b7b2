"""Which operators the Edge TPU's compiler maps: the rules that Coral publishes ("TensorFlow models on the Edge TPU").

The compiler itself is closed, and also refuses what it cannot place; so what passes here may still be refused there,
and what is refused here never maps. TRANSPOSE is in no published list: version 14 of the compiler does not know it, and
version 16 reports "otherwise supported, but not mapped" (google-coral/edgetpu, issues 242 and 433).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from tools.models.graph import Operator, Tensor

MAX_DIMENSIONS: Final = 3
"""Only so many innermost dimensions may be larger than 1."""
MAX_SOFTMAX: Final = 16_000
INTEGERS: Final = frozenset({"INT8", "UINT8"})
CONSTANTS: Final = INTEGERS | {"INT32"}
"""Types of what is computed, and of weights, biases and axes."""

Rule = Callable[[Operator], str | None]
"""Returns why an operator does not map; None where this rule lets it."""


def obstacle(operator: Operator) -> str | None:
    """Return why an operator falls back to the CPU; None where the published rules let it map."""
    if operator.name not in RULES:
        return "operator not supported"
    for tensor in (*operator.inputs, *operator.outputs):
        if (why := _tensor_obstacle(tensor)) is not None:
            return why
    return RULES[operator.name](operator)


def _tensor_obstacle(tensor: Tensor) -> str | None:
    if tensor.dynamic:
        return "dynamic shape"
    if tensor.type not in (CONSTANTS if tensor.constant else INTEGERS):
        return f"{tensor.type.lower()} tensor"
    if not tensor.constant and any(n > 1 for n in tensor.shape[:-MAX_DIMENSIONS]):
        return f"more than {MAX_DIMENSIONS} dimensions above 1 ({'x'.join(map(str, tensor.shape))})"
    return None


def _free(operator: Operator) -> str | None:
    return None


def _not_fused(operator: Operator) -> str | None:
    return "fused activation" if operator.options is not None and operator.options.fusedActivationFunction else None


def _convolution(operator: Operator) -> str | None:
    options = operator.options
    if options.dilationHFactor != options.dilationWFactor:
        return "different dilation in x and y"
    return _constant_weights(operator)


def _depthwise(operator: Operator) -> str | None:
    if (operator.options.dilationHFactor, operator.options.dilationWFactor) != (1, 1):
        return "dilated depthwise convolution"
    return _constant_weights(operator)


def _constant_weights(operator: Operator) -> str | None:
    return None if any(tensor.constant for tensor in operator.inputs) else "weights that are not constant"


def _fully_connected(operator: Operator) -> str | None:
    if operator.options.weightsFormat:
        return "weights in another than the default format"
    if any(n > 1 for n in operator.outputs[0].shape[:-1]):
        return "output of more than one dimension"
    return _constant_weights(operator)


def _concatenation(operator: Operator) -> str | None:
    constants = [tensor for tensor in operator.inputs if tensor.constant]
    zeros = all(t.value is not None and (t.value == t.zero_point).all() for t in constants)
    if constants and (len(operator.inputs) != 2 or not zeros):
        return "constants other than zeros"
    return _not_fused(operator)


def _within_picture(operator: Operator) -> str | None:
    """Let a reduction pass that goes along x and y only: the two dimensions before the innermost."""
    axes = _axes(operator)
    return None if axes is not None and axes <= {-3, -2} else "reduction along other dimensions than x and y"


def _within_batch(operator: Operator) -> str | None:
    axes = _axes(operator)
    return None if axes is not None and not axes - {-3, -2, -1} else "reduction along the batch"


def _axes(operator: Operator) -> set[int] | None:
    """Return the dimensions of a reduction, counted from behind (-1 is the innermost); None where they vary."""
    shape, axes = operator.inputs[0].shape, operator.inputs[1].value
    return None if axes is None else {int(axis) % len(shape) - len(shape) for axis in np.atleast_1d(axes)}


def _pad(operator: Operator) -> str | None:
    amounts = operator.inputs[1].value
    if amounts is None:
        return "padding that is not constant"
    padded = {int(axis) - len(amounts) for axis in np.flatnonzero(amounts.any(axis=1))}
    return None if padded <= {-3, -2} else "padding along other dimensions than x and y"


def _pack(operator: Operator) -> str | None:
    return "packing along the batch" if operator.options.axis == 0 else None


def _split(operator: Operator) -> str | None:
    axis = operator.inputs[0].value
    return None if axis is not None and int(axis.ravel()[0]) != 0 else "splitting along the batch"


def _softmax(operator: Operator) -> str | None:
    *outer, inner = operator.inputs[0].shape
    if any(n > 1 for n in outer):
        return "softmax of more than one dimension"
    return None if inner <= MAX_SOFTMAX else f"softmax of more than {MAX_SOFTMAX} elements"


def _prelu(operator: Operator) -> str | None:
    return "slopes of more than one dimension" if any(n > 1 for n in operator.inputs[1].shape[:-1]) else None


def _squeeze(operator: Operator) -> str | None:
    before, after = operator.inputs[0].shape, operator.outputs[0].shape
    return None if before[len(before) - len(after) :] == after else "squeezing inner dimensions"


def _strided_slice(operator: Operator) -> str | None:
    strides, options = operator.inputs[3].value, operator.options
    if strides is None or (strides != 1).any():
        return "strides other than 1"
    return "ellipsis or new axis" if options.ellipsisMask or options.newAxisMask else None


RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(
        (
            "ADD", "EXPAND_DIMS", "L2_NORMALIZATION", "LOGISTIC", "MAXIMUM", "MINIMUM", "MUL", "QUANTIZE", "RELU",
            "RELU6", "RELU_N1_TO_1", "RESHAPE", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "RSQRT", "SLICE",
            "SPACE_TO_DEPTH", "SQUARED_DIFFERENCE", "SUB", "TANH", "UNIDIRECTIONAL_SEQUENCE_LSTM",
        ),
        _free,
    ),
    "AVERAGE_POOL_2D": _not_fused,
    "CONCATENATION": _concatenation,
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _depthwise,
    "FULLY_CONNECTED": _fully_connected,
    "MAX_POOL_2D": _not_fused,
    "MEAN": _within_picture,
    "PACK": _pack,
    "PAD": _pad,
    "PRELU": _prelu,
    "REDUCE_MAX": _within_batch,
    "REDUCE_MIN": _within_batch,
    "SOFTMAX": _softmax,
    "SPLIT": _split,
    "SQUEEZE": _squeeze,
    "STRIDED_SLICE": _strided_slice,
    "SUM": _within_batch,
    "TRANSPOSE_CONV": _constant_weights,
}  # fmt: skip
"""The operators that the compiler knows, each with the rule for what it must not do."""
