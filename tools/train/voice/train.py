"""Train the voice network on acted voices of several corpora, and ship it as models/voice_emotion.tflite.

How: the active part of each clip, two seconds of it at most, as a level-free log-mel picture (shorter ones repeated, so
that length tells nothing); speed and pitch, room, television, codecs, noise, microphone, masks and mix-up as
distortions; each corpus drawn by the square root of its clips, in it each person, of him each class equally often; the
loss is among the classes that a corpus has, and valence and arousal are learnt beside them; AdamW, cosine course with a
warm-up, and the moving mean of the weights is what is shipped.

`folds` trains again for each fifth of every corpus' people on the others and scores those, at the three speeds that the
device hears them at; `without` does so for each corpus on all the others, and `alone` for all others on RAVDESS alone.
`shipped` says what the network in models/ answers to the same pictures, those that it learnt from among them, and
`speeds` what the speeds are worth to the networks of `folds`.
Their figures are the honest ones, and the first two's answers set the shipped network's temperature. The default does
all of them that are not done yet, trains on everybody by the same recipe, then ships: litert-torch, static int8, the
manifest. Views of the clips are made once and kept; each run goes on from its last checkpoint.

With `--data INDEX.csv` it learns from your own recordings instead, with labels of your own, and installs the network as
a local model (`voice_own`), which hears in place of the shipped one. The index has the columns path (of a sound file,
relative to the index), speaker and emotion: an emotion's name, or NAME=EMOTION for a name of your own that counts as
one, or a NAME that is shown and moves no mood. About 10 recordings of each, by several people, are a beginning.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge.emotion import EMOTIONS
from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.calibration import pooled, soften
from soundit_edge.senses.voice.sense import MODEL
from tools.command import command, tool_parser
from tools.train import common
from tools.train.ship import FOLDER, ship
from tools.train.voice import held_out, speeds, views
from tools.train.voice import own as voice_own
from tools.train.voice.batches import CorpusBatches
from tools.train.voice.data import Clip, load
from tools.train.voice.fit import by_speed, heard_answers, train
from tools.train.voice.held_out import Rows, Split
from tools.train.voice.net import VoiceNet

FIRST_EPOCHS: Final = 50
EPOCHS: Final = 30
"""Of RAVDESS alone, which has the most emotions, the most people for each and the hardest ones; then of all corpora."""
CALIBRATED_BY: Final = ("folds", "without")


class Recipe:
    """The clips with their views, and what every run has in common."""

    def __init__(self, clips: Sequence[Clip], cache: Path, epochs: int, seed: int, threads: int) -> None:
        """Make what is not kept yet of the clips' views."""
        self.clips, self.cache = clips, cache / f"voice_seed{seed}"
        self._epochs, self._seed, self._threads = epochs, seed, threads
        self._first = np.flatnonzero([clip.corpus == held_out.ALONE for clip in clips])
        self._views, self._heard = views.views(clips, cache), views.heard(clips, cache)

    def train(self, name: str, rows: Rows) -> VoiceNet:
        """Return a network that learnt from some rows of the clips: first from RAVDESS', where there are any."""
        first = rows[np.isin(rows, self._first)]
        if len(first) == 0:
            return self._run(name, rows, FIRST_EPOCHS + self._epochs, None)
        # Networks that begin with the same rows begin alike.
        digest = hashlib.sha256(first.tobytes()).hexdigest()[:8]
        begun = self._run(f"first_{digest}", first, FIRST_EPOCHS, None)
        return begun if len(first) == len(rows) else self._run(name, rows, self._epochs, begun)

    def _run(self, name: str, rows: Rows, epochs: int, start: VoiceNet | None) -> VoiceNet:
        return train(
            lambda rng: CorpusBatches(self.clips, rows, self._views, rng),
            self.cache / f"{name}.pt",
            epochs,
            self._seed,
            self._threads,
            start=start,
        )

    def measure(self, kind: str, splits: Mapping[str, Split]) -> None:
        """Train a network for each split, keep what it answers to those left out in KIND.npz, and log the figures."""
        rows, said, places = [], [], []
        for name, split in splits.items():
            views, place = heard_answers(self.train(name, split.learnt), self._heard, split.scored)
            answers = np.stack([pooled(list(answer)) for answer in views])
            logging.info(json.dumps({name: held_out.by_corpus(answers, self.clips, split.scored, place)}))
            rows.append(split.scored)
            said.append(answers)
            places.append(place)
        every, probabilities, place = np.concatenate(rows), np.concatenate(said), np.concatenate(places)
        labels = np.array([self.clips[i].label for i in every], dtype=np.int64)
        corpora = [self.clips[i].corpus for i in every]
        np.savez(self.cache / f"{kind}.npz", rows=every, probabilities=probabilities, labels=labels, corpora=corpora)
        logging.info(json.dumps({kind: held_out.by_corpus(probabilities, self.clips, every, place)}))

    def measure_shipped(self) -> None:
        """Log what the shipped network answers to all clips, of which it may have learnt from some: see its card."""
        shipped = ModelSet(FOLDER)
        model, temperature = shipped.load(MODEL), shipped.entry(MODEL).temperature
        pictures, of = self._heard
        said = np.stack([model.run(picture.astype(np.float32)[None, :, :, None])[0][0].copy() for picture in pictures])
        views = by_speed(said, of, np.arange(len(self.clips)))
        probabilities = np.stack([soften(pooled(list(view)), temperature) for view in views])
        rows = np.arange(len(self.clips))
        logging.info(json.dumps({"shipped": held_out.by_corpus(probabilities, self.clips, rows)}))

    def ship(self, net: VoiceNet) -> None:
        """Quantise with 256 pictures, half of them distorted; held-out answers calibrate the certainty."""
        rng = np.random.default_rng(0)
        plain, _ = self._heard
        pictures = [plain[i] for i in rng.choice(len(plain), 128, replace=False)]
        pictures += [self._views[0][i] for i in rng.choice(len(self.clips), 128, replace=False)]
        ship(
            net,
            MODEL,
            [str(e) for e in EMOTIONS],
            [picture.astype(np.float32)[..., None] for picture in pictures],
            held_out.evenly([np.load(self.cache / f"{kind}.npz") for kind in CALIBRATED_BY]),
        )


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.voice", __doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=["all", "folds", "without", "alone", "everybody", "shipped", "speeds"],
        default="all",
    )
    parser.add_argument("--data", type=Path, metavar="INDEX.csv", help="your own recordings")
    parser.add_argument("--epochs", type=int, help=f"default: {EPOCHS}, and more where the own recordings are few")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=common.CACHE)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.data is not None:
        voice_own.train_own(options.data, options.cache, options.epochs, options.seed, options.threads)
        return
    clips = load(common.ROOT / "../shared/data/voice/index.csv")
    if not clips:
        raise SounditError("no clip of a known emotion in ../shared/data/voice/index.csv")
    recipe = Recipe(clips, options.cache, options.epochs or EPOCHS, options.seed, options.threads)
    kinds = {"folds": held_out.folds, "without": held_out.without, "alone": held_out.alone}
    for kind, splits in kinds.items():
        if options.what in ("all", kind):
            recipe.measure(kind, splits(clips))
    if options.what == "speeds":
        speeds.measure(clips, recipe.cache)
    if options.what == "shipped":
        recipe.measure_shipped()
    if options.what in ("all", "everybody"):
        net = recipe.train("everybody", np.arange(len(clips)))
        if options.what == "all":
            recipe.ship(net)
