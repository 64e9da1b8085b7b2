"""What is free in the heap goes back to the system, though blocks that are in use lie between."""

from __future__ import annotations

import os
import platform
import threading

import numpy as np
import pytest

from soundit_edge.process import heap
from tests.soak.memory import Holding, holding

BLOCKS, SIZE, KEPT = 3000, 20_000, 50
"""Blocks of a size that malloc takes from its heap, and every how many-th stays in use."""


def now() -> Holding:
    row = holding(os.getpid(), 0.0)
    assert row is not None
    return row


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps its heap otherwise")
def test_what_is_free_between_blocks_in_use_is_given_back() -> None:
    assert heap.limit_arenas()
    held: list[np.ndarray[tuple[int], np.dtype[np.uint8]]] = []

    def fill() -> None:
        blocks = [np.ones(SIZE, np.uint8) for _ in range(BLOCKS)]
        held.extend(blocks[::KEPT])

    thread = threading.Thread(target=fill)
    thread.start()
    thread.join()
    before = now().own_mb
    assert heap.give_back()
    assert before - now().own_mb > 0.6 * BLOCKS * SIZE / 1e6
    assert len(held) == BLOCKS // KEPT


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    assert not heap.limit_arenas()
    assert not heap.give_back()
