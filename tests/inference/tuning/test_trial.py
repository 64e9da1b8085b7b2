"""The best way to run a model: the preferred runtime with one thread, unless another gains clearly."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.inference.tuning.trial import (
    MIN_CALLS,
    TRIAL_S,
    Candidate,
    Quartiles,
    best,
    candidates,
    thread_counts,
    try_out,
)

RUNTIMES = ("litert", "tflite-runtime")
FIRST = Candidate("litert", 1)


class Box:
    """A box whose calls take what they are made to take."""

    def __init__(self, seconds: Mapping[Candidate, float], first_call: float = 1.0) -> None:
        self.time = 0.0
        self.calls: list[Candidate] = []
        self._seconds = seconds
        self._first_call = first_call

    def now(self) -> float:
        return self.time

    def models(self) -> dict[Candidate, Callable[[], object]]:
        return {way: lambda way=way: self._call(way) for way in self._seconds}  # type: ignore[misc]

    def _call(self, way: Candidate) -> None:
        self.time += self._seconds[way] * (self._first_call if way not in self.calls else 1.0)
        self.calls.append(way)


def steady(**seconds: float) -> dict[Candidate, Quartiles]:
    """Return what was found where all calls take the same; names are as in litert_1."""
    ways = {name.rpartition("_"): value for name, value in seconds.items()}
    return {
        Candidate(runtime.replace("_", "-"), int(threads)): Quartiles(value, value, value)
        for (runtime, _, threads), value in ways.items()
    }


quartiles = st.lists(st.floats(1e-5, 1.0), min_size=3, max_size=3).map(lambda values: Quartiles(*sorted(values)))
WAYS = candidates(RUNTIMES, 8)
measured = st.lists(quartiles, min_size=len(WAYS), max_size=len(WAYS)).map(
    lambda all_: dict(zip(WAYS, all_, strict=True))
)


@given(measured)
def test_nothing_is_chosen_that_is_slower_than_one_thread_of_the_preferred_runtime(
    found: dict[Candidate, Quartiles],
) -> None:
    chosen = best(found)
    assert found[chosen].median <= found[FIRST].median
    if chosen != FIRST:
        assert found[chosen].slow < found[FIRST].fast


@given(measured)
def test_every_doubling_of_the_threads_saves_a_quarter_at_least(found: dict[Candidate, Quartiles]) -> None:
    chosen = best(found)
    assert found[chosen].slow <= found[FIRST].fast * 0.75 ** math.log2(chosen.threads) or chosen == FIRST


@given(st.floats(1e-5, 10.0))
def test_of_equals_the_preferred_runtime_with_one_thread_is_chosen(seconds: float) -> None:
    same = Quartiles(seconds, seconds, seconds)
    assert best(dict.fromkeys(candidates(RUNTIMES, 4), same)) == FIRST


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ({"litert_1": 1.0, "litert_2": 0.76}, FIRST),
        ({"litert_1": 1.0, "litert_2": 0.7}, Candidate("litert", 2)),
        ({"litert_1": 1.0, "litert_2": 0.7, "litert_4": 0.55}, Candidate("litert", 2)),
        ({"litert_1": 1.0, "litert_2": 0.6, "litert_4": 0.4}, Candidate("litert", 4)),
        ({"litert_1": 1.0, "tflite_runtime_1": 0.95}, FIRST),
        ({"litert_1": 1.0, "tflite_runtime_1": 0.8}, Candidate("tflite-runtime", 1)),
        ({"litert_1": 1.0, "litert_2": 0.72, "tflite_runtime_2": 0.5}, Candidate("tflite-runtime", 2)),
        ({"tflite_runtime_1": 1.0, "tflite_runtime_2": 0.5}, Candidate("tflite-runtime", 2)),
    ],
)
def test_what_gains_clearly_is_chosen(seconds: dict[str, float], chosen: Candidate) -> None:
    assert best(steady(**seconds)) == chosen


def test_on_a_busy_box_whose_calls_say_little_one_thread_stays() -> None:
    found = {FIRST: Quartiles(0.01, 0.05, 0.2), Candidate("litert", 2): Quartiles(0.006, 0.01, 0.02)}
    assert best(found) == FIRST


@given(st.lists(st.floats(1e-4, 0.5), min_size=4, max_size=4))
def test_a_steady_box_is_measured_as_it_is(calls: list[float]) -> None:
    seconds = dict(zip(candidates(RUNTIMES, 2), calls, strict=True))
    box = Box(seconds, first_call=2.0)
    found = try_out(box.models(), box.now)
    assert FIRST in found
    for way, quartiles in found.items():
        assert quartiles == pytest.approx((seconds[way],) * 3)
        assert box.calls.count(way) > MIN_CALLS
        assert box.calls.count(way) * seconds[way] >= TRIAL_S


def test_what_is_hopeless_is_called_once_only() -> None:
    slow = Candidate("tflite-runtime", 1)
    box = Box({FIRST: 0.001, slow: 0.02})
    assert list(try_out(box.models(), box.now)) == [FIRST]
    assert box.calls.count(slow) == 1


def test_ways_take_turns() -> None:
    second = Candidate("litert", 2)
    box = Box({FIRST: 0.02, second: 0.01})
    try_out(box.models(), box.now)
    assert set(zip(box.calls[::2], box.calls[1::2], strict=True)) == {(FIRST, second)}


def test_threads_are_tried_up_to_the_processors_there_are() -> None:
    for processors, counts in ((0, [1]), (1, [1]), (2, [1, 2]), (3, [1, 2]), (4, [1, 2, 4]), (6, [1, 2, 4])):
        assert thread_counts(processors) == counts
