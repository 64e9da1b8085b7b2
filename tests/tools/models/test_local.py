"""A user's own models are listed and removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.inference.local import install, installed
from soundit_edge.inference.models import default_folder
from tools.models import local


def test_the_tool_lists_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOUNDIT_LOCAL_MODELS", str(tmp_path))
    install(default_folder() / "face_expression.tflite", "body_own", list("abcdefgh"))
    assert local.main(["list"]) == 0
    assert "body_own" in capsys.readouterr().out
    assert local.main(["remove", "body_own"]) == 0
    assert local.main(["remove", "body_own"]) == 2
    assert "no local model" in capsys.readouterr().err
    assert installed() == {}
