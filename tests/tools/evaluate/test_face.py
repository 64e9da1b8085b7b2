"""Which class of a labelled picture counts as the true one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tools.evaluate.face import ferplus_truth, label_truth

NAMES = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]


def votes(*rows: dict[str, int]) -> npt.NDArray[np.uint8]:
    columns = [*NAMES, "unknown", "NF"]
    return np.array([[row.get(c, 0) for c in columns] for row in rows], np.uint8)


def test_only_clear_majorities_count() -> None:
    data = {
        "ferplus": votes(
            {"happiness": 6, "neutral": 4},
            {"happiness": 5, "neutral": 5},
            {"NF": 9, "neutral": 1},
            {"unknown": 7, "fear": 3},
            {"contempt": 10},
            {"anger": 10},
        ),
        "ferplus_ok": np.array([True, True, True, True, True, False]),
    }
    assert ferplus_truth(data, NAMES).tolist() == [1, -1, -1, -1, 7, -1]


def test_plain_labels_go_by_their_names() -> None:
    assert label_truth({"labels": np.arange(7, dtype=np.uint8)}, NAMES).tolist() == [4, 5, 6, 1, 3, 2, 0]
    named = {"labels": np.array([0, 1, 2], np.uint8), "class_names": np.array(["Happy", "pain", "afraid"])}
    assert label_truth(named, NAMES).tolist() == [1, -1, 6]
