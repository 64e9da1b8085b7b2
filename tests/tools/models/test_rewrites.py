"""Models are folded and rewritten so that other programs understand them, and answer as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from soundit_edge.inference.golden import golden_input
from soundit_edge.inference.interpreter import Model, available_runtimes
from soundit_edge.inference.models import MEDIAPIPE, ModelSet, default_folder, mediapipe_model
from tools.models.fold import SIGNATURE, drop_unused, folded
from tools.models.graph import NoModel, deserialise, operators, parse, serialise
from tools.models.rewrites import for_edgetpu, to_concatenations, to_integer_prelu

MODELS = ModelSet(default_folder())
INT8, FLOAT = schema.TensorType.INT8, schema.TensorType.FLOAT32


class Graph:
    """A small model that is put together by hand."""

    def __init__(self) -> None:
        self.model = schema.ModelT()
        self.model.version, self.model.buffers, self.model.operatorCodes = 3, [schema.BufferT()], []
        self._graph = schema.SubGraphT()
        self._graph.tensors, self._graph.operators = [], []
        self.model.subgraphs = [self._graph]

    def tensor(self, shape: list[int], kind: int = INT8, scale: float | None = 0.1, value: Any = None) -> int:
        tensor = schema.TensorT()
        tensor.name, tensor.shape, tensor.type, tensor.hasRank = b"x%d" % len(self._graph.tensors), shape, kind, True
        if scale is not None:
            tensor.quantization = schema.QuantizationParametersT()
            tensor.quantization.scale, tensor.quantization.zeroPoint = [scale], [3]
        tensor.buffer = 0
        if value is not None:
            buffer = schema.BufferT()
            buffer.data = np.ascontiguousarray(value).reshape(-1).view(np.uint8)
            self.model.buffers.append(buffer)
            tensor.buffer = len(self.model.buffers) - 1
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def add(self, number: int, inputs: list[int], outputs: list[int], version: int = 1) -> None:
        code, operator = schema.OperatorCodeT(), schema.OperatorT()
        code.builtinCode = code.deprecatedBuiltinCode = number
        code.version = version
        self.model.operatorCodes.append(code)
        operator.opcodeIndex, operator.inputs, operator.outputs = len(self.model.operatorCodes) - 1, inputs, outputs
        self._graph.operators.append(operator)

    def ends(self, inputs: list[int], outputs: list[int]) -> None:
        self._graph.inputs, self._graph.outputs = inputs, outputs


def load(model: Any, path: Path, runtime: str | None = None) -> Model:
    path.write_bytes(serialise(model))
    return Model(path, runtime=runtime)


def names(model: Any) -> list[str]:
    return [operator.name for operator in operators(model)]


@pytest.mark.parametrize("name", MEDIAPIPE)
def test_a_folded_model_is_plain_float_and_gives_the_same_answers(name: str, tmp_path: Path) -> None:
    original = mediapipe_model(name)
    content = folded(original)
    model = deserialise(content)
    assert not {"DEQUANTIZE", "DENSIFY"} & set(names(model))
    assert {tensor.type for one in operators(model) for tensor in (*one.inputs, *one.outputs)} <= {"FLOAT32", "INT32"}
    [signature] = model.signatureDefs
    assert signature.signatureKey.decode() == SIGNATURE
    (tmp_path / "folded.tflite").write_bytes(content)
    before, after = Model(original), Model(tmp_path / "folded.tflite")
    view = np.random.default_rng(0).random(before.inputs[0].shape).astype(np.float32)
    for a, b in zip(before.run(view), after.run(view), strict=True):
        assert np.abs(a - b).max() <= 1e-4 * max(1.0, float(np.abs(a).max()))


@pytest.mark.parametrize("name", MODELS.manifest.models)
def test_rewritten_models_give_their_golden_answers(name: str, tmp_path: Path) -> None:
    model = parse(default_folder() / MODELS.entry(name).file)
    for_edgetpu(model)
    for runtime in available_runtimes():
        path = tmp_path / f"{runtime}.tflite"
        assert MODELS.check_golden(name, load(model, path, runtime)) <= MODELS.entry(name).golden.tolerance


@pytest.mark.parametrize(("name", "gone"), [("face_expression", "TRANSPOSE"), ("body_motion", "TRANSPOSE")])
def test_what_does_not_map_is_replaced(name: str, gone: str) -> None:
    model = parse(default_folder() / MODELS.entry(name).file)
    assert gone in names(model)
    for_edgetpu(model)
    assert gone not in names(model)


def test_a_prelu_between_two_conversions_becomes_one_in_int8(tmp_path: Path) -> None:
    graph, shape = Graph(), [1, 4, 4, 8]
    slopes = np.linspace(-1, 1, 8, dtype=np.float32).reshape(1, 1, 8)
    x, y = graph.tensor(shape), graph.tensor(shape)
    real, bent = graph.tensor(shape, FLOAT, None), graph.tensor(shape, FLOAT, None)
    alpha = graph.tensor([1, 1, 8], FLOAT, None, slopes)
    graph.add(schema.BuiltinOperator.DEQUANTIZE, [x], [real], 2)
    graph.add(schema.BuiltinOperator.PRELU, [real, alpha], [bent])
    graph.add(schema.BuiltinOperator.QUANTIZE, [bent], [y])
    graph.ends([x], [y])
    before = load(graph.model, tmp_path / "before.tflite")
    to_integer_prelu(graph.model)
    assert names(graph.model) == ["PRELU"]
    after = load(graph.model, tmp_path / "after.tflite")
    given = [golden_input((1, 4, 4, 8))]
    steps = before.run_stored(given)[0].astype(int) - after.run_stored(given)[0]
    assert np.abs(steps).max() <= 1


def test_a_prelu_that_somebody_reads_in_float_stays(tmp_path: Path) -> None:
    graph, shape = Graph(), [1, 4, 4, 8]
    x, real, bent = graph.tensor(shape), graph.tensor(shape, FLOAT, None), graph.tensor(shape, FLOAT, None)
    alpha = graph.tensor([1, 1, 8], FLOAT, None, np.ones((1, 1, 8), np.float32))
    graph.add(schema.BuiltinOperator.DEQUANTIZE, [x], [real], 2)
    graph.add(schema.BuiltinOperator.PRELU, [real, alpha], [bent])
    graph.ends([x], [bent])
    to_integer_prelu(graph.model)
    assert names(graph.model) == ["DEQUANTIZE", "PRELU"]
    load(graph.model, tmp_path / "x.tflite")


def test_channels_are_padded_with_real_zeros(tmp_path: Path) -> None:
    graph = Graph()
    x, y = graph.tensor([1, 4, 4, 8]), graph.tensor([1, 4, 4, 12])
    amounts = np.array([[0, 0], [0, 0], [0, 0], [0, 4]], np.int32)
    padding = graph.tensor([4, 2], schema.TensorType.INT32, None, amounts)
    graph.add(schema.BuiltinOperator.PAD, [x, padding], [y], 2)
    graph.ends([x], [y])
    given = [golden_input((1, 4, 4, 8))]
    before = load(graph.model, tmp_path / "before.tflite").run_stored(given)[0]
    to_concatenations(graph.model)
    drop_unused(graph.model)
    assert names(graph.model) == ["CONCATENATION"]
    after = load(graph.model, tmp_path / "after.tflite").run_stored(given)[0]
    assert (before == after).all()
    assert (after[..., 8:] == 3).all()  # the zero point


def test_pictures_are_padded_as_before() -> None:
    model = parse(default_folder() / "face_expression.tflite")
    to_concatenations(model)
    assert names(model).count("PAD") == 3


def test_content_that_is_no_model_is_refused() -> None:
    with pytest.raises(NoModel):
        deserialise(b"nothing of the kind")
