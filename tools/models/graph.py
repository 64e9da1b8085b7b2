"""The graph in a .tflite file: its operators and their tensors, read and written without a runtime.

The runtimes' own lists leave out what decides about accelerators: which tensors are constant, an operator's options.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import flatbuffers
import numpy as np
import numpy.typing as npt
from ai_edge_litert import schema_py_generated as schema

from soundit_edge.errors import SounditError
from soundit_edge.text import reason

_MARK: Final = b"TFL3"
"""Bytes 4 to 8 of every .tflite file."""
_NUMBERS: Final = {"FLOAT32": "<f4", "FLOAT16": "<f2", "INT32": "<i4", "INT64": "<i8", "INT8": "<i1", "UINT8": "<u1"}
"""NumPy's types by the schema's names, as constants are stored."""


class NoModel(SounditError):
    """A file cannot be read, or is no TFLite model."""


def _names(constants: type) -> dict[int, str]:
    return {value: name for name, value in vars(constants).items() if isinstance(value, int)}


TYPES: Final = _names(schema.TensorType)
OPERATORS: Final = _names(schema.BuiltinOperator)
"""The schema's names by number."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor of a graph.

    Attributes:
        name: in the file.
        type: the schema's name, such as "INT8".
        shape: all dimensions.
        dynamic: whether a dimension is known only while the model runs.
        value: of a constant that is stored as it is; None for all others.
        constant: whether the file holds its content.
        zero_point: the stored number that stands for 0 in an int8 tensor.
    """

    name: str
    type: str
    shape: tuple[int, ...]
    dynamic: bool
    value: npt.NDArray[Any] | None
    constant: bool
    zero_point: int = 0


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator of a graph.

    Attributes:
        name: the schema's name, such as "CONV_2D".
        inputs: its tensors, without those that it does not use.
        outputs: the same of its results.
        options: the schema's object with its options; None where it has none.
    """

    name: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    options: Any


def parse(path: Path) -> Any:
    """Return the model in a .tflite file, as `deserialise` does.

    Raises:
        NoModel: the file cannot be read, or is no TFLite model.
    """
    try:
        return deserialise(path.read_bytes())
    except OSError as error:
        raise NoModel(f"{path}: cannot be read ({reason(error)})") from error
    except NoModel as error:
        raise NoModel(f"{path}: {error}") from error


def deserialise(content: bytes) -> Any:
    """Return the content of a .tflite file as the schema's objects (`ModelT`), with all constants inside.

    New converters write large constants behind the flatbuffer, where programs from before 2023 do not look for them.

    Raises:
        NoModel: this is no TFLite model.
    """
    try:
        if content[4:8] != _MARK:
            raise ValueError
        model = schema.ModelT.InitFromPackedBuf(content, 0)
        for buffer in model.buffers:
            if buffer.size:
                buffer.data = np.frombuffer(content, np.uint8, buffer.size, buffer.offset)
                buffer.offset = buffer.size = 0
        return model
    except Exception as error:  # the generated readers fail with whatever a wrong offset leads to
        raise NoModel("not a TFLite model") from error


def serialise(model: Any) -> bytes:
    """Return the content of the .tflite file of a model: the inverse of `deserialise`."""
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), file_identifier=_MARK)
    return bytes(builder.Output())


def operator_name(model: Any, operator: Any) -> str:
    """Return the schema's name of an operator; old files have its number in another field."""
    code = model.operatorCodes[operator.opcodeIndex]
    return OPERATORS[max(code.builtinCode, code.deprecatedBuiltinCode)]


def stored_value(model: Any, tensor: Any) -> npt.NDArray[Any] | None:
    """Return the content of a constant tensor; None for one that is computed, or not stored as plain numbers."""
    data = model.buffers[tensor.buffer].data
    kind = _NUMBERS.get(TYPES[tensor.type])
    if data is None or len(data) == 0 or kind is None or tensor.sparsity is not None:
        return None
    return np.frombuffer(np.asarray(data, np.uint8).tobytes(), kind).reshape(_shape(tensor))


def operators(model: Any) -> Iterator[Operator]:
    """Yield the operators of a model's main graph, in the order in which they run."""
    graph = model.subgraphs[0]
    tensors = [_tensor(model, tensor) for tensor in graph.tensors]
    for operator in graph.operators:
        yield Operator(
            name=operator_name(model, operator),
            inputs=tuple(tensors[i] for i in operator.inputs if i >= 0),
            outputs=tuple(tensors[i] for i in operator.outputs if i >= 0),
            options=operator.builtinOptions,
        )


def _tensor(model: Any, tensor: Any) -> Tensor:
    data, signature = model.buffers[tensor.buffer].data, tensor.shapeSignature
    zero_points = tensor.quantization.zeroPoint if tensor.quantization is not None else None
    return Tensor(
        name=(tensor.name or b"").decode(errors="replace"),
        type=TYPES[tensor.type],
        shape=_shape(tensor),
        dynamic=signature is not None and any(n < 0 for n in signature),
        value=stored_value(model, tensor),
        constant=data is not None and len(data) > 0,
        zero_point=0 if zero_points is None or len(zero_points) == 0 else int(zero_points[0]),
    )


def _shape(tensor: Any) -> tuple[int, ...]:
    return () if tensor.shape is None else tuple(int(n) for n in tensor.shape)
