"""Verdicts are kept, and a file that holds rubbish is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.inference.delegates import verdict as verdicts
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.delegates.verdict import ModelVerdict, Verdict

GOOD = Verdict(
    runtime="litert",
    models={
        "face": ModelVerdict(outcome="used", ms=0.25, cpu_ms=0.5),
        "lips": ModelVerdict(outcome="slower", ms=9.0, cpu_ms=3.0),
        "body": ModelVerdict(outcome="cannot run", why="unresolved"),
    },
)


def stored() -> Path:
    path = verdicts.file()
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_what_is_kept_is_found_under_its_key_only() -> None:
    assert verdicts.recall("key") is None
    verdicts.remember("key", GOOD)
    assert verdicts.recall("key") == GOOD
    assert verdicts.recall("other") is None


def test_a_new_one_takes_the_place_of_the_last() -> None:
    verdicts.remember("key", GOOD)
    verdicts.remember("other", Verdict(runtime="litert", failure=Failure.CRASHED, why="it crashed"))
    assert verdicts.recall("key") is None
    assert len(list(stored().parent.iterdir())) == 1


@pytest.mark.parametrize(
    "content", [b"", b"rubbish", b"\xff\xfe", b"[]", b'{"key": "key"}', b'{"key": 1, "verdict": 2}']
)
def test_a_rubbish_cache_file_is_ignored(content: bytes) -> None:
    stored().write_bytes(content)
    assert verdicts.recall("key") is None
    verdicts.remember("key", GOOD)
    assert verdicts.recall("key") == GOOD


def test_a_folder_in_the_place_of_the_file_is_ignored() -> None:
    stored().mkdir()
    verdicts.remember("key", GOOD)
    assert verdicts.recall("key") is None


def test_a_cache_that_cannot_be_written_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_CACHE", "/dev/null/cache")
    verdicts.remember("key", GOOD)
    assert verdicts.recall("key") is None


def test_a_user_without_a_home_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUNDIT_CACHE")
    for variable in ("XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(variable, "/dev/null")
    verdicts.remember("key", GOOD)
    assert verdicts.recall("key") is None


def test_only_what_runs_rightly_and_faster_is_used() -> None:
    assert GOOD.used == ("face",)
    assert GOOD.describe("lib.so") == (
        "lib.so with litert runs (face: 0.25 ms, CPU 0.50 ms; lips: 9.00 ms, CPU 3.00 ms; body: unresolved)"
    )


@pytest.mark.parametrize("failure", Failure)
def test_what_may_pass_is_tried_again(failure: Failure) -> None:
    passes = {Failure.ABSENT, Failure.REFUSED, Failure.FAILED, Failure.WRONG}
    assert Verdict(runtime="litert", failure=failure).lasts is (failure not in passes)


@given(text=st.text())
def test_a_failure_is_one_line_that_can_be_kept_whatever_a_library_says(text: str) -> None:
    line = str(DelegateError(Failure.FAILED, text))
    assert line.isprintable()
    verdicts.remember("key", Verdict(runtime="litert", failure=Failure.CRASHED, why=line))
    kept = verdicts.recall("key")
    assert kept is not None
    assert kept.why == line
