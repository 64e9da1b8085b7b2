"""A flood is folded with its count, and single lines are never held back."""

from __future__ import annotations

import logging

from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.journal.limit import MAX_KNOWN, MAX_LINES, WINDOW_S, LineLimit
from tests.fakes.clock import ManualClock


class Written:
    """Lines that a limit lets through."""

    def __init__(self) -> None:
        self.clock = ManualClock(1000.0)
        self.limit = LineLimit(self.clock.now)
        self.lines: list[str] = []

    def log(self, text: str, *arguments: object, level: int = logging.INFO) -> None:
        record = logging.LogRecord("soundit", level, __file__, 1, text, arguments, None)
        if self.limit.filter(record):
            self.lines.append(record.getMessage())


def test_the_same_line_is_written_once_a_minute_with_how_often_it_came() -> None:
    written = Written()
    for _ in range(1000):
        written.log("the camera %s is gone", "HD Webcam")
    written.clock.advance(WINDOW_S)
    written.log("the camera %s is gone", "HD Webcam")
    assert written.lines == [
        "the camera HD Webcam is gone",
        "the camera HD Webcam is gone (999 more of it before this one)",
    ]


def test_lines_that_differ_are_all_written() -> None:
    written = Written()
    for i in range(100):
        written.log("track %d cannot be loaded", i)
    written.log("gone", level=logging.INFO)
    written.log("gone", level=logging.ERROR)
    assert len(written.lines) == 102


def test_a_flood_of_lines_that_all_differ_ends_too_and_is_counted() -> None:
    written = Written()
    for i in range(10 * MAX_LINES):
        written.log("packet %d is none of ours", i)
    assert len(written.lines) == MAX_LINES
    written.clock.advance(WINDOW_S)
    written.log("all is well")
    assert written.lines[-1] == f"all is well ({9 * MAX_LINES} lines were left out: too many a minute)"


def test_a_year_of_different_lines_takes_no_memory() -> None:
    written = Written()
    for i in range(20 * MAX_KNOWN):
        written.clock.advance(WINDOW_S)
        written.log("line %d", i)
    assert len(written.lines) == 20 * MAX_KNOWN
    assert len(written.limit._lines) == MAX_KNOWN


def test_a_record_whose_arguments_do_not_fit_is_left_to_the_handler() -> None:
    record = logging.LogRecord("soundit", logging.INFO, __file__, 1, "%d", ("one",), None)
    assert LineLimit().filter(record)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 40)), max_size=80))
def test_nothing_is_lost_from_the_counts(said: list[tuple[str, float]]) -> None:
    written, came = Written(), dict.fromkeys("abc", 0)
    for text, seconds in said:
        written.clock.advance(seconds)
        came[text] += 1
        written.log(text)
    for text, times in came.items():
        lines = [line for line in written.lines if line[0] == text]
        folded = sum(int(line[3:].split()[0]) for line in lines if "(" in line)
        held = sum(line.more for key, line in written.limit._lines.items() if key[1] == text)
        assert len(lines) + folded + held == times
        assert bool(lines) == bool(times)
