"""Only full-integer models pass."""

from __future__ import annotations

import pytest

from soundit_edge.inference.models import ModelSet, default_folder, mediapipe_model
from tools.models.check_int8 import NotInteger, check, main


@pytest.mark.parametrize("name", sorted(ModelSet(default_folder()).manifest.models))
def test_the_shipped_models_are_full_integer(name: str) -> None:
    assert check(default_folder() / f"{name}.tflite")["CONV_2D"] >= 1


def test_the_tool_says_what_is_wrong_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(default_folder() / "face_expression.tflite")]) == 0
    assert "full-integer" in capsys.readouterr().out
    assert main([str(mediapipe_model("face_landmark/face_landmark"))]) == 2
    assert "float tensors" in capsys.readouterr().err


def test_a_float_model_is_not() -> None:
    with pytest.raises(NotInteger, match="float tensors"):
        check(mediapipe_model("face_landmark/face_landmark"))
