"""Verdicts hold on the box that they were measured on, and a cache that is no good counts as none."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from soundit_edge import paths
from soundit_edge.inference.interpreter import available_runtimes
from soundit_edge.inference.tuning import verdicts
from soundit_edge.inference.tuning.verdicts import FILE, ModelTuning, cpu_model, read_verdicts, write_verdicts

SHA = "a" * 64
VERDICT = ModelTuning(runtime="litert", threads=2, call_ms=1.5, measured=datetime.date(2026, 11, 28))


def file() -> Path:
    return paths.cache_folder() / FILE


def test_what_was_written_is_read() -> None:
    assert read_verdicts() == {}
    write_verdicts({SHA: VERDICT})
    assert read_verdicts() == {SHA: VERDICT}


def other_processor(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verdicts, "cpu_model", lambda: "another")


def fewer_processors(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(os, "sched_getaffinity", lambda _: set(range(99)))


def new_runtime(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verdicts, "_version", lambda _: "99.0")


def no_tflite_runtime(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verdicts, "available_runtimes", lambda: ["litert"])


@pytest.mark.parametrize("change", [other_processor, fewer_processors, new_runtime, no_tflite_runtime])
def test_on_another_box_verdicts_do_not_hold(
    change: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    if change is no_tflite_runtime and len(available_runtimes()) == 1:
        pytest.skip("only one runtime is installed for this Python")
    write_verdicts({SHA: VERDICT})
    with monkeypatch.context() as patch:
        change(patch)
        assert read_verdicts() == {}
    assert read_verdicts() == {SHA: VERDICT}


@pytest.mark.parametrize("threads", [0, -1, 65, "two", None])
def test_a_verdict_that_cannot_be_is_none(threads: object) -> None:
    write_verdicts({SHA: VERDICT})
    content = json.loads(file().read_text())
    content["models"][SHA]["threads"] = threads
    file().write_text(json.dumps(content))
    assert read_verdicts() == {}


def test_a_verdict_for_a_runtime_that_there_is_not_is_none() -> None:
    write_verdicts({SHA: VERDICT.model_copy(update={"runtime": "abacus"})})
    assert read_verdicts() == {}


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"box": 1, "models": {}}', b"{" * 9000])
def test_rubbish_counts_as_none(content: bytes) -> None:
    file().parent.mkdir()
    file().write_bytes(content)
    assert read_verdicts() == {}
    write_verdicts({SHA: VERDICT})
    assert read_verdicts() == {SHA: VERDICT}


def test_a_folder_in_the_place_of_the_file_counts_as_none() -> None:
    file().mkdir(parents=True)
    assert read_verdicts() == {}
    with pytest.raises(OSError, match="directory"):
        write_verdicts({SHA: VERDICT})


def test_a_user_without_a_home_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUNDIT_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/dev/null")
    assert read_verdicts() == {}
    with pytest.raises(paths.NoHome):
        write_verdicts({SHA: VERDICT})


@pytest.mark.parametrize(
    ("cpuinfo", "name"),
    [
        ("processor\t: 0\nmodel name\t: AMD EPYC\n\nprocessor\t: 1\nmodel name\t: AMD EPYC\n", "AMD EPYC"),
        ("processor\t: 0\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 4 Model B\n", "BCM2835, Raspberry Pi 4 Model B"),
    ],
)
def test_the_processor_or_the_board_is_named(cpuinfo: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(cpuinfo)
    assert cpu_model(path) == name


def test_a_kernel_that_names_neither_leaves_the_architecture(tmp_path: Path) -> None:
    assert cpu_model(tmp_path / "nothing")
