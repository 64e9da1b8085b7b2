"""Train the expression network on FER2013 with FER+ votes, and ship it as models/face_expression.tflite.

How: per-image normalised 48x48 grey crops; one trunk with two linear heads: the voters' distribution over the eight
FER+ classes (single votes dropped), and the plain FER label. The plain label also teaches the first head which of the
six expressions a face shows (heads.py), for voters call faint faces neutral. Pictures of rare classes are drawn
more often (inverse class frequency to the power of --balance), so that disgust, fear and contempt are learnt at all.
Affine, light, resolution, noise and erasing distortions, mix-up half the time; AdamW, cosine course with a warm-up, and
the moving mean of the weights is what is shipped. `public_test` is only watched, until shipping: then the votes'
head is fitted again, with the weight of the plain labels that does best on it (curve.py). Then: litert-torch,
static int8 by calibration on training pictures, the temperature on public_test, the manifest. Takes an hour and a half
on one thread, goes on from its last epoch, and may begin with a shipped network (--begin). `twin` trains and ships the
same network on the plain labels alone, as face_expression_fer, to be held against published figures (plain.py).

With --data FOLDER, a subfolder of pictures per label, a network of your own is trained from it instead and installed as
the local model face_own, which the device then reads by (own.py).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from soundit_edge.errors import SounditError
from soundit_edge.senses.face.expression import FERPLUS, MODEL, both_ways, prepare
from tools.command import command, tool_parser
from tools.train import common
from tools.train.face import curve as face_curve
from tools.train.face import data as face_data
from tools.train.face import heads as face_heads
from tools.train.face import own as face_own
from tools.train.face import plain as face_plain
from tools.train.face.net import FaceNet, OneHead
from tools.train.face.start import settle_norms, start_from
from tools.train.ship import ship

BATCH = 64
FER_WEIGHT = 0.7
MIX_UP = 0.4
PEAK_RATE = 3e-3
CURVE = common.CACHE / "face_curve.json"


def batches(
    faces: face_data.Faces, chances: npt.NDArray[np.float64], rng: np.random.Generator
) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Give one epoch of distorted pictures [64, 1, 48, 48], FER+ shares [64, 8] and FER one-hots [64, 7]."""
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
    """Return how often each picture is drawn: the mean over its votes of inverse class frequency ** `balance`."""
    weights = votes.astype(np.float64) @ (votes.mean(0) ** -balance)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


@torch.no_grad()
def scores(net: FaceNet, faces: face_data.Faces) -> dict[str, float]:
    """Return majority accuracy and unweighted average recall of the FER+ head, and the FER head's accuracy."""
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


def begin(path: Path, learn: face_data.Faces, rng: np.random.Generator) -> FaceNet:
    """Return a network with the features of a shipped one."""
    net = FaceNet()
    left = start_from(net.features, path)
    logging.info("%s: %d convolutions begin untrained", path.name, left)
    rows = rng.choice(len(learn), 512, replace=False)
    x = np.stack([face_data.distorted(learn.pictures[i], rng) for i in rows])[:, None]
    settle_norms(net.features, torch.from_numpy(x))
    return net


