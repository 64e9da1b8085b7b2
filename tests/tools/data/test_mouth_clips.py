"""Clips of mouths and the times of their words."""

from __future__ import annotations

import numpy as np

from soundit_edge.senses.lips.grid import WORDS
from tools.data.mouth_clips import frame_labels, to_length, words_of


def test_words_and_their_frames() -> None:
    times = [(0, 3, "sil"), (3, 5, "bin"), (5, 5, "at"), (6, 8, "sp"), (8, 200, "now")]
    labels = frame_labels(times, WORDS, 10)
    assert [WORDS[i] for i in labels] == ["sil"] * 3 + ["bin"] * 2 + ["at"] + ["sil"] * 2 + ["now"] * 2
    assert words_of(times) == ("bin", "at", "now")


def test_clips_are_cut_or_filled_to_length() -> None:
    crops = np.arange(6, dtype=np.uint8).reshape(3, 2, 1)
    assert to_length(crops, 2).shape == (2, 2, 1)
    assert to_length(crops, 5)[:, 0, 0].tolist() == [0, 2, 4, 4, 4]
