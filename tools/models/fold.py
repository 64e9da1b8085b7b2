"""MediaPipe's .tflite files as plain float32 models, which quantisers understand.

They keep weights as fp16 or sparse constants behind DEQUANTIZE and DENSIFY, number their operators in the field of old
files only (a quantiser then takes all for ADD), and have no signature.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from soundit_edge.inference.interpreter import RUNTIMES
from tools.models.graph import operator_name, parse, serialise

SIGNATURE: Final = "serving_default"
_OLD: Final = 127
"""The highest number that the field of old files can hold; higher ones are in the new field alone."""


def folded(path: Path) -> bytes:
    """Return a model's file with everything computed that depends on constants only, and with a signature.

    Raises:
        NoModel: the file cannot be read, or is no TFLite model.
    """
    model = parse(path)
    graph = model.subgraphs[0]
    numbers = {name: value for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}
    names = [operator_name(model, operator) for operator in graph.operators]
    for operator, name in zip(graph.operators, names, strict=True):
        code = model.operatorCodes[operator.opcodeIndex]
        code.builtinCode, code.deprecatedBuiltinCode = numbers[name], min(numbers[name], _OLD)
    known = {i for i, tensor in enumerate(graph.tensors) if _is_stored(model, tensor)}
    kept, computed = [], []
    for operator in graph.operators:
        if all(i in known for i in operator.inputs if i >= 0):
            known.update(operator.outputs)
            computed += list(operator.outputs)
        else:
            kept.append(operator)
    interpreter = _runtime(path)
    for i in computed:
        graph.tensors[i].buffer = len(model.buffers)
        graph.tensors[i].sparsity = None
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(interpreter.get_tensor(i).tobytes(), np.uint8)
        model.buffers.append(buffer)
    graph.operators = kept
    drop_unused(model)
    model.signatureDefs = [_signature(graph)]
    return serialise(model)


def _is_stored(model: Any, tensor: Any) -> bool:
    data = model.buffers[tensor.buffer].data
    return data is not None and len(data) > 0


def _runtime(path: Path) -> Any:
    """Return an interpreter that has run once and keeps all tensors, without delegates, which would hide some."""
    module = importlib.import_module(RUNTIMES["litert"])
    interpreter = module.Interpreter(
        model_path=str(path),
        experimental_preserve_all_tensors=True,
        experimental_op_resolver_type=module.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    interpreter.allocate_tensors()
    interpreter.invoke()
    return interpreter


def drop_unused(model: Any) -> None:
    """Remove the tensors and buffers of a model (as `parse` gives it) that no operator needs any more."""
    graph = model.subgraphs[0]
    ends = [*graph.inputs, *graph.outputs]
    used = sorted({i for op in graph.operators for i in (*op.inputs, *op.outputs) if i >= 0} | set(ends))
    place = {-1: -1, **{old: new for new, old in enumerate(used)}}
    for signature in model.signatureDefs or ():
        for end in (*signature.inputs, *signature.outputs):
            end.tensorIndex = place[end.tensorIndex]
    graph.tensors = [graph.tensors[i] for i in used]
    graph.inputs, graph.outputs = _moved(graph.inputs, place), _moved(graph.outputs, place)
    for operator in graph.operators:
        operator.inputs, operator.outputs = _moved(operator.inputs, place), _moved(operator.outputs, place)
    buffers = [schema.BufferT()]  # by the format, the first one is empty
    for tensor in graph.tensors:
        if _is_stored(model, tensor):
            buffers.append(model.buffers[tensor.buffer])
            tensor.buffer = len(buffers) - 1
        else:
            tensor.buffer = 0
    model.buffers, model.metadata = buffers, None  # what metadata says of buffers no longer holds


def _moved(tensors: Sequence[int], place: dict[int, int]) -> list[int]:
    return [place[int(i)] for i in tensors]


def _signature(graph: Any) -> Any:
    signature = schema.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = SIGNATURE.encode(), 0
    signature.inputs = [_named(i, f"input_{n}") for n, i in enumerate(graph.inputs)]
    signature.outputs = [_named(i, f"output_{n}") for n, i in enumerate(graph.outputs)]
    return signature


def _named(tensor: int, name: str) -> Any:
    end = schema.TensorMapT()
    end.name, end.tensorIndex = name.encode(), tensor
    return end
