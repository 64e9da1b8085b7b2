"""Train the twin: the expression network on the plain FER2013 labels alone, to be held against published figures.

It never sees a vote. One label in three is doubtful there, so a picture's own label is trusted less and less as the
training goes on, in favour of what the network has answered to it in the epochs before (targets.py). Classes come as
often as they do. The first part of the epochs sees smaller pictures, which cost two thirds as much (progressive
resizing, Tan & Le 2021).
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from soundit_edge.senses.face.expression import TWIN, both_ways, prepare
from tools.evaluate.face import FER
from tools.train import common
from tools.train.face import data as face_data
from tools.train.face import heads as face_heads
from tools.train.face.distort import distorted
from tools.train.face.net import FaceNet, OneHead
from tools.train.face.targets import Targets
from tools.train.ship import ship

BATCH: Final = 64
MIX_UP: Final = 0.4
PEAK_RATE: Final = 3e-3
SMALL_SIDE: Final = 36
SMALL_SHARE: Final = 0.6
"""Share of the epochs at `SMALL_SIDE`, the first ones."""


@torch.no_grad()
def accuracy(net: FaceNet, faces: face_data.Faces) -> float:
    """Return the share of the plain labels that the network gives to the pictures as they are."""
    x = torch.from_numpy(np.stack([prepare(p) for p in faces.pictures])[:, None])
    said = torch.cat([net.both(part.to(memory_format=torch.channels_last))[1] for part in torch.split(x, 256)])
    return float((said.argmax(1).numpy() == faces.fer).mean())


def train(data: Path, checkpoint: Path, epochs: int, seed: int, threads: int) -> FaceNet:
    """Train, or go on where the checkpoint stopped, and return the averaged network."""
    rng = common.prepare_process(seed, threads)
    learn, watch = face_data.load(data, voted=False)
    targets = Targets(np.eye(len(FER), dtype=np.float32)[learn.fer])
    net = common.channels_last(FaceNet())
    mean = common.Averaged(net, 0.998)
    optimiser = common.optimiser(net, 0.05)
    per_epoch = len(learn) // BATCH
    memory = checkpoint.with_suffix(".npy")
    first = common.resume(checkpoint, net, mean, optimiser, rng)
    if first:
        targets.answers = np.load(memory)
    for epoch in range(first, epochs):
        net.train()
        losses: list[float] = []
        order = rng.permutation(len(learn))[: per_epoch * BATCH].reshape(-1, BATCH)
        progress = tqdm(order, desc=f"epoch {epoch + 1}/{epochs}", mininterval=10)
        for step, rows in enumerate(progress, epoch * per_epoch):
            rate = common.cosine_rate(step, epochs * per_epoch, PEAK_RATE, per_epoch // 2)
            for group in optimiser.param_groups:
                group["lr"] = rate
            x = torch.from_numpy(np.stack([distorted(learn.pictures[i], rng) for i in rows])[:, None])
            y = torch.from_numpy(targets.of(rows, epoch / epochs))
            mixed = rng.random() < 0.5
            if mixed:
                share = float(rng.beta(MIX_UP, MIX_UP))
                x, y = share * x + (1 - share) * x.flip(0), share * y + (1 - share) * y.flip(0)
            if epoch < SMALL_SHARE * epochs:
                x = functional.interpolate(x, size=(SMALL_SIDE, SMALL_SIDE), mode="bilinear", antialias=True)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net.both(x.to(memory_format=torch.channels_last))[1].float()
            loss = functional.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            mean.update(net)
            losses.append(loss.item())
            if not mixed:
                targets.remember(rows, logits.detach().softmax(1).numpy())
        partial = memory.with_suffix(".partial.npy")
        np.save(partial, targets.answers)
        os.replace(partial, memory)
        common.save(checkpoint, net, mean, optimiser, rng, epoch + 1)
        line = {"epoch": epoch + 1, "loss": float(np.mean(losses)), "fer": accuracy(mean.net, watch)}
        logging.info(json.dumps(line))
    return mean.net


def ship_twin(net: FaceNet, data: Path) -> None:
    """Quantise with 256 pictures of training, take the temperature on `public_test`, and enter the model."""
    learn, watch = face_data.load(data, voted=False)
    rows = np.random.default_rng(0).choice(len(learn), 256, replace=False)
    calibration = [prepare(learn.pictures[i])[..., None] for i in rows]
    held_out = np.stack([prepare(p) for p in watch.pictures]), np.eye(len(FER), dtype=np.float32)[watch.fer]
    head = face_heads.plain_head(face_heads.features(net, learn), learn)
    ship(OneHead(net.features, head), TWIN, FER, calibration, held_out, both_ways)
