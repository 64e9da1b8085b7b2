"""What the training tools share: seeds, the running mean of weights, the learning rate's course and checkpoints."""

from __future__ import annotations

import copy
import math
import os
import random
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import nn

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "train"

# PyTorch would leave a folder in the system's one for temporary files.
os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(CACHE / "inductor"))


def prepare_process(seed: int, threads: int) -> np.random.Generator:
    """Fix all seeds and the number of threads; the generator is for the augmentation."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    random.seed(seed)
    return np.random.default_rng(seed)


Net = TypeVar("Net", bound=nn.Module)


class Averaged(Generic[Net]):
    """The exponential moving mean of a network's weights, which does better than the last weights (Polyak 1992)."""

    def __init__(self, net: Net, decay: float) -> None:
        self.net = copy.deepcopy(net).eval().requires_grad_(False)
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, net: Net) -> None:
        """Take in the network's weights after one step."""
        self.updates += 1
        # Early on the mean must not cling to the random beginning.
        decay = min(self.decay, self.updates / (self.updates + 10))
        for mean, new in zip(self.net.state_dict().values(), net.state_dict().values(), strict=True):
            if mean.dtype.is_floating_point:
                mean.lerp_(new, 1 - decay)
            else:
                mean.copy_(new)


def channels_last(net: Net) -> Net:
    """Return the same network with its weights laid out channels last, which convolves twice as fast on CPUs."""
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def cosine_rate(step: int, steps: int, peak: float, warm_up: int) -> float:
    """Return the learning rate at a step: a linear rise in `warm_up` steps, then half a cosine to 1 % of the peak."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    done = (step - warm_up) / max(1, steps - warm_up)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


def optimiser(net: nn.Module, weight_decay: float) -> torch.optim.AdamW:
    """Return AdamW that lets biases and batch norm's factors alone."""
    decayed = [p for p in net.parameters() if p.ndim > 1]
    free = [p for p in net.parameters() if p.ndim <= 1]
    return torch.optim.AdamW([{"params": decayed, "weight_decay": weight_decay}, {"params": free, "weight_decay": 0.0}])


def save(
    path: Path,
    net: nn.Module,
    mean: Averaged[Any],
    optimiser: torch.optim.Optimizer,
    rng: np.random.Generator,
    done: int,
) -> None:
    """Write a checkpoint after `done` epochs, whole or not at all."""
    state = {
        "net": net.state_dict(),
        "mean": mean.net.state_dict(),
        "updates": mean.updates,
        "optimiser": optimiser.state_dict(),
        "rng": rng.bit_generator.state,
        "epochs": done,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def resume(
    path: Path, net: nn.Module, mean: Averaged[Any], optimiser: torch.optim.Optimizer, rng: np.random.Generator
) -> int:
    """Bring everything to where the checkpoint stopped; how many epochs are done, 0 where there is no checkpoint."""
    if (state := load(path)) is None:
        return 0
    net.load_state_dict(state["net"])
    mean.net.load_state_dict(state["mean"])
    mean.updates = state["updates"]
    optimiser.load_state_dict(state["optimiser"])
    rng.bit_generator.state = state["rng"]
    return int(state["epochs"])


def load(path: Path) -> dict[str, Any] | None:
    """Return a checkpoint, or None where there is none."""
    return torch.load(path, weights_only=False) if path.is_file() else None
