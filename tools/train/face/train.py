"""Train the expression network on FER2013 with FER+ votes and on faces of the news, and ship it as
models/face_expression.tflite.

How: per-image normalised 48x48 grey crops; one trunk with two linear heads: the voters' distribution over the eight
FER+ classes (single votes dropped), and the plain FER label. The plain label also teaches the first head which of the
six expressions a face shows (heads.py), for voters call faint faces neutral. What the network answered to a picture
before comes to correct both (targets.py). Pictures of rare classes are drawn more often (inverse class frequency to
the power of --balance), so that disgust, fear and contempt are learnt at all. Pose, light, focus, glasses, noise and
erasing as distortions (distort.py), mix-up half the time; AdamW, cosine course with a warm-up, and the moving mean of
the weights is what is shipped. `public_test` and a fifth of the people in the news are only watched, until shipping:
then the votes' head is fitted again, with the weight of the plain labels and the bias of neutral that do best on
`public_test` (curve.py). Then: litert-torch, static int8 by calibration on training pictures, the temperature on
public_test, the manifest. Goes on from its last epoch, and may begin with shipped networks (--begin): with the
features of the first, and with what it and the twin answer as the first corrections. `twin` trains and ships the same
network on the plain labels alone, as face_expression_fer, to be held against published figures (plain.py).

With --data FOLDER, a subfolder of pictures per label, a network of your own is trained from it instead and installed as
the local model face_own, which the device then reads by (own.py).
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.face.expression import FERPLUS, MODEL, both_ways, prepare
from tools.command import command, tool_parser
from tools.train import common
from tools.train.face import curve as face_curve
from tools.train.face import data as face_data
from tools.train.face import heads as face_heads
from tools.train.face import own as face_own
from tools.train.face import plain as face_plain
from tools.train.face.distort import distorted
from tools.train.face.lessons import Lessons
from tools.train.face.net import FaceNet, OneHead
from tools.train.face.news import load_news
from tools.train.face.plain import SMALL_SHARE, SMALL_SIDE
from tools.train.face.start import settle_norms, start_from
from tools.train.ship import ship

FER_WEIGHT: Final = 0.7
PEAK_RATE: Final = 3e-3
CURVE: Final = common.CACHE / "face_curve.json"
FER2013: Final = common.ROOT / "../shared/data/face/fer2013.npz"
NEWS: Final = common.ROOT / "../shared/data/face/lfw_expressions.npz"


@torch.no_grad()
def scores(net: FaceNet, faces: face_data.Faces) -> dict[str, float]:
    """Return majority accuracy and unweighted average recall of the FER+ head, and the FER head's accuracy."""
    x = torch.from_numpy(np.stack([prepare(p) for p in faces.pictures])[:, None])
    outputs = [net.both(part.to(memory_format=torch.channels_last)) for part in torch.split(x, 256)]
    said = torch.cat([o[0] for o in outputs]).argmax(1).numpy()
    said_fer = torch.cat([o[1] for o in outputs]).argmax(1).numpy()
    rows = faces.majority >= 0
    right = said == faces.majority
    recalls = [right[faces.majority == c].mean() for c in np.unique(faces.majority[rows])]
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
    x = np.stack([distorted(learn.pictures[i], rng) for i in rows])[:, None]
    settle_norms(net.features, torch.from_numpy(x))
    return net


