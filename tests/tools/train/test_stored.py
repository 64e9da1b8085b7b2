"""A shipped file gives its weights back: all layers, in order, and so well that they answer as the file does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.body.net import CHANNELS, MODEL
from tools.train.stored import Layer, layers_of

Array = npt.NDArray[np.float64]


def stored() -> list[Layer]:
    models = ModelSet(default_folder())
    return layers_of(models.folder / models.entry(MODEL).file)


def convolved(x: Array, layer: Layer, dilation: int) -> Array:
    """A causal convolution over time, of x [frames, channels]."""
    size = layer.weights.shape[2]
    padded = np.concatenate([np.zeros(((size - 1) * dilation, x.shape[1])), x])
    taps = [padded[k * dilation : k * dilation + len(x)] @ layer.weights[:, :, k, 0].T for k in range(size)]
    return np.asarray(np.sum(taps, axis=0) + layer.biases, np.float64)


def test_layers_come_in_order_with_their_biases() -> None:
    layers = stored()
    assert layers[0].weights.shape[1] == CHANNELS
    assert layers[-1].weights.ndim == 2
    for layer in layers:
        assert layer.biases.shape == layer.weights.shape[:1]
        assert np.isfinite(layer.weights).all()


def test_the_weights_answer_as_the_file_does() -> None:
    """The body network by hand: a stem, three residual blocks of two dilated convolutions, the mean, a linear layer."""
    model, (stem, *blocks, head) = ModelSet(default_folder()).load(MODEL), stored()
    rng, by_hand, by_file = np.random.default_rng(0), [], []
    moments = np.linspace(0, 2, 30)[:, None]
    for _ in range(40):
        # Slow swings, as bodies move: what is far from anything learnt is cut by int8, and by hand it is not.
        swing = np.sin(2 * np.pi * (rng.uniform(0.2, 1, CHANNELS) * moments + rng.random(CHANNELS)))
        x = rng.normal(0, 0.15, CHANNELS) + 0.1 * swing
        y = np.maximum(convolved(x, stem, 1), 0)
        for number, (first, second) in enumerate(zip(blocks[::2], blocks[1::2], strict=True)):
            inside = np.maximum(convolved(y, first, 2**number), 0)
            y = np.maximum(y + convolved(inside, second, 2**number), 0)
        by_hand.append(y.mean(0) @ head.weights.T + head.biases)
        by_file.append(model.run(x[None, :, None, :].astype(np.float32))[0][0].copy())
    likeness = [np.corrcoef(a, b)[0, 1] for a, b in zip(np.array(by_hand).T, np.array(by_file).T, strict=True)]
    assert min(likeness) > 0.7, "with one layer out of its place it is nothing"
