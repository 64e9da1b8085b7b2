"""Labels that are doubtful are learnt together with the network's own answers."""

from __future__ import annotations

import numpy as np
import pytest

from tools.train.face.targets import OWN_FROM, OWN_SAY, Targets


def test_doubtful_labels_come_to_share_with_the_networks_answers() -> None:
    targets = Targets(np.eye(3, dtype=np.float32)[[0, 2]])
    rows = np.array([0])
    for _ in range(50):
        targets.remember(rows, np.array([[0, 1, 0]], np.float32))
    assert targets.of(rows, 0.0)[0].tolist() == [1, 0, 0]
    assert targets.of(rows, OWN_FROM)[0].tolist() == [1, 0, 0]
    assert targets.of(rows, 1.0)[0].tolist() == pytest.approx([1 - OWN_SAY, OWN_SAY, 0], abs=1e-5)
    assert targets.of(np.array([1]), 1.0)[0].tolist() == pytest.approx([0, 0, 1])


def test_answers_of_a_trained_network_count_from_the_beginning() -> None:
    targets = Targets(np.eye(2, dtype=np.float32), taught=True)
    targets.answers = np.array([[0.5, 0.5], [0, 1]], np.float32)
    assert targets.of(np.array([0]), 0.0)[0].tolist() == pytest.approx([1 - OWN_SAY / 2, OWN_SAY / 2])


def test_voters_shares_stay_shares() -> None:
    shares = np.array([[0.7, 0.2, 0.1]], np.float32)
    targets = Targets(shares)
    targets.remember(np.array([0]), np.array([[0, 0, 1]], np.float32))
    for done in (0.0, 0.5, 1.0):
        assert targets.of(np.array([0]), done).sum() == pytest.approx(1)
