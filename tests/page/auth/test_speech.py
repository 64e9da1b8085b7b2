"""The claim's code spoken by a synthesiser that stands in for espeak-ng."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.page.auth.speech import speak_code


async def test_the_code_is_spelt_and_stands_on_no_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, said = tmp_path / "espeak-ng", tmp_path / "said"
    program.write_text(f'#!/bin/sh\n{{ echo "$@"; /bin/cat; }} > {said}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    await speak_code("ACDE-3467")
    options, text = said.read_text().split("\n", 1)
    assert options == "--stdin -s 120"
    assert "A, C, D, E, 3, 4, 6, 7" in text


async def test_without_a_synthesiser_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setenv("PATH", str(tmp_path))
    await speak_code("ACDE-3467")
    assert "espeak-ng is not installed" in caplog.text
    assert "ACDE" not in caplog.text
