"""What the lip reader learns from: no clip that it is measured on, and distorted clips that are still clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tools.data.mouth_clips import find_clips
from tools.train.lips import data as lips_data


def test_the_split_holds_out_100_clips_with_those_that_are_shown_whole(shared_data: Path) -> None:
    aside = lips_data.held_out()
    assert len(aside) == 100
    assert {path.stem for path in (shared_data / "clips").glob("*.mpg")} <= aside
    names = {film.stem for film, _ in find_clips(shared_data / "lips")}
    assert aside <= names
    assert len(names) == 900


def test_distorted_clips_are_still_clips_with_their_words() -> None:
    rng = np.random.default_rng(0)
    size = (75, 32 + 2 * lips_data.MARGIN, 56 + 2 * lips_data.MARGIN)
    labels = np.repeat([0, 3, 7, 9, 20, 44, 50, 0], [12, 6, 5, 3, 4, 6, 9, 30])
    clip = lips_data.Clip("x", rng.integers(0, 255, size, dtype=np.uint8), labels, ("set",))
    for _ in range(20):
        x, said = lips_data.distorted(clip, rng)
        assert (x.shape, said.shape) == ((75, 32, 56), (75,))
        assert np.isfinite(x).all()
        # Slower or faster, but in the same order.
        order = said[np.flatnonzero(np.diff(said, prepend=-1))]
        assert [w for w in order if w] == [w for w in (3, 7, 9, 20, 44, 50) if w in order]
        assert len(set(order)) >= 5
