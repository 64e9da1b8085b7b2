"""The voice network's training loop and what it answers to whole clips."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

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
from tools.train.voice.data import Clip, Distorter, windows
from tools.train.voice.net import VoiceNet

BATCH = 32
MIX_UP = 0.3
KEEP_EVERY = 10
FOLDS = 5
"""Of the actors, in order of their names: fold k holds every fifth from the k-th on."""


def batches_in(clips: Sequence[Clip]) -> int:
    """Return how many batches an epoch has."""
    return max(1, len(clips) // BATCH)


def batches(
    clips: Sequence[Clip], classes: int, distorter: Distorter, rng: np.random.Generator
) -> Iterator[tuple[torch.Tensor, ...]]:
    """Give one epoch of pictures [32, 1, frames, bands] and class shares [32, classes], all classes equally often."""
    labels = np.array([clip.label for clip in clips])
    chances = 1 / np.bincount(labels)[labels]
    order = rng.choice(len(clips), batches_in(clips) * BATCH, p=chances / chances.sum())
    one_hot = np.eye(classes, dtype=np.float32)
    for rows in order.reshape(-1, BATCH):
        x = np.stack([distorter.picture(clips[i].speech) for i in rows])[:, None]
        shares = one_hot[labels[rows]]
        if rng.random() < 0.5:
            share = np.float32(rng.beta(MIX_UP, MIX_UP))
            x, shares = share * x + (1 - share) * x[::-1], share * shares + (1 - share) * shares[::-1]
        yield torch.from_numpy(x), torch.from_numpy(shares)


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


def recall(
    probabilities: npt.NDArray[np.float32], clips: Sequence[Clip], among: Collection[int] | None = None
) -> float:
    """Return the unweighted average recall over the classes that occur; `among` restricts what may be answered."""
    labels = np.array([clip.label for clip in clips])
    allowed = np.array(sorted(among if among is not None else range(probabilities.shape[1])))
    said = allowed[probabilities[:, allowed].argmax(1)]
    return float(np.mean([(said[labels == c] == c).mean() for c in np.unique(labels)]))


def train(
    clips: Sequence[Clip],
    watch: Sequence[Clip],
    checkpoint: Path,
    epochs: int,
    seed: int,
    threads: int,
    classes: int = len(EMOTIONS),
) -> VoiceNet:
    """Train, or go on where the checkpoint stopped, and return the averaged network."""
    rng = common.prepare_process(seed, threads)
    distorter = Distorter(rng)
    net = common.channels_last(VoiceNet(classes))
    mean = common.Averaged(net, 0.99)
    optimiser = common.optimiser(net, 0.05)
    per_epoch = batches_in(clips)
    first = common.resume(checkpoint, net, mean, optimiser, rng)
    progress = tqdm(range(first, epochs), initial=first, total=epochs, desc=checkpoint.stem, mininterval=10)
    for epoch in progress:
        net.train()
        for step, (x, shares) in enumerate(batches(clips, classes, distorter, rng), epoch * per_epoch):
            for group in optimiser.param_groups:
                group["lr"] = common.cosine_rate(step, epochs * per_epoch, 2e-3, 2 * per_epoch)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(x.to(memory_format=torch.channels_last))
            loss = functional.cross_entropy(logits.float(), shares, label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            mean.update(net)
        if (epoch + 1) % KEEP_EVERY == 0 or epoch + 1 == epochs:
            common.save(checkpoint, net, mean, optimiser, rng, epoch + 1)
            said = {"uar": recall(answers(mean.net, watch), watch)} if watch else {}
            logging.info(json.dumps({"run": checkpoint.stem, "epoch": epoch + 1, "loss": float(loss.item()), **said}))
    return mean.net