def train(
    learn: face_data.Faces,
    watch: Mapping[str, face_data.Faces],
    checkpoint: Path,
    epochs: int,
    balance: float,
    seed: int,
    threads: int,
    first_net: Path | None = None,
) -> FaceNet:
    """Train, or go on where the checkpoint stopped, and return the averaged network.

    Args:
        learn: the pictures to learn from.
        watch: by name, those that it is scored on after each epoch.
        checkpoint: written after each epoch.
        epochs: of as many pictures as there are.
        balance: see `chances_of`.
        seed: of everything.
        threads: of PyTorch.
        first_net: a shipped network, to begin with its features; None begins anew.
    """
    rng = common.prepare_process(seed, threads)
    lessons = Lessons(learn, balance, taught=first_net is not None)
    net = common.channels_last(FaceNet() if first_net is None else begin(first_net, learn, rng))
    peak = PEAK_RATE if first_net is None else PEAK_RATE / 2
    mean = common.Averaged(net, 0.998)
    optimiser = common.optimiser(net, 0.05)
    memory = checkpoint.with_suffix(".npz")
    first = common.resume(checkpoint, net, mean, optimiser, rng)
    if first:
        lessons.load(memory)
    elif first_net is not None:
        lessons.teach(ModelSet(first_net.parent))
    for epoch in range(first, epochs):
        net.train()
        losses: list[float] = []
        progress = tqdm(
            lessons.epoch(epoch / epochs, rng),
            total=lessons.batches,
            desc=f"epoch {epoch + 1}/{epochs}",
            mininterval=10,
        )
        for step, batch in enumerate(progress, epoch * lessons.batches):
            rate = common.cosine_rate(step, epochs * lessons.batches, peak, lessons.batches // 2)
            for group in optimiser.param_groups:
                group["lr"] = rate
            x = batch.x
            if first_net is None and epoch < SMALL_SHARE * epochs:
                x = functional.interpolate(x, size=(SMALL_SIDE, SMALL_SIDE), mode="bilinear", antialias=True)
            # Half-precision arithmetic nearly doubles the speed where the CPU has it, at no loss that shows.
            with torch.autocast("cpu", torch.bfloat16):
                by_votes, by_fer = (logits.float() for logits in net.both(x.to(memory_format=torch.channels_last)))
            loss = functional.cross_entropy(by_votes, batch.votes)
            loss = loss + face_heads.EXPRESSIVE * face_heads.expressive_loss(by_votes, batch.fer)
            loss = loss + FER_WEIGHT * functional.cross_entropy(by_fer, batch.fer)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            mean.update(net)
            losses.append(loss.item())
            if batch.rows is not None:
                lessons.remember(batch.rows, by_votes, by_fer)
        lessons.save(memory)
        common.save(checkpoint, net, mean, optimiser, rng, epoch + 1)
        line: dict[str, Any] = {"epoch": epoch + 1, "loss": float(np.mean(losses))}
        logging.info(json.dumps(line | {name: scores(mean.net, faces) for name, faces in watch.items()}))
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
    less = face_curve.with_less_neutral(net, watch, face_curve.knee(points))
    chosen, head = face_curve.most_expressive(less)
    CURVE.parent.mkdir(parents=True, exist_ok=True)
    CURVE.write_text(json.dumps({"chosen": asdict(chosen), "points": [asdict(point) for point, _ in points]}))
    for point, _ in [*points, *less[1:]]:
        logging.info(json.dumps(asdict(point)))
    logging.info("chosen: weight %g, neutral lowered by %g", chosen.weight, chosen.lowered)
    return chosen, head


def ship_net(net: FaceNet, learn: face_data.Faces, watch: face_data.Faces) -> None:
    """Fit the votes' head, quantise with 256 pictures of training, calibrate on `public_test`, and enter the model."""
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
        choices=["all", "train", "heads", "curve", "ship", "news", "twin"],
        default="all",
        help="train: and do not ship it; heads: only these, on the features of --begin; ship: the checkpoint as "
        "it is; curve: only fit its heads, and weigh them against each other; news: learn from the news alone, to "
        "measure on FER2013; twin: the plain labels alone",
    )
    parser.add_argument("--data", type=Path, help="a folder of your own: a subfolder of pictures per label")
    parser.add_argument("--epochs", type=int, help="default: 60; 70 for the twin, 30 for own pictures")
    parser.add_argument(
        "--balance", type=float, default=0.3, help="power of the inverse class frequency (0: as they come)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint", type=Path, default=common.CACHE / "face.pt")
    parser.add_argument(
        "--begin", type=Path, metavar="TFLITE", help="begin with the features of a shipped network, at half the rate"
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.data is not None:
        face_own.train_own(options.data, options.epochs or 30, options.seed, options.threads)
    elif options.what == "twin":
        path = options.checkpoint.with_name("face_plain.pt")
        twin = face_plain.train(FER2013, path, options.epochs or 70, options.seed, options.threads)
        face_plain.ship_twin(twin, FER2013)
    else:
        _shipped_net(options)


def _shipped_net(options: argparse.Namespace) -> None:
    fer_learn, fer_watch = face_data.load(FER2013)
    news_learn, news_watch = load_news(NEWS)
    learn, watch = face_data.joined(fer_learn, news_learn), {"public_test": fer_watch, "news": news_watch}
    recipe = (options.epochs or 60, options.balance, options.seed, options.threads)
    if options.what == "news":
        train(news_learn, watch, options.checkpoint.with_name("face_news.pt"), *recipe)
        return
    if options.what in ("all", "train"):
        net = train(learn, watch, options.checkpoint, *recipe, options.begin)
    elif options.what == "heads":
        if options.begin is None:
            raise SounditError("heads: say with --begin which network's features they shall have")
        net = features_of(options.begin, options.seed, options.threads)
    elif (state := common.load(options.checkpoint)) is not None:
        net = FaceNet()
        net.load_state_dict(state["mean"])
    else:
        raise SounditError(f"{options.checkpoint}: no checkpoint to ship")
    if options.what == "curve":
        weigh(net, learn, fer_watch)
    elif options.what != "train":
        ship_net(net, learn, fer_watch)
