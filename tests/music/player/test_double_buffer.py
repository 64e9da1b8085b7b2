from __future__ import annotations

import itertools
import multiprocessing
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.music.player.double_buffer import Reader, Writer, snapshot_bytes

LENGTH = 16


def memory(length: int = LENGTH) -> memoryview:
    return memoryview(bytearray(snapshot_bytes(length)))


def row(value: float, length: int = LENGTH) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.full(length, value)


def test_nothing_is_read_before_something_is_written() -> None:
    assert Reader(memory(), LENGTH).read() is None


@given(st.lists(st.lists(st.floats(), min_size=3, max_size=3), min_size=1))
def test_the_newest_row_is_read_exactly_and_counted(rows: list[list[float]]) -> None:
    shared = memory(3)
    writer, reader = Writer(shared, 3), Reader(shared, 3)
    for count, values in enumerate(rows, start=1):
        writer.write(np.array(values))
        newest = reader.read()
        assert newest is not None
        assert newest[0] == count
        np.testing.assert_array_equal(newest[1], values)


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a row of 16"):
        Writer(memory(), LENGTH).write(row(0.0, 3))


@given(st.integers(0, snapshot_bytes(LENGTH) // 2), st.booleans())
def test_a_write_that_was_broken_off_leaves_the_row_before_it(written: int, new_reader: bool) -> None:
    shared = memory()
    writer, reader = Writer(shared, LENGTH), Reader(shared, LENGTH)
    writer.write(row(1.0))
    writer.write(row(2.0))
    assert reader.read() is not None
    slots = bytes(shared)
    writer.write(row(3.0))
    # Of the slot that was being written only so many bytes have arrived.
    half = len(slots) // 2
    complete = bytes(shared)
    shared[half + written :] = slots[half + written :]
    if new_reader:
        reader = Reader(shared, LENGTH)
    newest = reader.read()
    assert newest is not None
    assert newest[1][0] == (3.0 if bytes(shared) == complete else 2.0)
    assert len(set(newest[1])) == 1


def test_a_writer_after_another_goes_on_counting() -> None:
    shared = memory()
    Writer(shared, LENGTH).write(row(1.0))
    Writer(shared, LENGTH).write(row(2.0))
    newest = Reader(shared, LENGTH).read()
    assert newest is not None
    assert newest[0] == 2
    assert newest[1][0] == 2.0


def hammer(shared: Any, length: int, enough: Any) -> None:
    """Write rows of equal numbers as fast as it goes, until `enough` is set."""
    writer = Writer(memoryview(shared).cast("B"), length)
    for value in itertools.count(1):
        writer.write(np.full(length, float(value)))
        if enough.value:
            return


def test_no_row_is_torn_and_none_goes_back_under_a_hammering_process() -> None:
    context = multiprocessing.get_context("spawn")
    shared, enough = context.RawArray("B", snapshot_bytes(LENGTH)), context.RawValue("b", 0)
    process = context.Process(target=hammer, args=(shared, LENGTH, enough))
    process.start()
    reader = Reader(memoryview(shared).cast("B"), LENGTH)
    last = reads = 0
    try:
        while reads < 5_000:
            newest = reader.read()
            if newest is None or newest[0] == last:
                assert process.is_alive()
                continue
            assert (newest[1] == newest[0]).all()
            assert newest[0] > last
            last, reads = newest[0], reads + 1
    finally:
        enough.value = 1
        process.join()
    assert process.exitcode == 0


def test_no_row_is_torn_under_a_hammering_thread() -> None:
    shared = memory()
    enough = multiprocessing.get_context("spawn").RawValue("b", 0)
    thread = threading.Thread(target=hammer, args=(shared, LENGTH, enough))
    thread.start()
    reader = Reader(shared, LENGTH)
    try:
        for _ in range(20_000):
            newest = reader.read()
            assert newest is None or (newest[1] == newest[0]).all()
    finally:
        enough.value = 1
        thread.join()
