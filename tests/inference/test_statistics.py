"""What the calls of each model cost."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.inference.statistics import CallMeter, model_statistics


def test_a_model_that_is_run_is_counted_and_timed() -> None:
    model = ModelSet(default_folder()).load("face_expression")
    nothing = np.zeros(model.inputs[0].shape, np.float32)
    before = sum(row.calls for row in model_statistics() if row.name == "face_expression")
    for _ in range(3):
        model.run(nothing)
    rows = [row for row in model_statistics() if row.name == "face_expression"]
    assert sum(row.calls for row in rows) == before + 3
    assert all(row.resource == "cpu" and 0 < row.median_s <= row.p95_s for row in rows)


def test_a_model_that_is_gone_is_forgotten_and_one_that_is_not_called_is_not_listed() -> None:
    idle, busy = CallMeter("idle"), CallMeter("busy", "edgetpu")
    with busy.measured():
        pass
    assert [(row.name, row.resource) for row in model_statistics() if row.name in ("idle", "busy")] == [
        ("busy", "edgetpu")
    ]
    assert idle.statistics().calls == 0
    del busy
    gc.collect()
    assert not any(row.name == "busy" for row in model_statistics())


def test_a_call_that_fails_is_counted() -> None:
    meter = CallMeter("broken")
    with pytest.raises(ValueError, match="no"), meter.measured():
        raise ValueError("no")
    assert meter.statistics().calls == 1


def test_it_can_be_read_while_it_is_written() -> None:
    meter, reading = CallMeter("busy"), threading.Event()

    def write() -> None:
        while not reading.is_set():
            with meter.measured():
                pass

    thread = threading.Thread(target=write)
    thread.start()
    try:
        counts = [meter.statistics().calls for _ in range(2000)]
    finally:
        reading.set()
        thread.join()
    assert counts == sorted(counts)
