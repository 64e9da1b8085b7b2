"""Train the readers of single words and phrases on MIRACL's takes, and ship them as lips_words and lips_phrases.

How: one network with a head for words and one for phrases; takes of unknown people are what counts, so whole speakers
are held out (`folds`: three of the twelve at a time). Takes are shifted, turned, scaled, stretched, mirrored,
hurried, cut short, lit otherwise and blanked in part, and mixed with each other half the time; AdamW, a cosine course,
and the moving mean of the weights is what is scored and shipped. The certainty is calibrated by the folds' answers.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from tqdm import tqdm

from tools.command import command, tool_parser
from tools.evaluate.isolated_words import CHANNELS, FRAMES, PHRASES_MODEL, SIDE, STORED, WORDS_MODEL, prepare
from tools.evaluate.scoring import wilson
from tools.models.register import best_temperature, register
from tools.train import common
from tools.train.lips.takes_net import ShippedTakes, TakesNet
from tools.train.ship import FOLDER, convert

BATCH = 32
RATE = 2e-3
MIX_UP = 0.3
SMOOTHING = 0.1
KEEP_EVERY = 5
VARIANTS = 6
ANSWERS = "lips_takes_answers.npz"


@dataclass(frozen=True)
class Take:
    """One word or phrase: crops uint8 [n, 64, 64], its label among those of its set, and who says it."""

    crops: npt.NDArray[np.uint8]
    label: int
    speaker: str


def load(path: Path) -> tuple[list[Take], list[str]]:
    """Return the takes of an .npz and the names of their labels."""
    with np.load(path) as data:
        frames, names = data["frames"], [str(name) for name in data["label_names"]]
        rows = zip(data["start"].tolist(), data["length"].tolist(), data["label"], data["speaker"], strict=True)
        return [Take(frames[start : start + n], int(label), str(who)) for start, n, label, who in rows], names


def distorted(take: Take, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return a take as another head, light and hurry would show it: float32 as `prepare` gives it."""
    n = len(take.crops)
    angle, scale = rng.normal(0, 0.08), np.exp(rng.uniform(-0.15, 0.15))
    turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turn[1] *= np.exp(rng.uniform(-0.15, 0.15))
    if rng.random() < 0.5:
        turn[:, 0] *= -1
    middle = np.full(2, (STORED - 1) / 2)
    matrix = np.column_stack([turn, middle + rng.uniform(-4, 4, 2) - turn @ middle])
    crops = np.stack([cv2.warpAffine(crop, matrix, (STORED, STORED)) for crop in take.crops])
    lit = np.rint(255 * (np.arange(256) / 255) ** np.exp(rng.uniform(-0.4, 0.4))).astype(np.uint8)
    crops = lit[crops]
    first, last = rng.uniform(0, 0.12), 1 - rng.uniform(0, 0.12)
    pace = np.cumsum(np.interp(np.linspace(0, 3, FRAMES), np.arange(4), np.exp(rng.normal(0, 0.25, 4))))
    moments = (n - 1) * (first + (last - first) * (pace - pace[0]) / (pace[-1] - pace[0]))
    x = prepare(crops, moments).reshape(FRAMES, SIDE, SIDE, CHANNELS)
    if rng.random() < 0.3:
        x[..., :3] += rng.standard_normal((*x.shape[:3], 3), np.float32) * np.float32(rng.uniform(0.02, 0.2))
    if rng.random() < 0.3:
        frame = rng.integers(0, FRAMES)
        x[frame : frame + rng.integers(1, 4)] = 0
    if rng.random() < 0.3:
        top, left = rng.integers(0, SIDE - 4, 2)
        x[:, top : top + rng.integers(3, 9), left : left + rng.integers(3, 9), :3] = 0
    x[..., 4] += rng.normal(0, 0.3)
    return x.reshape(FRAMES * SIDE, SIDE, CHANNELS)


