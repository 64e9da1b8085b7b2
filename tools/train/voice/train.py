"""Train the voice network on RAVDESS (actors 01 to 20), and ship it as models/voice_emotion.tflite.

How: the active part of each clip, 2.5 s of it as a level-free log-mel picture (shorter ones repeated, so that length
tells nothing); speed and pitch, room, noise, microphone, masks and mix-up as distortions; every class drawn equally
often; AdamW, cosine course with a warm-up, and the moving mean of the weights is what is shipped. `folds` trains again
for each fifth of the actors on the others and scores those, at the three speeds that the device hears them at; its
figures and its held-out answers (for the temperature) are the honest ones; `speeds` tells what the speeds are worth.
The default trains on all actors by the same recipe, then ships: litert-torch, static int8, the manifest. About 5
minutes a run on one thread, six runs in all; each goes on from its last ten epochs.

With `--data INDEX.csv` it learns from your own recordings instead, with labels of your own, and installs the network as
a local model (`voice_own`), which hears in place of the shipped one. The index has the columns path (of a sound file,
relative to the index), speaker and emotion: an emotion's name, or NAME=EMOTION for a name of your own that counts as
one, or a NAME that is shown and moves no mood. About 10 recordings of each, by several people, are a beginning.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from soundit_edge.emotion import EMOTIONS
from soundit_edge.errors import SounditError
from soundit_edge.senses.voice.log_mel import log_mel
from soundit_edge.senses.voice.sense import MODEL
from tools.command import command, tool_parser
from tools.evaluate.scoring import Answers, affect_scores, score
from tools.train import common
from tools.train.ship import ship
from tools.train.voice import own as voice_own
from tools.train.voice.data import Clip, Distorter, load, windows
from tools.train.voice.fit import FOLDS, answers, recall, train
from tools.train.voice.net import VoiceNet

FOLD_ANSWERS = "voice_folds.npz"
SPEEDS_TRIED = ((), (0.94, 1.06), (0.9, 1.11), (0.9, 0.94, 1.06, 1.11))


def folds(clips: Sequence[Clip], others: Sequence[Clip], cache: Path, epochs: int, seed: int, threads: int) -> None:
    """Log speaker-independent figures: each fifth of the actors scored by a network that never heard them."""
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
    said = Answers([str(e) for e in EMOTIONS], labels.astype(np.int64), probabilities)
    result = {"folds": FOLDS, "foreign_uar": float(np.mean(foreign)), **score(said), "affect": affect_scores(said)}
    logging.info(json.dumps(result))


def speeds(clips: Sequence[Clip], others: Sequence[Clip], cache: Path) -> None:
    """Log what speeds beside the speaker's own are worth to the networks of `folds`, on people that none heard."""
    speakers = sorted({clip.speaker for clip in clips})
    for besides in SPEEDS_TRIED:
        known, foreign = [], []
        for fold in range(FOLDS):
            if (state := common.load(cache / f"voice_fold{fold}.pt")) is None:
                raise SounditError("run `folds` first: its networks are what is measured")
            net = VoiceNet()
            net.load_state_dict(state["mean"])
            unheard = [clip for clip in clips if clip.speaker in set(speakers[fold::FOLDS])]
            known.append(recall(answers(net, unheard, besides), unheard))
            foreign.append(recall(answers(net, others, besides), others, {clip.label for clip in others}))
        logging.info(json.dumps({"besides": besides, "uar": np.mean(known), "foreign_uar": np.mean(foreign)}))


def ship_net(net: VoiceNet, clips: Sequence[Clip], cache: Path) -> None:
    """Quantise with 256 windows, half of them distorted; the certainty is calibrated by the folds' held-out answers."""
    rng = np.random.default_rng(0)
    distorter = Distorter(rng)
    some = [clips[i].speech for i in rng.choice(len(clips), 256, replace=False)]
    pictures = [log_mel(windows(speech)[0]) for speech in some[:128]] + [distorter.picture(s) for s in some[128:]]
    held_out = np.load(cache / FOLD_ANSWERS)
    shares = np.eye(len(EMOTIONS), dtype=np.float32)[held_out["labels"]]
    ship(net, MODEL, [str(e) for e in EMOTIONS], [p[..., None] for p in pictures], (held_out["probabilities"], shares))


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.voice", __doc__)
    parser.add_argument("what", nargs="?", choices=["all", "folds", "speeds"], default="all")
    parser.add_argument("--data", type=Path, metavar="INDEX.csv", help="your own recordings")
    parser.add_argument("--epochs", type=int, help="default: 60, and more where the own recordings are few")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=common.CACHE)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.data is not None:
        voice_own.train_own(options.data, options.cache, options.epochs, options.seed, options.threads)
        return
    index, epochs = common.ROOT / "../shared/data/voice/index.csv", options.epochs or 60
    clips, others = load(index, "ravdess"), load(index, "emodb")
    if options.what == "folds":
        folds(clips, others, options.cache, epochs, options.seed, options.threads)
    elif options.what == "speeds":
        speeds(clips, others, options.cache)
    elif not (options.cache / FOLD_ANSWERS).is_file():
        raise SounditError("run `folds` first: the shipped network's certainty is calibrated by their held-out answers")
    else:
        net = train(clips, [], options.cache / "voice_all.pt", epochs, options.seed, options.threads)
        ship_net(net, clips, options.cache)
