from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.music.director.target import NEUTRAL, RANGES, ROW_LENGTH, MusicTarget, TargetError, target_of_row

targets = st.builds(MusicTarget, **{name: st.floats(low, high) for name, (low, high) in RANGES.items()})


@given(targets)
def test_a_row_gives_the_same_target_again(target: MusicTarget) -> None:
    row = target.to_row()
    assert row.shape == (ROW_LENGTH,)
    assert row.dtype == np.float64
    assert target_of_row(row) == target


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e6, 1e6])
def test_a_parameter_out_of_range_is_named(name: str, value: float) -> None:
    with pytest.raises(TargetError, match=f"^{name} is .*must be between"):
        MusicTarget(**{name: value})


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        target_of_row(np.append(NEUTRAL.to_row(), 1.0))


def test_what_colours_the_sound_is_off_unless_it_is_asked_for() -> None:
    assert (NEUTRAL.highpass_hz, NEUTRAL.delay_wet, NEUTRAL.wah, NEUTRAL.tremolo) == (20.0, 0.0, 0.0, 0.0)


def test_the_attributes_are_in_the_order_of_the_row() -> None:
    assert tuple(field.name for field in dataclasses.fields(MusicTarget)) == tuple(RANGES)
