"""The voice network's training loop and what it answers to whole clips."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from tqdm import tqdm

from soundit_edge.emotion import EMOTIONS
from soundit_edge.senses.calibration import pooled
from soundit_edge.senses.voice.log_mel import log_mel
from soundit_edge.senses.voice.sense import SPEEDS, versions
from tools.train import common
from tools.train.voice.batches import Batch, Source
from tools.train.voice.data import Clip, windows
from tools.train.voice.net import GENERAL, Plan, VoiceNet
from tools.train.voice.views import Pictures

KEEP_EVERY: Final = 10
SMOOTHING: Final = 0.1
PLACE_WEIGHT: Final = 0.5
GATE_WEIGHT: Final = 0.2
PEAK: Final = 2e-3
"""The highest rate of learning."""


@torch.no_grad()
def answers(net: VoiceNet, clips: Sequence[Clip], speeds: Sequence[float] = SPEEDS) -> npt.NDArray[np.float32]:
    """Return probabilities [n, classes] of clips: the mean over their windows, at each of the speeds that the device
    hears them at, and of these the geometric mean."""
    net.eval()
    return np.stack([pooled([_answer(net, version) for version in versions(clip.speech, speeds)]) for clip in clips])


def _answer(net: VoiceNet, speech: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    x = torch.from_numpy(np.stack([log_mel(window) for window in windows(speech)])[:, None])
    answer: npt.NDArray[np.float32] = torch.softmax(net(x.to(memory_format=torch.channels_last)), -1).mean(0).numpy()
    return answer


class HeardAnswers(NamedTuple):
    """What a network says of the pictures of some clips: logits [m, classes], valence and arousal [m, 2], the gate [m]
    from 0 to 1; and of which clip, at which speed, each picture is [m, 2]."""

    logits: npt.NDArray[np.float32]
    places: npt.NDArray[np.float32]
    gates: npt.NDArray[np.float32]
    of: npt.NDArray[np.int64]


@torch.no_grad()
def heard_answers(
    net: VoiceNet, heard: tuple[Pictures, npt.NDArray[np.int64]], rows: npt.NDArray[np.int64]
) -> HeardAnswers:
    """Return what a network says of some rows of the clips, by the pictures that `views.heard` keeps."""
    net.eval()
    pictures, of = heard
    wanted = np.flatnonzero(np.isin(of[:, 0], rows))
    parts = []
    for some in np.array_split(wanted, max(1, len(wanted) // 128)):
        x = torch.from_numpy(pictures[some].astype(np.float32)[:, None]).to(memory_format=torch.channels_last)
        said = net.said(x)
        parts.append((said.logits.numpy(), said.places.numpy(), torch.sigmoid(said.gates).numpy()))
    logits, places, gates = (np.concatenate(part) for part in zip(*parts, strict=True))
    return HeardAnswers(logits, places, gates, of[wanted])


def by_clip(
    values: npt.NDArray[np.float32], of: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Return the means of values [m, k] over all pictures of each clip, [n, k]; see `by_speed`."""
    place_of = np.full(int(rows.max()) + 1, -1)
    place_of[rows] = np.arange(len(rows))
    return _means(values, place_of[of[:, 0]], len(rows))


def by_speed(
    said: npt.NDArray[np.float32], of: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Return the means of answers [m, k] over the windows of each clip at each speed, [n, speeds, k].

    Args:
        said: of each picture.
        of: the clip and the speed of each picture, [m, 2]; every one of `rows` occurs at every speed.
        rows: the clips, in the order that is wanted.
    """
    place_of = np.full(int(rows.max()) + 1, -1)
    place_of[rows] = np.arange(len(rows))
    speeds = int(of[:, 1].max()) + 1
    means = _means(said, place_of[of[:, 0]] * speeds + of[:, 1], len(rows) * speeds)
    return means.reshape(len(rows), speeds, -1)


def _means(values: npt.NDArray[np.float32], groups: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.float32]:
    """Return the mean of the rows of each group, [count, k]."""
    sums = np.zeros((count, values.shape[1]), np.float32)
    np.add.at(sums, groups, values)
    return np.asarray(sums / np.bincount(groups, minlength=count)[:, None], dtype=np.float32)


def recall(
    probabilities: npt.NDArray[np.float32], labels: npt.NDArray[np.int64], among: Collection[int] | None = None
) -> float:
    """Return the unweighted average recall over the classes that occur; `among` restricts what may be answered."""
    allowed = np.array(sorted(among if among is not None else range(probabilities.shape[1])))
    said = allowed[probabilities[:, allowed].argmax(1)]
    return float(np.mean([(said[labels == c] == c).mean() for c in np.unique(labels)]))


def loss_of(net: VoiceNet, batch: Batch) -> torch.Tensor:
    """Return the cross-entropy among the classes that could have been said, and where they are known, the squared error
    of the places and the cross-entropy of the gate."""
    with torch.autocast("cpu", torch.bfloat16):
        said = net.said(batch.x.to(memory_format=torch.channels_last))
    log_p = functional.log_softmax(said.logits.float().masked_fill(~batch.allowed, -1e4), -1)
    allowed = batch.allowed.float()
    shares = (1 - SMOOTHING) * batch.shares + SMOOTHING * allowed / allowed.sum(-1, keepdim=True)
    loss = -(shares * log_p).sum(-1).mean()
    if batch.places is not None:
        loss = loss + PLACE_WEIGHT * functional.mse_loss(said.places.float(), batch.places)
    if batch.experts is not None:
        loss = loss + GATE_WEIGHT * functional.binary_cross_entropy_with_logits(said.gates.float(), batch.experts)
    return loss


def train(
    source: Callable[[np.random.Generator], Source],
    checkpoint: Path,
    epochs: int,
    seed: int,
    threads: int,
    classes: int = len(EMOTIONS),
    plan: Plan = GENERAL,
) -> VoiceNet:
    """Train, or go on where the checkpoint stopped, and return the averaged network.

    Args:
        source: makes the batches with the generator that it is given.
        checkpoint: written every ten epochs.
        epochs: of the source.
        seed: of everything.
        threads: of PyTorch.
        classes: of the network.
        plan: its size.
    """
    rng = common.prepare_process(seed, threads)
    batches = source(rng)
    net = common.channels_last(VoiceNet(classes, plan=plan))
    mean = common.Averaged(net, 0.995)
    optimiser = common.optimiser(net, 0.05)
    first = common.resume(checkpoint, net, mean, optimiser, rng)
    progress = tqdm(range(first, epochs), initial=first, total=epochs, desc=checkpoint.stem, mininterval=10)
    for epoch in progress:
        net.train()
        for step, batch in enumerate(batches.epoch(), epoch * batches.batches):
            for group in optimiser.param_groups:
                group["lr"] = common.cosine_rate(step, epochs * batches.batches, PEAK, 2 * batches.batches)
            loss = loss_of(net, batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            mean.update(net)
        if (epoch + 1) % KEEP_EVERY == 0 or epoch + 1 == epochs:
            common.save(checkpoint, net, mean, optimiser, rng, epoch + 1)
            logging.info(json.dumps({"run": checkpoint.stem, "epoch": epoch + 1, "loss": float(loss.item())}))
    return mean.net
