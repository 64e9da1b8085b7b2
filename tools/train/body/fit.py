"""Fitting the body network: the windows that it learns from, and the course of its training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from tqdm import tqdm

from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.senses.body.net import CHANNELS, LABELS, prepare
from tools.data.bodies import BodyClip
from tools.train import common
from tools.train.body.data import Distorter
from tools.train.body.net import BodyNet

BATCH = 64
CLASSES = LABELS[:-1]
WINDOWS = 100
FEWER_WINDOWS = 8
"""For a clip of a group (class, set, action) with more than `MANY` clips: neutral gestures of the second Bandai set."""
MANY = 20
KEEP_EVERY = 200


@dataclass(frozen=True)
class Pool:
    """Training windows, made once.

    Attributes:
        windows: float16 [n, 30, 1, 92].
        clip: int64 [n], which clip each is of.
    """

    windows: npt.NDArray[np.float16]
    clip: npt.NDArray[np.int64]


def group_of(clip: BodyClip) -> str:
    return f"{clip.emotion}/{clip.source}/{clip.action}"


def make_pool(clips: Sequence[BodyClip], rng: np.random.Generator, *, mirror: bool = True) -> Pool:
    """Make distorted windows of every clip."""
    distorter = Distorter(rng, mirror=mirror)
    sizes = Counter(map(group_of, clips))
    counts = [FEWER_WINDOWS if sizes[group_of(clip)] > MANY else WINDOWS for clip in clips]
    place = np.repeat(np.arange(len(clips)), counts)
    windows = [prepare(distorter.motion(clips[i])) for i in tqdm(place, desc="windows", mininterval=5)]
    return Pool(np.stack(windows).astype(np.float16), place)


def arousal_of(label: str) -> float:
    """Return the arousal, 0 to 1, that a class stands for."""
    return (AFFECT[Emotion(label)].arousal + 1) / 2


def train(
    pool: Pool, clips: Sequence[BodyClip], rows: npt.NDArray[np.int64], labels: Sequence[str], steps: int, seed: int,
    name: str, *, arousal: bool = True, checkpoint: Path | None = None,
) -> BodyNet:  # fmt: skip
    """Train on the windows of the clips at `rows`; going on where the checkpoint stopped; the averaged network."""
    rng = common.prepare_process(seed, torch.get_num_threads())
    chosen = np.flatnonzero(np.isin(pool.clip, rows))
    groups = [group_of(clip) for clip in clips]
    of_window = [groups[i] for i in pool.clip[chosen]]
    size = Counter(of_window)
    groups_of_class = Counter(group.partition("/")[0] for group in size)
    chances = np.array([1 / (size[g] * groups_of_class[g.partition("/")[0]]) for g in of_window])
    truth = np.array([labels.index(clip.emotion) if clip.emotion in labels else -1 for clip in clips])
    stirred = np.array([arousal_of(label) if arousal else 0.5 for label in labels], np.float32)
    net = BodyNet(CHANNELS, len(labels) + arousal)
    mean = common.Averaged(net, 0.99)
    optimiser = common.optimiser(net, 0.05)
    first = common.resume(checkpoint, net, mean, optimiser, rng) if checkpoint is not None else 0
    for step in tqdm(range(first, steps), initial=first, total=steps, desc=name, mininterval=5):
        net.train()
        drawn = rng.choice(chosen, BATCH, p=chances / chances.sum())
        x = torch.from_numpy(pool.windows[drawn].astype(np.float32).transpose(0, 3, 1, 2))
        y = truth[pool.clip[drawn]]
        for group in optimiser.param_groups:
            group["lr"] = common.cosine_rate(step, steps, 2e-3, steps // 10)
        logits = net(x)
        loss = functional.cross_entropy(logits[:, : len(labels)], torch.from_numpy(y), label_smoothing=0.05)
        if arousal:
            target = torch.from_numpy(stirred[y])
            loss = loss + functional.binary_cross_entropy_with_logits(logits[:, -1], target)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        mean.update(net)
        if checkpoint is not None and ((step + 1) % KEEP_EVERY == 0 or step + 1 == steps):
            common.save(checkpoint, net, mean, optimiser, rng, step + 1)
    return mean.net.eval()