@dataclass(frozen=True)
class Pool:
    """Takes with distorted variants of each, drawn once: distorting costs more than learning from it.

    Attributes:
        takes: as they are.
        variants: float16 [n, VARIANTS, 16 x 32, 32, 5].
    """

    takes: Sequence[Take]
    variants: npt.NDArray[np.float16]

    def part(self, rows: Sequence[int]) -> Pool:
        return Pool([self.takes[i] for i in rows], self.variants[list(rows)])


def pool(takes: Sequence[Take], seed: int) -> Pool:
    """Distort each take some times."""
    rng = np.random.default_rng(seed)
    variants = np.empty((len(takes), VARIANTS, FRAMES * SIDE, SIDE, CHANNELS), np.float16)
    for i, take in enumerate(tqdm(takes, desc="distorting", mininterval=10)):
        for k in range(VARIANTS):
            variants[i, k] = distorted(take, rng)
    return Pool(takes, variants)


Batch = tuple[torch.Tensor, torch.Tensor]


def batches(learn: Pool, classes: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Give one epoch of distorted takes [32, 512, 32, 5] and their shares [32, classes]."""
    order = rng.permutation(len(learn.takes))
    one_hot = np.eye(classes, dtype=np.float32)
    for rows in order[: len(order) // BATCH * BATCH].reshape(-1, BATCH):
        x = learn.variants[rows, rng.integers(0, VARIANTS, BATCH)].astype(np.float32)
        shares = one_hot[[learn.takes[i].label for i in rows]]
        if rng.random() < 0.5:
            share = np.float32(rng.beta(MIX_UP, MIX_UP))
            x, shares = share * x + (1 - share) * x[::-1], share * shares + (1 - share) * shares[::-1]
        yield torch.from_numpy(x), torch.from_numpy(shares)


@torch.no_grad()
def answers(net: TakesNet, head: str, takes: Sequence[Take]) -> npt.NDArray[np.float32]:
    """Return probabilities [n, classes]: the mean of each take and its mirror image."""
    net.eval()
    said = []
    for mirrored in (False, True):
        x = np.stack([prepare(take.crops[:, :, ::-1] if mirrored else take.crops) for take in takes])
        parts = [torch.softmax(net(part, head).float(), -1) for part in torch.split(torch.from_numpy(x), 128)]
        said.append(torch.cat(parts).numpy())
    return np.asarray(np.mean(said, 0), np.float32)


Sets = Mapping[str, Sequence[Take]]
Pools = Mapping[str, Pool]


def train(sets: Pools, watch: Sets, classes: int, checkpoint: Path, epochs: int, seed: int, threads: int) -> TakesNet:
    """Train, or go on where the checkpoint stopped, and return the averaged network."""
    rng = common.prepare_process(seed, threads)
    net = common.channels_last(TakesNet(dict.fromkeys(sets, classes)))
    mean = common.Averaged(net, 0.99)
    optimiser = common.optimiser(net, 0.05)
    per_epoch = sum(len(learn.takes) // BATCH for learn in sets.values())
    first = common.resume(checkpoint, net, mean, optimiser, rng)
    progress = tqdm(range(first, epochs), initial=first, total=epochs, desc=checkpoint.stem, mininterval=10)
    for epoch in progress:
        net.train()
        losses: list[float] = []
        drawn = {head: batches(learn, classes, rng) for head, learn in sets.items()}
        turns = rng.permutation([head for head, learn in sets.items() for _ in range(len(learn.takes) // BATCH)])
        for step, head in enumerate(turns, epoch * per_epoch):
            x, shares = next(drawn[head])
            for group in optimiser.param_groups:
                group["lr"] = common.cosine_rate(step, epochs * per_epoch, RATE, 2 * per_epoch)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(x.bfloat16(), str(head))
            loss = functional.cross_entropy(logits.float(), shares, label_smoothing=SMOOTHING)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            mean.update(net)
            losses.append(loss.item())
        if (epoch + 1) % KEEP_EVERY == 0 or epoch + 1 == epochs:
            common.save(checkpoint, net, mean, optimiser, rng, epoch + 1)
            line = {"run": checkpoint.stem, "epoch": epoch + 1, "loss": round(float(np.mean(losses)), 3)}
            logging.info(json.dumps({**line, **{head: accuracy(mean.net, head, t) for head, t in watch.items()}}))
    return mean.net


def accuracy(net: TakesNet, head: str, takes: Sequence[Take]) -> float:
    """Return the share of right answers."""
    return round(float((answers(net, head, takes).argmax(1) == [take.label for take in takes]).mean()), 4)


def folds(pools: Pools, classes: int, count: int, cache: Path, epochs: int, seed: int, threads: int) -> None:
    """Print figures on unknown speakers: each group of them is read by a network that never saw them."""
    sets = {head: whole.takes for head, whole in pools.items()}
    speakers = sorted({take.speaker for takes in sets.values() for take in takes})
    said = {head: np.zeros((len(takes), classes), np.float32) for head, takes in sets.items()}
    for fold in range(count):
        out = set(speakers[fold::count])
        rows = {head: [i for i, take in enumerate(takes) if take.speaker in out] for head, takes in sets.items()}
        learn = {head: pools[head].part(sorted(set(range(len(sets[head]))) - set(rows[head]))) for head in sets}
        unseen = {head: [sets[head][i] for i in rows[head]] for head in sets}
        net = train(learn, unseen, classes, cache / f"lips_takes_{count}_{fold}.pt", epochs, seed, threads)
        for head, takes in unseen.items():
            said[head][rows[head]] = answers(net, head, takes)
    labels = {head: np.array([take.label for take in takes]) for head, takes in sets.items()}
    for head in sets:
        right = float((said[head].argmax(1) == labels[head]).mean())
        line = {"set": head, "folds": count, "accuracy": right, "accuracy_95": wilson(right, len(labels[head]))}
        logging.info(json.dumps(line))
    np.savez(cache / ANSWERS, **said, **{f"{head}_labels": of for head, of in labels.items()})


def ship_nets(net: TakesNet, sets: Sets, names: Mapping[str, Sequence[str]], cache: Path) -> None:
    """Quantise with 200 takes of each set, half of them distorted, and enter both into the manifest."""
    rng = np.random.default_rng(0)
    held_out = np.load(cache / ANSWERS)
    for head, takes in sets.items():
        chosen = [takes[i] for i in rng.choice(len(takes), 200, replace=False)]
        calibration = [prepare(t.crops) for t in chosen[:100]] + [distorted(t, rng) for t in chosen[100:]]
        shares = np.eye(len(names[head]), dtype=np.float32)[held_out[f"{head}_labels"]]
        path = FOLDER / f"{head}.tflite"
        operations = convert(
            net, calibration, path, common.CACHE / f"{head}_float.tflite", lambda n, head=head: ShippedTakes(n, head)
        )
        entry = register(FOLDER, head, names[head], best_temperature(held_out[head], shares))
        logging.info("%s: %d bytes, temperature %.3f, %s", entry.file, entry.bytes, entry.temperature, operations)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.lips.takes", __doc__)
    parser.add_argument("what", nargs="?", choices=["all", "folds"], default="all", help="folds: the figures alone")
    parser.add_argument(
        "--data", type=Path, default=common.ROOT / "../shared/data/lips", help="folder of the .npz files"
    )
    parser.add_argument("--folds", type=int, default=4, help="groups of speakers (12: each speaker alone)")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=common.CACHE)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    words, word_names = load(options.data / "miracl_words.npz")
    phrases, phrase_names = load(options.data / "miracl_phrases.npz")
    names = {WORDS_MODEL: word_names, PHRASES_MODEL: phrase_names}
    pools = {WORDS_MODEL: pool(words, options.seed), PHRASES_MODEL: pool(phrases, options.seed)}
    classes, cache, run = len(word_names), options.cache, (options.epochs, options.seed, options.threads)
    if options.what == "folds" or not (cache / ANSWERS).is_file():
        folds(pools, classes, options.folds, cache, *run)
    if options.what == "all":
        net = train(pools, {}, classes, cache / "lips_takes_all.pt", *run)
        ship_nets(net, {head: whole.takes for head, whole in pools.items()}, names, cache)


if __name__ == "__main__":
    sys.exit(main())
