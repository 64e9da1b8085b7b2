"""The nets of the reference designs: real models of the published sizes, which the runtime runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benches.senses_nets import EMOTIONS, Net, mini_xception, vgg16
from soundit_edge.inference.interpreter import Model


@pytest.mark.parametrize(
    ("net", "shape", "weights"),
    [
        # Published with batch normalisation: 58,423, less its four figures a channel, plus a bias for each.
        (mini_xception(), (1, 64, 64, 1), 58_423),
        # The thirteen convolutions: 14,714,688; and a layer of seven emotions.
        (vgg16(48), (1, 48, 48, 3), 14_714_688 + 512 * EMOTIONS + EMOTIONS),
    ],
    ids=["mini-Xception", "VGG16"],
)
def test_a_net_has_the_published_size_and_runs(net: Net, shape: tuple[int, ...], weights: int, tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    net.write(path)
    model = Model(path)
    assert model.inputs[0].shape == shape
    (answer,) = model.run(np.zeros(shape, np.float32))
    assert answer.shape == (1, EMOTIONS)
    assert answer.sum() == pytest.approx(1, abs=1e-5)
    assert path.stat().st_size / 4 == pytest.approx(weights, rel=0.01)
