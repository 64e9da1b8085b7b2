from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.music.compose.melody.motif import KEPT, Form, Memory, Motif, draw, fitted, thinned
from soundit_edge.music.compose.metre import FOUR_FOUR, SIX_EIGHT, THREE_FOUR, Metre
from soundit_edge.music.score import BEATS

seeds = st.integers(0, 2**32 - 1)


def drawn(seed: int) -> Motif:
    return draw(np.random.default_rng(seed), 0)


@given(seeds)
def test_inverted_twice_is_the_motif(seed: int) -> None:
    motif = drawn(seed)
    again = Motif(0, motif.made(Form.INVERTED)).made(Form.INVERTED)
    assert again == motif.cells
    assert [c.start for c in motif.made(Form.INVERTED)] == [c.start for c in motif.cells]


@given(seeds)
def test_widened_it_takes_two_bars(seed: int) -> None:
    motif = drawn(seed)
    both = [*motif.made(Form.WIDENED), *motif.made(Form.WIDENED_ON)]
    assert [c.step for c in both] == [c.step for c in motif.cells]
    times = [c.start for c in motif.made(Form.WIDENED)] + [BEATS + c.start for c in motif.made(Form.WIDENED_ON)]
    assert times == [2 * c.start for c in motif.cells]


@given(seeds)
def test_a_fragment_is_its_head_twice_a_step_lower(seed: int) -> None:
    motif = drawn(seed)
    cells = motif.made(Form.BROKEN)
    half = len(cells) // 2
    assert [c.start + BEATS / 2 for c in cells[:half]] == [c.start for c in cells[half:]]
    assert [c.step - 1 for c in cells[:half]] == [c.step for c in cells[half:]]


@given(seeds, st.integers(1, 8), st.sampled_from(Form))
def test_thinned_keeps_the_heaviest_in_order_of_time(seed: int, count: int, form: Form) -> None:
    cells = drawn(seed).made(form)
    kept = thinned(cells, count)
    assert len(kept) == min(count, len(cells))
    assert [c.start for c in kept] == sorted(c.start for c in kept)
    left_out = [c.weight for c in cells if c not in kept]
    assert not left_out or min(c.weight for c in kept) >= max(left_out)
    assert all(0 <= c.start < BEATS for c in kept)


def test_fewer_notes_are_a_part_of_more() -> None:
    """So a motif is known again in another mood."""
    cells = drawn(3).cells
    assert set(thinned(cells, 2)) < set(thinned(cells, 4)) < set(thinned(cells, 7))


@pytest.mark.parametrize("seed", range(5))
def test_motifs_come_back_and_new_ones_enter(seed: int) -> None:
    memory = Memory(np.random.default_rng(seed))
    heard = [memory.recall().number for _ in range(100)]
    times = Counter(heard)
    assert len(times) >= 10  # new ones enter all the time
    assert max(heard[50:]) > max(heard[:50])
    assert times[0] >= 5  # and the first comes back to the end
    assert 0 in heard[70:]
    assert sum(n > 1 for n in times.values()) >= KEPT


def test_another_motif_is_another_one() -> None:
    memory = Memory(np.random.default_rng(1))
    for _ in range(50):
        motif = memory.recall()
        assert memory.recall(other_than=motif) is not motif


@given(seeds, st.sampled_from([FOUR_FOUR, THREE_FOUR, SIX_EIGHT]))
def test_a_motif_fits_every_metre_with_its_first_notes(seed: int, metre: Metre) -> None:
    cells = drawn(seed).cells
    found = fitted(cells, metre)
    assert [c.step for c in found] == [c.step for c in cells[: metre.pulses]]
    assert [c.start for c in found] == [k / metre.division for k in range(metre.pulses)]
