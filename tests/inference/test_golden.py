"""Golden answers: the fixed input, and the form of the file."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.inference.golden import from_bytes, golden_input, golden_name, to_bytes


def test_the_golden_input_uses_the_whole_range() -> None:
    x = golden_input((1, 48, 48, 1))
    assert x.shape == (1, 48, 48, 1)
    assert x.dtype == np.int8
    assert (x.min(), x.max()) == (-128, 127)
    assert len(np.unique(x)) == 256


@pytest.mark.parametrize("answer", [np.arange(-4, 4, dtype=np.int8).reshape(1, 2, 4), np.zeros((1, 5), np.uint8)])
def test_an_answer_keeps_its_type_and_shape(answer: np.typing.NDArray[np.int8]) -> None:
    again = from_bytes(to_bytes(answer))
    assert np.array_equal(again, answer)
    assert (again.dtype, again.shape) == (answer.dtype, answer.shape)
    assert from_bytes(to_bytes(answer.T)).shape == answer.T.shape


def test_fractions_are_no_answer() -> None:
    whole = to_bytes(np.zeros(8, np.int8))
    with pytest.raises(ValueError, match="float32"):
        from_bytes(whole.replace(b"|i1", b"<f4") + bytes(24))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_refused(content: bytes) -> None:
    for some in (content, to_bytes(np.zeros(8, np.int8))[: len(content)] + content):
        try:
            from_bytes(some)
        except ValueError:
            continue


def test_the_answer_is_named_after_its_model() -> None:
    assert golden_name("face_expression.tflite") == "face_expression.golden.npy"
