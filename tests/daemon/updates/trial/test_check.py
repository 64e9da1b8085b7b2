"""The check in a process of its own: what becomes of that process is an answer, and nothing of it stays."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from soundit_edge.daemon.updates.trial import check as module
from soundit_edge.daemon.updates.trial.check import check_set
from soundit_edge.daemon.updates.trial.limits import TrialLimits
from soundit_edge.inference.models import default_folder
from tests.update.made_sets import make_set

ONE = make_set(1)


async def test_it_says_what_is_wrong(tmp_path: Path) -> None:
    """The set lacks what the senses need."""
    found = await check_set(ONE.write(tmp_path), ONE.set_id, default_folder(), TrialLimits())
    assert "has no model 'face_expression'" in found


async def test_a_runtime_that_crashes_takes_only_its_own_process_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_examine", crash)
    assert await check_set(tmp_path, ONE.set_id, tmp_path, TrialLimits()) == "checking it crashed (SIGSEGV)"


async def test_a_check_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_examine", sleep)
    assert await check_set(tmp_path, ONE.set_id, tmp_path, TrialLimits(check_s=0.05)) == "checking it takes too long"


def crash(*_: object) -> str:
    """End as after a fault in native code."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return ""


def sleep(*_: object) -> str:
    time.sleep(3600.0)
    return ""
