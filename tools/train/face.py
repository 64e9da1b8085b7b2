"""Train the expression network on FER2013 with FER+ votes, and ship it as models/face_expression.tflite.

How: per-image normalised 48x48 grey crops; the target is the voters' distribution over the eight FER+ classes (single
votes dropped), and with a third of the weight the plain FER label from a second head that is thrown away afterwards,
for FER+ voters call faint faces neutral. Pictures of rare classes are drawn more often (inverse class frequency to the
power of --balance), so that disgust, fear and contempt are said at all. Affine, light, resolution, noise and erasing
distortions, mix-up half the time; AdamW, cosine course with a warm-up, and the moving mean of the weights is what is
shipped. `public_test` is only watched. Then: litert-torch, static int8 by calibration on training pictures, the
temperature on public_test's votes, the manifest. Takes about an hour on one thread; goes on from its last epoch.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from soundit_edge.senses.expression import FERPLUS, MODEL, prepare
from tools.train import common, face_data
from tools.train.face_net import FaceNet
from tools.train.ship import ship

BATCH = 64
FER_WEIGHT = 0.3
MIX_UP = 0.4


def batches(
    faces: face_data.Faces, chances: npt.NDArray[np.float64], rng: np.random.Generator
) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """One epoch of distorted pictures [64, 1, 48, 48], FER+ shares [64, 8] and FER one-hots [64, 7]."""
    order = rng.choice(len(faces), len(faces) // BATCH * BATCH, p=chances)
    one_hot = np.eye(7, dtype=np.float32)
    for rows in order.reshape(-1, BATCH):
        x = np.stack([face_data.distorted(faces.pictures[i], rng) for i in rows])[:, None]
        votes, fer = faces.votes[rows], one_hot[faces.fer[rows]]
        if rng.random() < 0.5:
            share = np.float32(rng.beta(MIX_UP, MIX_UP))
            x = share * x + (1 - share) * x[::-1]
            votes, fer = share * votes + (1 - share) * votes[::-1], share * fer + (1 - share) * fer[::-1]
        yield torch.from_numpy(x), torch.from_numpy(votes), torch.from_numpy(fer)


def chances_of(votes: npt.NDArray[np.float32], balance: float) -> npt.NDArray[np.float64]:
    """How often each picture is drawn: the mean over its votes of inverse class frequency to the power of `balance`."""
    weights = votes.astype(np.float64) @ (votes.mean(0) ** -balance)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


@torch.no_grad()
def scores(net: FaceNet, faces: face_data.Faces) -> dict[str, float]:
    """Majority accuracy and unweighted average recall of the FER+ head, and the FER head's accuracy."""
    x = torch.from_numpy(np.stack([prepare(p) for p in faces.pictures])[:, None])
    outputs = [net.both(part.to(memory_format=torch.channels_last)) for part in torch.split(x, 256)]
    said = torch.cat([o[0] for o in outputs]).argmax(1).numpy()
    said_fer = torch.cat([o[1] for o in outputs]).argmax(1).numpy()
    rows = faces.majority >= 0
    right = said == faces.majority
    recalls = [right[faces.majority == c].mean() for c in range(len(FERPLUS))]
    return {
        "majority": float(right[rows].mean()),
        "uar": float(np.mean(recalls)),
        "fer": float((said_fer == faces.fer).mean()),
    }


def train(data: Path, checkpoint: Path, epochs: int, balance: float, seed: int, threads: int) -> FaceNet:
    """Train, or go on where the checkpoint stopped; the averaged network."""
    rng = common.prepare_process(seed, threads)
    learn, watch = face_data.load(data)
    chances = chances_of(learn.votes, balance)
    net = common.channels_last(FaceNet())
    mean = common.Averaged(net, 0.998)
    optimiser = common.optimiser(net, 0.05)
    per_epoch = len(learn) // BATCH
    first = 0
    if (state := common.load(checkpoint)) is not None:
        net.load_state_dict(state["net"])
        mean.net.load_state_dict(state["mean"])
        mean.updates = state["updates"]
        optimiser.load_state_dict(state["optimiser"])
        rng.bit_generator.state = state["rng"]
        first = state["epochs"]
    for epoch in range(first, epochs):
        net.train()
        losses: list[float] = []
        progress = tqdm(
            batches(learn, chances, rng), total=per_epoch, desc=f"epoch {epoch + 1}/{epochs}", mininterval=10
        )
        for step, (x, votes, fer) in enumerate(progress, epoch * per_epoch):
            rate = common.cosine_rate(step, epochs * per_epoch, 3e-3, per_epoch // 2)
            for group in optimiser.param_groups:
                group["lr"] = rate
            # Half-precision arithmetic nearly doubles the speed where the CPU has it, at no loss that shows.
            with torch.autocast("cpu", torch.bfloat16):
                by_votes, by_fer = net.both(x.to(memory_format=torch.channels_last))
            loss = functional.cross_entropy(by_votes.float(), votes)
            loss = loss + FER_WEIGHT * functional.cross_entropy(by_fer.float(), fer)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            mean.update(net)
            losses.append(loss.item())
        state = {
            "net": net.state_dict(),
            "mean": mean.net.state_dict(),
            "updates": mean.updates,
            "optimiser": optimiser.state_dict(),
            "rng": rng.bit_generator.state,
            "epochs": epoch + 1,
        }
        common.save(checkpoint, state)
        line: dict[str, Any] = {"epoch": epoch + 1, "loss": float(np.mean(losses)), **scores(mean.net, watch)}
        logging.info(json.dumps(line))
    return mean.net


def ship_net(net: FaceNet, data: Path) -> None:
    """Quantise with 256 pictures of training, calibrate the certainty by the votes on `public_test`, and enter."""
    learn, watch = face_data.load(data)
    rows = np.random.default_rng(0).choice(len(learn), 256, replace=False)
    calibration = [prepare(learn.pictures[i])[..., None] for i in rows]
    voted = watch.votes.sum(1) > 0
    inputs = np.stack([prepare(p)[..., None] for p in watch.pictures[voted]])
    ship(net, MODEL, FERPLUS, calibration, (inputs, watch.votes[voted]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["all", "ship"], default="all", help="ship: the checkpoint as it is")
    parser.add_argument("--data", type=Path, default=common.ROOT / "../shared/data/face/fer2013.npz")
    parser.add_argument("--epochs", type=int, default=34)
    parser.add_argument(
        "--balance", type=float, default=0.5, help="power of the inverse class frequency (0: as they come)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint", type=Path, default=common.CACHE / "face.pt")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.what == "all":
        net = train(options.data, options.checkpoint, options.epochs, options.balance, options.seed, options.threads)
    elif (state := common.load(options.checkpoint)) is not None:
        net = FaceNet()
        net.load_state_dict(state["mean"])
    else:
        raise SystemExit(f"{options.checkpoint}: no checkpoint to ship")
    ship_net(net, options.data)


if __name__ == "__main__":
    main()
