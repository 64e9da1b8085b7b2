"""Train the voice network on RAVDESS (actors 01 to 20), and ship it as models/voice_emotion.tflite.

How: the active part of each clip, 2.5 s of it as a level-free log-mel picture (shorter ones repeated, so that length
tells nothing); speed and pitch, room, noise, microphone, masks and mix-up as distortions; every class drawn equally
often; AdamW, cosine course with a warm-up, and the moving mean of the weights is what is shipped. `folds` trains anew
for each fifth of the actors on the others and scores those; its figures and its held-out answers (for the temperature)
are the honest ones. The default trains on all actors by the same recipe, then ships: litert-torch, static int8, the
manifest. About 5 minutes a run on one thread, six runs in all; each goes on from its last ten epochs.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from soundit_edge.emotion import EMOTIONS
from soundit_edge.senses.logmel import log_mel
from soundit_edge.senses.voice import MODEL
from tools.scoring import Answers, score
from tools.train import common
from tools.train.ship import ship
from tools.train.voice_data import Clip, Distorter, load, windows
from tools.train.voice_net import VoiceNet

BATCH = 32
MIX_UP = 0.3
FOLDS = 5
KEEP_EVERY = 10
FOLD_ANSWERS = "voice_folds.npz"


def batches(
    clips: Sequence[Clip], distorter: Distorter, rng: np.random.Generator
) -> Iterator[tuple[torch.Tensor, ...]]:
    """One epoch of pictures [32, 1, frames, bands] and class shares [32, 8], all classes equally often."""
    labels = np.array([clip.label for clip in clips])
    chances = 1 / np.bincount(labels, minlength=len(EMOTIONS))[labels]
    order = rng.choice(len(clips), len(clips) // BATCH * BATCH, p=chances / chances.sum())
    one_hot = np.eye(len(EMOTIONS), dtype=np.float32)
    for rows in order.reshape(-1, BATCH):
        x = np.stack([distorter.picture(clips[i].speech) for i in rows])[:, None]
        shares = one_hot[labels[rows]]
        if rng.random() < 0.5:
            share = np.float32(rng.beta(MIX_UP, MIX_UP))
            x, shares = share * x + (1 - share) * x[::-1], share * shares + (1 - share) * shares[::-1]
        yield torch.from_numpy(x), torch.from_numpy(shares)


@torch.no_grad()
def answers(net: VoiceNet, clips: Sequence[Clip]) -> npt.NDArray[np.float32]:
    """Probabilities [n, 8] of whole clips: the mean over their windows."""
    net.eval()
    means = []
    for clip in clips:
        x = torch.from_numpy(np.stack([log_mel(window) for window in windows(clip.speech)])[:, None])
        means.append(torch.softmax(net(x.to(memory_format=torch.channels_last)), -1).mean(0).numpy())
    return np.stack(means)


def recall(
    probabilities: npt.NDArray[np.float32], clips: Sequence[Clip], among: Collection[int] | None = None
) -> float:
    """Unweighted average recall over the classes that occur; `among` restricts what may be answered."""
    labels = np.array([clip.label for clip in clips])
    allowed = np.array(sorted(among if among is not None else range(len(EMOTIONS))))
    said = allowed[probabilities[:, allowed].argmax(1)]
    return float(np.mean([(said[labels == c] == c).mean() for c in np.unique(labels)]))


def train(
    clips: Sequence[Clip], watch: Sequence[Clip], checkpoint: Path, epochs: int, seed: int, threads: int
) -> VoiceNet:
    """Train, or go on where the checkpoint stopped; the averaged network."""
    rng = common.prepare_process(seed, threads)
    distorter = Distorter(rng)
    net = common.channels_last(VoiceNet())
    mean = common.Averaged(net, 0.99)
    optimiser = common.optimiser(net, 0.05)
    per_epoch = len(clips) // BATCH
    first = 0
    if (state := common.load(checkpoint)) is not None:
        net.load_state_dict(state["net"])
        mean.net.load_state_dict(state["mean"])
        mean.updates = state["updates"]
        optimiser.load_state_dict(state["optimiser"])
        rng.bit_generator.state = state["rng"]
        first = state["epochs"]
    progress = tqdm(range(first, epochs), initial=first, total=epochs, desc=checkpoint.stem, mininterval=10)
    for epoch in progress:
        net.train()
        for step, (x, shares) in enumerate(batches(clips, distorter, rng), epoch * per_epoch):
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
            state = {
                "net": net.state_dict(),
                "mean": mean.net.state_dict(),
                "updates": mean.updates,
                "optimiser": optimiser.state_dict(),
                "rng": rng.bit_generator.state,
                "epochs": epoch + 1,
            }
            common.save(checkpoint, state)
            said = {"uar": recall(answers(mean.net, watch), watch)} if watch else {}
            logging.info(json.dumps({"run": checkpoint.stem, "epoch": epoch + 1, "loss": float(loss.item()), **said}))
    return mean.net


def folds(clips: Sequence[Clip], others: Sequence[Clip], cache: Path, epochs: int, seed: int, threads: int) -> None:
    """Speaker-independent figures: each fifth of the actors scored by a network that never heard them."""
    speakers = sorted({clip.speaker for clip in clips})
    probabilities, labels = np.zeros((len(clips), len(EMOTIONS)), np.float32), np.array([c.label for c in clips])
    foreign: list[float] = []
    for fold in range(FOLDS):
        held_out = set(speakers[fold::FOLDS])
        learn = [clip for clip in clips if clip.speaker not in held_out]
        rows = [i for i, clip in enumerate(clips) if clip.speaker in held_out]
        unheard = [clips[i] for i in rows]
        net = train(learn, unheard, cache / f"voice_fold{fold}.pt", epochs, seed, threads)
        probabilities[rows] = answers(net, unheard)
        foreign.append(recall(answers(net, others), others, {clip.label for clip in others}))
        logging.info(
            json.dumps({"fold": fold, "uar": recall(probabilities[rows], unheard), "foreign_uar": foreign[-1]})
        )
    np.savez(
        cache / FOLD_ANSWERS, probabilities=probabilities, labels=labels, speakers=[clip.speaker for clip in clips]
    )
    figures = score(Answers([str(e) for e in EMOTIONS], labels.astype(np.int64), probabilities))
    result = {"folds": FOLDS, "foreign_uar": float(np.mean(foreign)), **figures}
    logging.info(json.dumps(result))


def ship_net(net: VoiceNet, clips: Sequence[Clip], cache: Path) -> None:
    """Quantise with 256 windows, half of them distorted; the certainty is calibrated by the folds' held-out answers."""
    rng = np.random.default_rng(0)
    distorter = Distorter(rng)
    some = [clips[i].speech for i in rng.choice(len(clips), 256, replace=False)]
    pictures = [log_mel(windows(speech)[0]) for speech in some[:128]] + [distorter.picture(s) for s in some[128:]]
    held_out = np.load(cache / FOLD_ANSWERS)
    shares = np.eye(len(EMOTIONS), dtype=np.float32)[held_out["labels"]]
    ship(net, MODEL, [str(e) for e in EMOTIONS], [p[..., None] for p in pictures], (held_out["probabilities"], shares))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["all", "folds"], default="all")
    parser.add_argument("--data", type=Path, default=common.ROOT / "../shared/data/voice/index.csv")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=common.CACHE)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    clips, others = load(options.data, "ravdess"), load(options.data, "emodb")
    if options.what == "folds":
        folds(clips, others, options.cache, options.epochs, options.seed, options.threads)
    elif not (options.cache / FOLD_ANSWERS).is_file():
        raise SystemExit("run `folds` first: the shipped network's certainty is calibrated by their held-out answers")
    else:
        net = train(clips, [], options.cache / "voice_all.pt", options.epochs, options.seed, options.threads)
        ship_net(net, clips, options.cache)


if __name__ == "__main__":
    main()