def train(
    data: Path,
    checkpoint: Path,
    epochs: int,
    balance: float,
    seed: int,
    threads: int,
    first_net: Path | None = None,
) -> FaceNet:
    """Train, or go on where the checkpoint stopped, and return the averaged network."""
    rng = common.prepare_process(seed, threads)
    learn, watch = face_data.load(data)
    chances = chances_of(learn.votes, balance)
    net = common.channels_last(FaceNet() if first_net is None else begin(first_net, learn, rng))
    peak = PEAK_RATE if first_net is None else PEAK_RATE / 2
    mean = common.Averaged(net, 0.998)
    optimiser = common.optimiser(net, 0.05)
    per_epoch = len(learn) // BATCH
    first = common.resume(checkpoint, net, mean, optimiser, rng)
    for epoch in range(first, epochs):
        net.train()
        losses: list[float] = []
        progress = tqdm(
            batches(learn, chances, rng), total=per_epoch, desc=f"epoch {epoch + 1}/{epochs}", mininterval=10
        )
        for step, (x, votes, fer) in enumerate(progress, epoch * per_epoch):
            rate = common.cosine_rate(step, epochs * per_epoch, peak, per_epoch // 2)
            for group in optimiser.param_groups:
                group["lr"] = rate
            # Half-precision arithmetic nearly doubles the speed where the CPU has it, at no loss that shows.
            with torch.autocast("cpu", torch.bfloat16):
                by_votes, by_fer = net.both(x.to(memory_format=torch.channels_last))
            loss = functional.cross_entropy(by_votes.float(), votes)
            loss = loss + face_heads.EXPRESSIVE * face_heads.expressive_loss(by_votes.float(), fer)
            loss = loss + FER_WEIGHT * functional.cross_entropy(by_fer.float(), fer)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            mean.update(net)
            losses.append(loss.item())
        common.save(checkpoint, net, mean, optimiser, rng, epoch + 1)
        line: dict[str, Any] = {"epoch": epoch + 1, "loss": float(np.mean(losses)), **scores(mean.net, watch)}
        logging.info(json.dumps(line))
    return mean.net


def features_of(path: Path, seed: int, threads: int) -> FaceNet:
    """Return a network with the features of a shipped one, for new heads."""
    common.prepare_process(seed, threads)
    net = FaceNet()
    if start_from(net.features, path):
        raise SounditError(f"{path}: another network than this program trains")
    return net


def weigh(net: FaceNet, learn: face_data.Faces, watch: face_data.Faces) -> tuple[face_curve.Point, nn.Linear]:
    """Write the curve from votes to plain labels, which tools.plot.face draws, and return what ships."""
    points = face_curve.curve(net, learn, watch)
    chosen, head = face_curve.knee(points)
    CURVE.parent.mkdir(parents=True, exist_ok=True)
    CURVE.write_text(json.dumps({"chosen": asdict(chosen), "points": [asdict(point) for point, _ in points]}))
    for point, _ in points:
        logging.info(json.dumps(asdict(point)))
    logging.info("chosen: weight %g", chosen.weight)
    return chosen, head


def ship_net(net: FaceNet, data: Path) -> None:
    """Fit the votes' head, quantise with 256 pictures of training, calibrate on `public_test`, and enter the model."""
    learn, watch = face_data.load(data)
    rows = np.random.default_rng(0).choice(len(learn), 256, replace=False)
    calibration = [prepare(learn.pictures[i])[..., None] for i in rows]
    voted = watch.votes.sum(1) > 0
    held_out = np.stack([prepare(p) for p in watch.pictures[voted]]), watch.votes[voted]
    _, head = weigh(net, learn, watch)
    ship(OneHead(net.features, head), MODEL, FERPLUS, calibration, held_out, both_ways)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.face", __doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=["all", "train", "heads", "curve", "ship", "twin"],
        default="all",
        help="train: and do not ship it; heads: only these, on the features of --begin; ship: the checkpoint as "
        "it is; curve: only fit its heads, and weigh them against each other; twin: the plain labels alone",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=common.ROOT / "../shared/data/face/fer2013.npz",
        help="FER2013 with FER+ votes, or a folder of your own: a subfolder of pictures per label",
    )
    parser.add_argument("--epochs", type=int, help="default: 34; 70 for the twin, 30 for own pictures")
    parser.add_argument(
        "--balance", type=float, default=0.5, help="power of the inverse class frequency (0: as they come)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint", type=Path, default=common.CACHE / "face.pt")
    parser.add_argument(
        "--begin", type=Path, metavar="TFLITE", help="begin with the features of a shipped network, at half the rate"
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.data.is_dir():
        face_own.train_own(options.data, options.epochs or 30, options.seed, options.threads)
        return
    if options.what == "twin":
        face_plain.ship_twin(
            face_plain.train(
                options.data,
                options.checkpoint.with_name("face_plain.pt"),
                options.epochs or 70,
                options.seed,
                options.threads,
            ),
            options.data,
        )
        return
    if options.what in ("all", "train"):
        net = train(
            options.data,
            options.checkpoint,
            options.epochs or 34,
            options.balance,
            options.seed,
            options.threads,
            options.begin,
        )
    elif options.what == "heads":
        if options.begin is None:
            raise SounditError("heads: say with --begin which network's features they shall have")
        net = features_of(options.begin, options.seed, options.threads)
    elif (state := common.load(options.checkpoint)) is not None:
        net = FaceNet()
        net.load_state_dict(state["mean"])
    else:
        raise SounditError(f"{options.checkpoint}: no checkpoint to ship")
    if options.what == "train":
        return
    if options.what == "curve":
        weigh(net, *face_data.load(options.data))
    else:
        ship_net(net, options.data)
