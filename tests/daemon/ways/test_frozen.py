from __future__ import annotations

import numpy as np

from soundit_edge.capture.capture import Frame
from soundit_edge.daemon.ways.frozen import FrozenPicture


def test_the_same_picture_is_timed_until_anything_in_it_changes() -> None:
    rng = np.random.default_rng(1)
    still = rng.integers(0, 256, (48, 64, 3), dtype=np.uint8)
    noisy = np.clip(still.astype(int) + rng.integers(-1, 2, still.shape), 0, 255).astype(np.uint8)
    picture = FrozenPicture()
    assert [picture.unchanged_s(Frame(t, still.copy())) for t in (5.0, 15.0, 45.0)] == [0.0, 10.0, 40.0]
    assert picture.unchanged_s(Frame(46.0, noisy)) == 0.0
    assert picture.unchanged_s(Frame(47.0, still)) == 0.0
    assert picture.unchanged_s(Frame(48.0, still[:, :32])) == 0.0, "another format is another picture"


def test_a_buffer_that_is_written_again_is_no_frozen_picture() -> None:
    buffer = np.zeros((16, 16, 3), dtype=np.uint8)
    picture = FrozenPicture()
    for t in range(40):
        buffer[:] = t
        assert picture.unchanged_s(Frame(float(t), buffer)) == 0.0
