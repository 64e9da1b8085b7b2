"""Train the lip reader on clips of mouths with the times of their words, and ship it as models/lips_grid.tflite.

How: mouth crops by the device's own face mesh; each frame is taught its word (cross-entropy, every word weighs the same
however long it lasts, letters more), with CTC (Graves et al. 2006) over the words' sounds beside it. Clips are shifted,
turned, scaled, mirrored, slowed and hurried, sampled as slower cameras do, and spans of frames and parts of the picture
are blanked; half of them begin as one sentence and end as another, half of the batches are mixed, for a few hundred
sentences are soon learnt by heart; the last ten epochs see whole sentences again. AdamW, a cosine course with a
warm-up, and the moving mean of the weights is what is shipped. The held-out clips of split.csv are only watched.
Takes three quarters of an hour on one thread; goes on from its last epoch.

With --data FOLDER of your own it learns your words instead, from clips of whole faces (NAME.mp4) with the times of the
words beside them (NAME.align: a line a word, "FIRST END WORD", 25,000 a second, "sil" for silence), without GRID's
grammar, and installs them as the local model lips_own. Say each word twenty times or more.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from soundit_edge.errors import SounditError
from soundit_edge.senses.lips.grid import WORDS
from soundit_edge.senses.lips.recogniser import MODEL
from tools.command import command, tool_parser
from tools.models.register import register
from tools.train import common
from tools.train.lips import data as lips_data
from tools.train.lips import own as lips_own
from tools.train.lips.data import Clip
from tools.train.lips.fit import Sounds, train, without_sounds
from tools.train.lips.net import LipsNet, ShippedLips
from tools.train.ship import FOLDER, convert

TAIL = 10
"""Epochs without splicing and mixing, after all others."""


def ship_net(net: LipsNet, learn: Sequence[Clip]) -> None:
    """Quantise with 100 clips of training, half of them distorted, and enter into the manifest."""
    calibration = lips_data.calibration(learn, np.random.default_rng(0))
    path, float_path = FOLDER / f"{MODEL}.tflite", common.CACHE / f"{MODEL}_float.tflite"
    operations = convert(without_sounds(net, len(WORDS)), calibration, path, float_path, ShippedLips)
    entry = register(FOLDER, MODEL, WORDS)
    logging.info("%s: %d bytes, %s", entry.file, entry.bytes, operations)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.lips", __doc__)
    parser.add_argument("what", nargs="?", choices=["all", "ship"], default="all", help="ship: the checkpoint as it is")
    parser.add_argument("--data", type=Path, default=common.ROOT / "../shared/data/lips", help="clips; see above")
    parser.add_argument(
        "--epochs", type=int, help="before the last ten; default 80; of own words all, as many as make 1,500 steps"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint", type=Path, default=common.CACHE / "lips_grid.pt")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    rng = common.prepare_process(options.seed, options.threads)
    # GRID's crops lie in a folder of their own, *_mouth; whose clips lie beside their times has made them.
    if not any(options.data.glob("*_mouth")):
        lips_own.train_own(options.data, rng, options.epochs)
        return
    clips = lips_data.load(options.data, common.CACHE / "lips_crops.npz", WORDS)
    aside = lips_data.held_out()
    learn = [clip for clip in clips if clip.name not in aside]
    watch = [clip for clip in clips if clip.name in aside]
    net = LipsNet(len(WORDS), 1 + len(Sounds(WORDS[1:]).names))
    if options.what == "all":
        net = train(net, WORDS, learn, watch, options.checkpoint, options.epochs or 80, rng, TAIL)
    elif (state := common.load(options.checkpoint)) is not None:
        net.load_state_dict(state["mean"])
    else:
        raise SounditError(f"{options.checkpoint}: no checkpoint to ship")
    ship_net(net, learn)
