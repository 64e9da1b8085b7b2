"""Nets of published shapes with random weights, as float TFLite files: what they cost does not depend on the weights.

Written with the runtime's own schema, so that no training framework is needed.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import flatbuffers
import numpy as np
import numpy.typing as npt
from ai_edge_litert import schema_py_generated as schema

VGG16: Final = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0)
"""Filters of the 3x3 convolutions of VGG16, and 0 for each 2x2 pooling (Simonyan & Zisserman 2015, table 1, D)."""
XCEPTION: Final = (16, 32, 64, 128)
"""Filters of the four residual blocks of mini-Xception (Arriaga, Valdenegro-Toro & Plöger 2017, figure 4)."""
EMOTIONS: Final = 7
_VERSION: Final = 3


class Net:
    """A feed-forward net that is put together layer by layer. Batches are of one, tensors are NHWC, float32."""

    def __init__(self, size: int, channels: int) -> None:
        """Begin with a square input.

        Args:
            size: its height and width.
            channels: its channels.
        """
        self._random = np.random.default_rng(0)
        self._buffers: list[Any] = [schema.BufferT()]
        self._tensors: list[Any] = []
        self._operators: list[Any] = []
        self._codes: list[int] = []
        self.top = self._tensor((1, size, size, channels))

    def convolve(self, filters: int, kernel: int, stride: int = 1, *, valid: bool = False, relu: bool = True) -> None:
        """Convolve the top, with batch normalisation folded into the weights."""
        _, height, width, channels = self._shape(self.top)
        weights = self._weights((filters, kernel, kernel, channels))
        options = schema.Conv2DOptionsT()
        self._place(options, stride, valid=valid)
        options.fusedActivationFunction = _activation(relu=relu)
        shape = (1, *(_extent(n, kernel, stride, valid=valid) for n in (height, width)), filters)
        inputs = [self.top, weights, self._weights((filters,))]
        self._apply(schema.BuiltinOperator.CONV_2D, schema.BuiltinOptions.Conv2DOptions, options, inputs, shape)

    def separate(self, filters: int, *, relu: bool) -> None:
        """Convolve each channel of the top by 3x3, then mix them by 1x1."""
        shape = self._shape(self.top)
        options = schema.DepthwiseConv2DOptionsT()
        self._place(options, 1, valid=False)
        options.depthMultiplier = 1
        inputs = [self.top, self._weights((1, 3, 3, shape[-1])), self._weights((shape[-1],))]
        kinds = schema.BuiltinOperator.DEPTHWISE_CONV_2D, schema.BuiltinOptions.DepthwiseConv2DOptions
        self._apply(*kinds, options, inputs, shape)
        self.convolve(filters, 1, relu=relu)

    def pool(self, kernel: int) -> None:
        """Take the maximum of windows of the top at a stride of 2."""
        _, height, width, channels = self._shape(self.top)
        options = schema.Pool2DOptionsT()
        self._place(options, 2, valid=False)
        options.filterHeight = options.filterWidth = kernel
        shape = (1, -(-height // 2), -(-width // 2), channels)
        self._apply(schema.BuiltinOperator.MAX_POOL_2D, schema.BuiltinOptions.Pool2DOptions, options, [self.top], shape)

    def add(self, other: int) -> None:
        """Add another tensor to the top."""
        kinds = schema.BuiltinOperator.ADD, schema.BuiltinOptions.AddOptions
        self._apply(*kinds, schema.AddOptionsT(), [self.top, other], self._shape(self.top))

    def average(self) -> None:
        """Average the top over its height and width."""
        axes = self._constant(np.array([1, 2], np.int32), schema.TensorType.INT32)
        kinds = schema.BuiltinOperator.MEAN, schema.BuiltinOptions.ReducerOptions
        self._apply(*kinds, schema.ReducerOptionsT(), [self.top, axes], (1, self._shape(self.top)[-1]))

    def connect(self, outputs: int) -> None:
        """Connect the top fully to some outputs."""
        inputs = [self.top, self._weights((outputs, self._shape(self.top)[-1])), self._weights((outputs,))]
        kinds = schema.BuiltinOperator.FULLY_CONNECTED, schema.BuiltinOptions.FullyConnectedOptions
        self._apply(*kinds, schema.FullyConnectedOptionsT(), inputs, (1, outputs))

    def write(self, path: Path) -> None:
        """Write the net, whose answers are probabilities, as a TFLite file."""
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        kinds = schema.BuiltinOperator.SOFTMAX, schema.BuiltinOptions.SoftmaxOptions
        self._apply(*kinds, options, [self.top], self._shape(self.top))
        graph, model = schema.SubGraphT(), schema.ModelT()
        graph.tensors, graph.operators = self._tensors, self._operators
        graph.inputs, graph.outputs = [0], [self.top]
        model.version, model.subgraphs, model.buffers = _VERSION, [graph], self._buffers
        model.operatorCodes = [_operator_code(code) for code in self._codes]
        builder = flatbuffers.Builder(1 << 20)
        builder.Finish(model.Pack(builder), b"TFL3")
        path.write_bytes(builder.Output())

    def _shape(self, tensor: int) -> tuple[int, ...]:
        return tuple(self._tensors[tensor].shape)

    def _tensor(self, shape: tuple[int, ...], kind: int = schema.TensorType.FLOAT32, buffer: int = 0) -> int:
        tensor = schema.TensorT()
        tensor.shape, tensor.type, tensor.buffer = list(shape), kind, buffer
        tensor.name = f"t{len(self._tensors)}"
        self._tensors.append(tensor)
        return len(self._tensors) - 1

    def _constant(self, values: npt.NDArray[Any], kind: int) -> int:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self._buffers.append(buffer)
        return self._tensor(values.shape, kind, len(self._buffers) - 1)

    def _weights(self, shape: tuple[int, ...]) -> int:
        scale = 1 / math.sqrt(math.prod(shape[1:]))
        return self._constant(self._random.normal(0, scale, shape).astype(np.float32), schema.TensorType.FLOAT32)

    def _place(self, options: Any, stride: int, *, valid: bool) -> None:
        options.padding = schema.Padding.VALID if valid else schema.Padding.SAME
        options.strideH = options.strideW = stride

    def _apply(self, code: int, kind: int, options: Any, inputs: list[int], shape: tuple[int, ...]) -> None:
        """Add an operator over some tensors, whose output becomes the top."""
        if code not in self._codes:
            self._codes.append(code)
        self.top = self._tensor(shape)
        operator = schema.OperatorT()
        operator.opcodeIndex = self._codes.index(code)
        operator.inputs, operator.outputs = inputs, [self.top]
        operator.builtinOptionsType, operator.builtinOptions = kind, options
        self._operators.append(operator)


def vgg16(size: int) -> Net:
    """Return the convolutions of VGG16 with an average and one layer of emotions on top, as transfer learning has it.

    Args:
        size: height and width of its colour input; 224 in the paper.
    """
    net = Net(size, 3)
    for filters in VGG16:
        if filters:
            net.convolve(filters, 3)
        else:
            net.pool(2)
    net.average()
    net.connect(EMOTIONS)
    return net


def mini_xception() -> Net:
    """Return mini-Xception for grey faces of 64x64."""
    net = Net(64, 1)
    net.convolve(8, 3, valid=True)
    net.convolve(8, 3, valid=True)
    for filters in XCEPTION:
        begin = net.top
        net.convolve(filters, 1, 2, relu=False)
        shortcut, net.top = net.top, begin
        net.separate(filters, relu=True)
        net.separate(filters, relu=False)
        net.pool(3)
        net.add(shortcut)
    net.convolve(EMOTIONS, 3, relu=False)
    net.average()
    return net


def _activation(*, relu: bool) -> int:
    kinds = schema.ActivationFunctionType
    return int(kinds.RELU if relu else kinds.NONE)


def _extent(extent: int, kernel: int, stride: int, *, valid: bool) -> int:
    return -(-(extent - kernel + 1 if valid else extent) // stride)


def _operator_code(code: int) -> Any:
    result = schema.OperatorCodeT()
    result.builtinCode = result.deprecatedBuiltinCode = code
    result.version = 1
    return result
