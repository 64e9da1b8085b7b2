"""The weights of a shipped int8 file back in a network that trains on."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import torch
from torch import nn

from tools.train.stored import Layer, layers_of


def start_from(features: nn.Module, path: Path) -> int:
    """Give the features the weights of a shipped network, whose convolutions hold their batch norms.

    Convolutions of the same shape come in the same order in both. The batch norms become the identity, as long as they
    are not trained; see `settle_norms`.

    Returns:
        How many convolutions the file has none for, which are left as they were.
    """
    stored = _convolutions_of(path)
    missing = 0
    for convolution, norm in _pairs(features):
        if not stored[tuple(convolution.weight.shape)]:
            missing += 1
            continue
        weight, bias = stored[tuple(convolution.weight.shape)].pop(0)
        convolution.weight.data.copy_(torch.from_numpy(weight))
        norm.weight.data.fill_(1)
        norm.bias.data.copy_(torch.from_numpy(bias))
        norm.running_mean.zero_()  # type: ignore[union-attr]
        norm.running_var.fill_(1 - norm.eps)  # type: ignore[union-attr]
    return missing


@torch.no_grad()
def settle_norms(features: nn.Module, x: torch.Tensor) -> None:
    """Set the batch norms so that they may be trained again, without changing what the features answer.

    Args:
        features: after `start_from`.
        x: inputs like those to come, [n, 1, 48, 48]; the norms' statistics become theirs.
    """
    outputs: dict[nn.Conv2d, torch.Tensor] = {}
    hooks = [
        convolution.register_forward_hook(lambda module, _, output: outputs.__setitem__(module, output))
        for convolution, _ in _pairs(features)
    ]
    features.eval()(x)
    for hook in hooks:
        hook.remove()
    for convolution, norm in _pairs(features):
        assert norm.running_mean is not None
        assert norm.running_var is not None
        variance, mean = torch.var_mean(outputs[convolution], (0, 2, 3))
        deviation, gain = torch.sqrt(variance + norm.eps), norm.weight.data / torch.sqrt(norm.running_var + norm.eps)
        norm.bias.data += gain * (mean - norm.running_mean)
        norm.weight.data = gain * deviation
        # A batch norm undoes the size of the weights before it; at the size they begin with, the optimiser's steps fit.
        size = (3 * convolution.weight[0].numel()) ** -0.5 / convolution.weight.flatten(1).std(1)
        convolution.weight.data *= size[:, None, None, None]
        norm.running_mean, norm.running_var = size * mean, size**2 * variance


def _pairs(features: nn.Module) -> list[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    """Return the convolutions with their batch norms, in order."""
    pairs = [m for m in features.modules() if isinstance(m, nn.Sequential) and isinstance(m[0], nn.Conv2d)]
    return [(pair[0], pair[1]) for pair in pairs]  # type: ignore[misc]


def _convolutions_of(path: Path) -> dict[tuple[int, ...], list[Layer]]:
    """Return the convolutions of an int8 file, in order, by the shape of their weights."""
    found: dict[tuple[int, ...], list[Layer]] = defaultdict(list)
    for layer in layers_of(path):
        if layer.weights.ndim == 4:
            found[layer.weights.shape].append(layer)
    return found
