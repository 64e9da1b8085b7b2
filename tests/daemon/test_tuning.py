"""The models of a box that is new are measured beside the device, by a process that leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from soundit_edge.daemon.tuning import measure_each_set, measure_models
from soundit_edge.inference.models import default_folder
from soundit_edge.inference.tuning.measure import unmeasured
from soundit_edge.inference.tuning.verdicts import FILE, ModelTuning, write_verdicts
from soundit_edge.paths import cache_folder
from tests.waiting import until

TODAY = "2026-11-28"


def log_text(tmp_path: Path) -> str:
    path = tmp_path / "soundit.log"
    return path.read_text() if path.exists() else ""


def keep_all_but(left_out: set[str]) -> None:
    """Write verdicts for all models but those of these names."""
    verdict = ModelTuning.model_validate({"runtime": "litert", "threads": 1, "call_ms": 1.0, "measured": TODAY})
    write_verdicts({model.sha256: verdict for model in unmeasured() if model.name not in left_out})


async def test_what_has_no_verdict_is_measured_and_kept(tmp_path: Path) -> None:
    keep_all_but({"body_motion"})
    await measure_models(2, default_folder(), after_s=0.0)
    assert unmeasured() == []
    assert "measured for the next start: body_motion: " in log_text(tmp_path)


async def test_each_set_that_is_put_in_use_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[Path] = []
    folder, changed = Path("one"), asyncio.Event()

    async def measure(workers: int, models: Path) -> None:
        measured.append(models)

    async def wait() -> None:
        await changed.wait()
        changed.clear()

    monkeypatch.setattr("soundit_edge.daemon.tuning.measure_models", measure)
    measuring = asyncio.create_task(measure_each_set(2, lambda: folder, wait))
    await until(lambda: measured)
    folder = Path("other")
    changed.set()
    await until(lambda: len(measured) == 2)
    assert measured == [Path("one"), Path("other")]
    measuring.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await measuring


async def test_a_box_that_was_measured_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_all_but(set())
    monkeypatch.setattr("soundit_edge.daemon.tuning._Child", pytest.fail)
    await measure_models(2, default_folder())


async def test_a_cache_that_cannot_be_written_is_one_line_of_the_log(tmp_path: Path) -> None:
    cache_folder().write_text("in the way")
    await measure_models(2, default_folder(), after_s=0.0)
    [line] = [line for line in log_text(tmp_path).splitlines() if "cannot be measured" in line]
    assert str(cache_folder()) in line


async def test_the_device_stops_while_it_waits_to_measure() -> None:
    waiting = asyncio.create_task(measure_models(2, default_folder(), after_s=3600.0))
    await asyncio.sleep(0)
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    assert not (cache_folder() / FILE).exists()


async def test_the_device_stops_while_it_measures() -> None:
    measuring = asyncio.create_task(measure_models(2, default_folder(), after_s=0.0))
    await until(lambda: any(child.pid for child in multiprocessing.active_children()))
    measuring.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await measuring
    assert multiprocessing.active_children() == []


async def test_a_runtime_that_crashes_takes_only_its_own_process_with_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soundit_edge.daemon.tuning.main", crash)
    await measure_models(2, default_folder(), after_s=0.0)
    assert "the models could not be measured (exit code -11)" in caplog.text


async def test_a_process_that_cannot_be_started_is_one_line_of_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr("soundit_edge.daemon.tuning.start_masked", refuse)
    await measure_models(2, default_folder(), after_s=0.0)
    assert caplog.messages == [f"the models cannot be measured: {os.strerror(errno.EAGAIN)}"]


def crash(*_: object) -> None:
    """End as after a fault in native code."""
    os.kill(os.getpid(), signal.SIGSEGV)
