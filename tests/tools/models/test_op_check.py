"""What runs on an Edge TPU, and what stops the rest."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from soundit_edge.inference.models import default_folder, mediapipe_model
from tools.models.edgetpu_rules import obstacle
from tools.models.graph import Operator, Tensor, parse
from tools.models.op_check import check_operators, main, mapped

MESH = mediapipe_model("face_landmark/face_landmark")
ATTENTION = mediapipe_model("face_landmark/face_landmark_with_attention")
VOICE = default_folder() / "voice_emotion.tflite"
LIPS = default_folder() / "lips_words.tflite"


def computed(*shape: int, kind: str = "INT8", dynamic: bool = False) -> Tensor:
    return Tensor("x", kind, shape, dynamic, None, constant=False)


def fixed(value: Any, kind: str = "INT8") -> Tensor:
    array = np.asarray(value)
    return Tensor("w", kind, array.shape, False, array, constant=True)


def operator(name: str, *inputs: Tensor, output: Tensor | None = None, **options: Any) -> Operator:
    return Operator(name, inputs, (output or computed(1, 8, 8, 4),), SimpleNamespace(**options))


X = computed(1, 8, 8, 4)
KERNEL = fixed(np.zeros((4, 3, 3, 4)))
BIAS = fixed(np.zeros(4), "INT32")


@pytest.mark.parametrize(
    "mapped",
    [
        operator("ADD", X, X),
        operator("CONV_2D", X, KERNEL, BIAS, dilationHFactor=2, dilationWFactor=2),
        operator("DEPTHWISE_CONV_2D", X, KERNEL, BIAS, dilationHFactor=1, dilationWFactor=1),
        operator("PAD", X, fixed([[0, 0], [1, 1], [1, 1], [0, 0]], "INT32")),
        operator("MEAN", X, fixed([1, 2], "INT32")),
        operator("SUM", X, fixed([-1], "INT32")),
        operator("SOFTMAX", computed(1, 16_000)),
        operator("FULLY_CONNECTED", computed(1, 9), fixed(np.zeros((2, 9))), output=computed(1, 2), weightsFormat=0),
        operator("CONCATENATION", X, fixed(np.zeros((1, 8, 8, 4))), fusedActivationFunction=0),
        operator("MAX_POOL_2D", X, fusedActivationFunction=0),
        operator("SQUEEZE", computed(1, 1, 1, 4), output=computed(1, 4)),
        operator("PRELU", X, fixed(np.zeros((1, 1, 4)))),
        operator("STRIDED_SLICE", X, BIAS, BIAS, fixed([1, 1], "INT32"), ellipsisMask=0, newAxisMask=0),
        operator("SPLIT", fixed(3, "INT32"), X),
    ],
    ids=lambda op: op.name,
)
def test_what_the_published_rules_let_pass(mapped: Operator) -> None:
    assert obstacle(mapped) is None


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (operator("TRANSPOSE", X, fixed([0, 3, 1, 2], "INT32")), "not supported"),
        (operator("CUSTOM", X), "not supported"),
        (operator("ADD", X, computed(1, 8, 8, 4, kind="FLOAT32")), "float32"),
        (operator("ADD", X, computed(1, 8, 8, 4, dynamic=True)), "dynamic"),
        (operator("ADD", computed(16, 8, 8, 4), computed(16, 8, 8, 4)), "16x8x8x4"),
        (operator("CONV_2D", X, KERNEL, BIAS, dilationHFactor=2, dilationWFactor=1), "dilation"),
        (operator("CONV_2D", X, X, dilationHFactor=1, dilationWFactor=1), "not constant"),
        (operator("DEPTHWISE_CONV_2D", X, KERNEL, BIAS, dilationHFactor=2, dilationWFactor=2), "dilated"),
        (operator("PAD", X, fixed([[0, 0], [0, 0], [0, 0], [0, 1]], "INT32")), "other dimensions"),
        (operator("PAD", X, computed(4, 2)), "not constant"),
        (operator("MEAN", X, fixed([2, 3], "INT32")), "other dimensions"),
        (operator("MEAN", X, computed(2)), "other dimensions"),
        (operator("REDUCE_MAX", X, fixed([0], "INT32")), "batch"),
        (operator("SOFTMAX", computed(1, 75, 52)), "one dimension"),
        (operator("SOFTMAX", computed(1, 16_001)), "16000"),
        (operator("FULLY_CONNECTED", X, KERNEL, output=computed(1, 3, 2), weightsFormat=0), "one dimension"),
        (operator("FULLY_CONNECTED", X, KERNEL, output=computed(1, 2), weightsFormat=1), "format"),
        (operator("CONCATENATION", X, fixed(np.ones((1, 8, 8, 4))), fusedActivationFunction=0), "zeros"),
        (operator("AVERAGE_POOL_2D", X, fusedActivationFunction=1), "fused"),
        (operator("SQUEEZE", computed(1, 4, 1, 4), output=computed(1, 4, 4)), "inner"),
        (operator("PRELU", X, fixed(np.zeros((8, 8, 4)))), "slopes"),
        (operator("STRIDED_SLICE", X, BIAS, BIAS, fixed([1, 2], "INT32"), ellipsisMask=0, newAxisMask=0), "strides"),
        (operator("STRIDED_SLICE", X, BIAS, BIAS, fixed([1, 1], "INT32"), ellipsisMask=0, newAxisMask=1), "new axis"),
        (operator("SPLIT", fixed(0, "INT32"), X), "batch"),
        (operator("PACK", X, axis=0), "batch"),
    ],
    ids=lambda value: value.name if isinstance(value, Operator) else "",
)
def test_what_the_published_rules_refuse(refused: Operator, why: str) -> None:
    assert why in str(obstacle(refused))


def test_weights_behind_the_flatbuffer_are_constants() -> None:
    """Else every large convolution would seem to have weights that are computed."""
    assert mapped(check_operators(parse(default_folder() / "face_expression.tflite"))) == 22


def test_from_the_first_operator_that_does_not_map_on_all_run_on_the_cpu(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(VOICE)]) == 0
    first, _, *rows = capsys.readouterr().out.splitlines()
    assert "33 of 92 operators map" in first
    assert "from operator 33 on" in first
    assert all(row.endswith("Edge TPU") for row in rows[:33])
    assert all("CPU: " in row for row in rows[33:])


def test_strict_fails_where_anything_runs_on_the_cpu(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--strict", "--brief", str(VOICE)]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_what_the_compiler_is_given_can_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    face = str(default_folder() / "face_expression.tflite")
    assert main(["--strict", "--brief", face]) == 1
    assert main(["--strict", "--brief", "--rewritten", face]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("25 of 25 operators map to the Edge TPU")


def test_a_batch_of_frames_does_not_map_at_all() -> None:
    checks = check_operators(parse(LIPS))
    assert mapped(checks) == 0
    assert "16x32x32x5" in str(checks[0].obstacle)


def test_a_float_model_does_not_map_at_all() -> None:
    assert mapped(check_operators(parse(MESH))) == 0


def test_a_model_that_no_runtime_can_load_is_read_all_the_same() -> None:
    assert {check.name for check in check_operators(parse(ATTENTION))} >= {"CUSTOM"}


@pytest.mark.parametrize(
    "content", [None, b"", b"no model\n" * 50, b"\x10\0\0\0TFL3" + bytes(50), b"\xff" * 4 + b"TFL3"]
)
def test_what_is_no_model_is_said_in_one_line(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.tflite"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path)]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert str(path) in line


def test_a_damaged_file_is_one_line_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = (default_folder() / "body_motion.tflite").read_bytes()
    path, random, refused = tmp_path / "x.tflite", np.random.default_rng(0), 0
    for _ in range(60):
        damaged = bytearray(content)
        for place in random.integers(len(content) - 6000, len(content), 8):  # where the graph lies, behind the weights
            damaged[place] = random.integers(256)
        path.write_bytes(damaged)
        refused += main(["--brief", "--rewritten", str(path)]) == 2
    assert 10 < refused < 60
    assert len(capsys.readouterr().err.splitlines()) == refused
