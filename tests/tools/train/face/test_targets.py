"""Labels that are doubtful are learnt together with the network's own answers."""

from __future__ import annotations

import numpy as np
import pytest

from tools.train.face.targets import OWN_FROM, OWN_SAY, Targets


def test_doubtful_labels_come_to_share_with_the_networks_answers() -> None:
    targets = Targets(np.array([0, 2]), 3)
    rows = np.array([0])
    for _ in range(50):
        targets.remember(rows, np.array([[0, 1, 0]], np.float32))
    assert targets.of(rows, 0.0)[0].tolist() == [1, 0, 0]
    assert targets.of(rows, OWN_FROM)[0].tolist() == [1, 0, 0]
    assert targets.of(rows, 1.0)[0].tolist() == pytest.approx([1 - OWN_SAY, OWN_SAY, 0], abs=1e-5)
    assert targets.of(np.array([1]), 1.0)[0].tolist() == pytest.approx([0, 0, 1])
