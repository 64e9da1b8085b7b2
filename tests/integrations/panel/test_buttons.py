"""Presses out of edges: bounces, long presses, buttons that are stuck, and two at once. No test waits."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.integrations.panel.buttons import BOUNCE_S, STUCK_S, Buttons, Edge, Length, Press
from tests.fakes.clock import ManualClock

LONG_S = 1.0
ONE, TWO = Press("one", Length.SHORT), Press("two", Length.SHORT)
ONE_LONG = Press("one", Length.LONG)


class Table:
    """Two buttons; only the first one knows a long press."""

    def __init__(self, *down: str) -> None:
        self.clock = ManualClock(100.0)
        pressed = {name: name in down for name in ("one", "two")}
        self.buttons = Buttons({"one": LONG_S, "two": None}, pressed, self.clock.now())
        self.presses: list[Press] = []

    def edge(self, button: str, pressed: bool) -> None:
        self.presses += self.buttons.take(Edge(button, pressed, self.clock.now()))

    def after(self, seconds: float) -> list[Press]:
        """Let time pass as the panel does: from one moment that is due to the next."""
        end = self.clock.now() + seconds
        while (due := self.buttons.due_at()) is not None and due < end:
            self.clock.advance(max(0.0, due - self.clock.now()))
            found = self.buttons.step(self.clock.now())
            self.presses += found
            if not found and self.buttons.due_at() == due:
                break
        self.clock.advance(end - self.clock.now())
        self.presses += self.buttons.step(end)
        return self.presses

    def press(self, button: str, seconds: float) -> list[Press]:
        self.edge(button, True)
        self.after(seconds)
        self.edge(button, False)
        return self.after(0.1)


def test_a_press_counts_once_it_is_released() -> None:
    table = Table()
    table.edge("one", True)
    assert table.after(0.3) == []
    table.edge("one", False)
    assert table.after(0.1) == [ONE]


def test_a_long_press_counts_while_it_is_held_and_its_release_does_not() -> None:
    table = Table()
    table.edge("one", True)
    assert table.after(LONG_S + 0.1) == [ONE_LONG]
    table.edge("one", False)
    assert table.after(5.0) == [ONE_LONG]


def test_a_button_that_knows_one_length_may_be_held() -> None:
    assert Table().press("two", 5.0) == [TWO]


def test_contacts_that_bounce_make_one_press() -> None:
    table = Table()
    for _ in range(3):
        for pressed in (True, False):
            table.edge("one", pressed)
            table.after(BOUNCE_S / 4)
    table.edge("one", True)
    table.after(0.3)
    for _ in range(3):
        for pressed in (False, True):
            table.edge("one", pressed)
            table.after(BOUNCE_S / 4)
    table.edge("one", False)
    assert table.after(0.1) == [ONE]


def test_a_spike_is_no_press() -> None:
    assert Table().press("one", BOUNCE_S / 2) == []


def test_a_release_that_bounces_is_no_long_press() -> None:
    table = Table()
    table.edge("one", True)
    table.after(LONG_S - 0.005)
    table.edge("one", False)  # the finger is up, and the bounce is not over when the long press would be due
    assert table.after(0.1) == [ONE]


def test_edges_that_come_late_and_together_are_taken_by_their_own_times() -> None:
    table = Table()
    table.clock.advance(3.0)
    now = table.clock.now()
    for pressed, t in ((True, now - 2.0), (False, now - 1.8)):
        table.presses += table.buttons.take(Edge("one", pressed, t))
    assert table.after(0.0) == [ONE], "and not a long press"


@pytest.mark.parametrize("other", [False, True], ids=["", "and another button is pressed"])
def test_a_release_that_was_lost_is_no_long_press(other: bool) -> None:
    table = Table()
    table.edge("one", True)
    table.after(0.5)
    table.clock.advance(LONG_S)
    if other:
        table.edge("two", True)
    table.buttons.confirm("one", False, table.clock.now())
    assert ONE_LONG not in table.after(1.0)


def test_of_two_buttons_at_once_neither_counts() -> None:
    table = Table()
    table.edge("one", True)
    table.after(0.1)
    table.press("two", 0.2)
    table.after(2 * LONG_S)
    table.edge("one", False)
    assert table.after(0.1) == []
    assert table.press("one", 0.2) == [ONE], "and afterwards both work again"
    assert table.press("two", 0.2) == [ONE, TWO]


def test_a_stuck_button_neither_counts_nor_hinders_others() -> None:
    table = Table()
    table.edge("two", True)
    table.after(STUCK_S + 1.0)
    assert table.press("one", 0.2) == [ONE]
    table.edge("two", False)
    assert table.after(0.1) == [ONE]
    assert table.press("two", 0.2) == [ONE, TWO]


def test_a_button_that_is_down_at_the_start_counts_from_its_next_press() -> None:
    table = Table("one")
    assert table.after(2 * LONG_S) == []
    assert table.press("two", 0.2) == [TWO]
    table.edge("one", False)
    assert table.after(0.1) == [TWO]
    assert table.press("one", 0.2) == [TWO, ONE]


def test_how_long_a_button_has_been_held_is_known_until_it_counts() -> None:
    table = Table()
    table.edge("one", True)
    table.after(0.5)
    assert table.buttons.held_s("one", table.clock.now()) == pytest.approx(0.5)
    table.after(LONG_S)
    assert table.buttons.held_s("one", table.clock.now()) == 0.0
    assert table.buttons.held_s("two", table.clock.now()) == 0.0


def test_nothing_is_due_while_nobody_touches_anything() -> None:
    assert Table().buttons.due_at() is None
    assert Table("one", "two").buttons.due_at() is None


Edges = st.lists(st.tuples(st.sampled_from(("one", "two")), st.booleans(), st.floats(0.0, 2.0)), max_size=40)


@given(Edges)
def test_no_edges_whatever_make_more_presses_than_releases(edges: Iterable[tuple[str, bool, float]]) -> None:
    table, falls, level = Table(), {"one": 0, "two": 0}, {"one": False, "two": False}
    for button, pressed, seconds in edges:
        table.after(seconds)
        falls[button] += pressed and not level[button]
        level[button] = pressed
        table.edge(button, pressed)
    for press in table.after(2.0):
        falls[press.button] -= 1
    assert min(falls.values()) >= 0
