"""Train the body network on recorded motion, and ship it as models/body_motion.tflite; or train one on own recordings.

How: two seconds of fifteen joints, turned to face the camera; for every clip a hundred windows as cameras of all
heights, distances and rates would show them (turned, mirrored, in perspective, with trembling and hidden joints), made
once; each batch draws its classes equally often, and within a class each action of each set. Cross-entropy over angry,
happy, sad and neutral, and arousal beside it, which the label's place in the plane of affect stands for. AdamW, cosine
course, and the moving mean of the weights is what is shipped.

  folds   leave one action out: for each action that has all four classes, train without it (in every set) and score
          it; the same for kinds of action; and train on one set, score on the next. The honest figures, by the network
          and by the qualities beside it; the temperature is from them.
  all     train on everything by the same recipe, then ship: litert-torch, static int8, the manifest (the default).
  own     train on takes of tools.data.record_body, and install the result as the local model body_own.
  loss    what quantising cost: the int8 file against the float file, on the clips that they learnt from.

About a minute a run on one thread; each goes on from its last two hundred steps.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from soundit_edge.errors import SounditError
from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.local import install
from soundit_edge.senses.body.net import LABELS, MODEL, OWN, prepare
from tools.command import command, tool_parser
from tools.data.bodies import BodyClip, motions, read
from tools.models.register import best_temperature, register
from tools.train import common
from tools.train.body.fit import CLASSES, Pool, make_pool, train
from tools.train.body.folds import FOLD_ANSWERS, folds
from tools.train.body.net import BodyNet, ShippedBody
from tools.train.ship import FOLDER, convert

STEPS = 300
OWN_STEPS = 500


def ship_net(net: BodyNet, pool: Pool, cache: Path) -> None:
    """Quantise with 256 windows of training, calibrate the certainty by the folds' held-out answers, and enter."""
    held_out = np.load(cache / FOLD_ANSWERS)
    some = np.random.default_rng(0).choice(len(pool.windows), 256, replace=False)
    calibration = [pool.windows[i].astype(np.float32) for i in some]
    path = FOLDER / f"{MODEL}.tflite"
    operations = convert(net, calibration, path, common.CACHE / f"{MODEL}_float.tflite", ShippedBody)
    entry = register(FOLDER, MODEL, LABELS, best_temperature(held_out["probabilities"], held_out["shares"]))
    logging.info("%s: %d bytes, temperature %.3f, %s", entry.file, entry.bytes, entry.temperature, operations)


def int8_loss(clips: Sequence[BodyClip], cache: Path) -> None:
    """Print how often the int8 file and the float file, which shipping leaves in the cache, are right and agree."""
    windows = [(prepare(motion), CLASSES.index(clip.emotion)) for clip in clips for motion in motions(clip)]
    truth = np.array([label for _, label in windows])
    said = {}
    for kind, path in {"float": cache / f"{MODEL}_float.tflite", "int8": FOLDER / f"{MODEL}.tflite"}.items():
        model = Model(path)
        said[kind] = np.array([int(model.run(x[None])[0][0][:-1].argmax()) for x, _ in windows])
    figures = {kind: round(float((answers == truth).mean()), 4) for kind, answers in said.items()}
    same = round(float((said["float"] == said["int8"]).mean()), 4)
    print(json.dumps({"model": MODEL, "n": len(truth), **figures, "same_answer": same}))


def train_own(takes: Path, steps: int, seed: int) -> None:
    """Train on own takes and install the result as the local model.

    Raises:
        SounditError: there are fewer than two labels, the takes cannot be read, or the result cannot be installed.
    """
    clips = read(takes)
    labels = sorted({clip.emotion for clip in clips})
    if len(labels) < 2:
        raise SounditError(f"{takes}: only {labels}; record takes of at least two labels, such as wave and neutral")
    pool = make_pool(clips, np.random.default_rng(seed), mirror=False)
    net = train(pool, clips, np.arange(len(clips)), labels, steps, seed, "own", arousal=False)
    some = np.random.default_rng(0).choice(len(pool.windows), 200)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{OWN}.tflite"
        convert(net, [pool.windows[i].astype(np.float32) for i in some], path, shipped=ShippedBody)
        entry = install(path, OWN, labels)
    logging.info("installed %s: %d bytes, %s", OWN, entry.bytes, ", ".join(labels))


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.body", __doc__)
    parser.add_argument("what", nargs="?", choices=["all", "folds", "own", "loss"], default="all")
    parser.add_argument("--data", type=Path, help="an .npz of motion (default: the shared data; own: needed)")
    parser.add_argument("--steps", type=int, help="of 64 windows each (default: 300; own: 500)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=common.CACHE)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    if options.what == "own":
        if options.data is None:
            parser.error("own: --data names the takes")
        train_own(options.data, options.steps or OWN_STEPS, options.seed)
        return
    data = options.data or common.ROOT / "../shared/data/body/body_emotion_unified.npz"
    clips = [clip for clip in read(data) if clip.emotion in CLASSES]
    if options.what == "loss":
        int8_loss(clips, options.cache)
        return
    options.cache.mkdir(parents=True, exist_ok=True)
    pool = make_pool(clips, np.random.default_rng(options.seed))
    steps = options.steps or STEPS
    if options.what == "folds":
        folds(pool, clips, options.cache, steps, options.seed)
    elif not (options.cache / FOLD_ANSWERS).is_file():
        raise SounditError("run `folds` first: the shipped network's certainty is calibrated by their held-out answers")
    else:
        net = train(
            pool,
            clips,
            np.arange(len(clips)),
            CLASSES,
            steps,
            options.seed,
            "all",
            checkpoint=options.cache / "body.pt",
        )
        ship_net(net, pool, options.cache)
