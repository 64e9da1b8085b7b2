"""Train the voice network on acted voices of several corpora, and ship it as models/voice_emotion.tflite.

How: the active part of each clip, two seconds of it at most, as a level-free log-mel picture (shorter ones repeated, so
that length tells nothing); speed and pitch, room, television, codecs, noise, microphone, masks and mix-up as
distortions; AdamW, cosine course with a warm-up, and the moving mean of the weights counts. Two networks learn: an
expert of RAVDESS alone, which has the most emotions, and a general one of all corpora, each drawn by the square root of
its clips, in it each person, of him each class equally often; its loss is among the classes that a corpus has, and it
learns valence, arousal and a gate beside them. What ships is their mixture (experts.py).

`folds` trains again for each fifth of every corpus' people on the others and scores those, at the three speeds that the
device hears them at; `without` does so for each corpus on all the others. `shipped` says what the network in models/
answers to the same pictures, those that it learnt from among them, and `speeds` what the speeds are worth to the
general networks of `folds`. Their figures are the honest ones, and the first two's answers set the shipped network's
temperature. The default does all of them that are not done yet, trains on everybody by the same recipe, then ships:
litert-torch, static int8, the manifest. Views of the clips are made once and kept; each run goes on from its last
checkpoint.

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
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from torch import nn

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
from tools.train.voice.experts import MixtureOfExperts, share_of
from tools.train.voice.fit import by_clip, by_speed, heard_answers, train
from tools.train.voice.held_out import Floats, Rows, Split
from tools.train.voice.net import EXPERT, VoiceNet

EPOCHS: Final = 160
EXPERT_EPOCHS: Final = 80
CALIBRATED_BY: Final = ("folds", "without")


class Recipe:
    """The clips with their views, and what every run has in common."""

    def __init__(self, clips: Sequence[Clip], cache: Path, epochs: int, seed: int, threads: int) -> None:
        """Make what is not kept yet of the clips' views."""
        self.clips, self.cache = clips, cache / f"voice_seed{seed}"
        self._epochs, self._seed, self._threads = epochs, seed, threads
        self._of_expert = np.array([clip.corpus == held_out.ALONE for clip in clips])
        self._views, self._heard = views.views(clips, cache), views.heard(clips, cache)

    def general(self, name: str, rows: Rows) -> VoiceNet:
        """Return a network that learnt from some rows of the clips."""
        return train(
            lambda rng: CorpusBatches(self.clips, rows, self._views, rng),
            self.cache / f"{name}.pt",
            self._epochs,
            self._seed,
            self._threads,
        )

    def expert(self, rows: Rows) -> VoiceNet:
        """Return the expert, which learnt from RAVDESS' clips among some rows."""
        own = rows[self._of_expert[rows]]
        # Experts of the same rows are one.
        path = self.cache / f"expert_{hashlib.sha256(own.tobytes()).hexdigest()[:8]}.pt"
        return train(
            lambda rng: CorpusBatches(self.clips, own, self._views, rng),
            path,
            EXPERT_EPOCHS,
            self._seed,
            self._threads,
            plan=EXPERT,
        )

    def measure(self, kind: str, splits: Mapping[str, Split]) -> None:
        """Train networks for each split, keep what their mixture answers to those left out in KIND.npz, and log the
        figures: the mixture's, each network's alone, and how far the gate was open."""
        rows, mixture, general, alone, places, gates = [], [], [], [], [], []
        for name, split in splits.items():
            scored = split.scored
            said = heard_answers(self.general(name, split.learnt), self._heard, scored)
            by_expert, share = said.logits, share_of(said.gates)[:, None]
            if self._of_expert[split.learnt].any():
                by_expert = heard_answers(self.expert(split.learnt), self._heard, scored).logits
            rows.append(scored)
            mixture.append(_pooled(share * by_expert + (1 - share) * said.logits, said.of, scored))
            alone.append(_pooled(by_expert, said.of, scored))
            general.append(_pooled(said.logits, said.of, scored))
            places.append(by_clip(said.places, said.of, scored))
            gates.append(by_clip(said.gates[:, None], said.of, scored)[:, 0])
            logging.info(json.dumps({name: held_out.by_corpus(mixture[-1], self.clips, scored, places[-1])}))
        every, probabilities = np.concatenate(rows), np.concatenate(mixture)
        labels = np.array([self.clips[i].label for i in every], dtype=np.int64)
        corpora = np.array([self.clips[i].corpus for i in every])
        np.savez(self.cache / f"{kind}.npz", rows=every, probabilities=probabilities, labels=labels, corpora=corpora)
        gate, place = np.concatenate(gates), np.concatenate(places)
        figures = {
            kind: held_out.by_corpus(probabilities, self.clips, every, place),
            "general alone": held_out.by_corpus(np.concatenate(general), self.clips, every),
            "expert alone": held_out.by_corpus(np.concatenate(alone), self.clips, every),
            "gate": {str(c): round(float(gate[corpora == c].mean()), 3) for c in np.unique(corpora)},
        }
        logging.info(json.dumps(figures))

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

    def ship(self, net: nn.Module) -> None:
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
        choices=["all", "folds", "without", "everybody", "shipped", "speeds"],
        default="all",
    )
    parser.add_argument("--data", type=Path, metavar="INDEX.csv", help="your own recordings")
    parser.add_argument(
        "--folds", type=int, default=held_out.FOLDS, help="how many of the five folds are trained and scored"
    )
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
    epochs = options.epochs or EPOCHS
    recipe = Recipe(clips, options.cache, epochs, options.seed, options.threads)
    kinds = {"folds": held_out.folds, "without": held_out.without}
    for kind, splits in kinds.items():
        if options.what in ("all", kind):
            chosen = splits(clips)
            recipe.measure(kind, dict(islice(chosen.items(), options.folds if kind == "folds" else len(chosen))))
    if options.what == "speeds":
        speeds.measure(clips, recipe.cache)
    if options.what == "shipped":
        recipe.measure_shipped()
    if options.what in ("all", "everybody"):
        everybody = np.arange(len(clips))
        mixture = MixtureOfExperts(recipe.general("everybody", everybody), recipe.expert(everybody))
        if options.what == "all":
            recipe.ship(mixture)


def _pooled(logits: Floats, of: Rows, rows: Rows) -> Floats:
    """Return the probabilities of clips, [n, classes], as the device pools those of its windows and speeds."""
    said = np.exp(logits - logits.max(1, keepdims=True))
    versions = by_speed(np.asarray(said / said.sum(1, keepdims=True), np.float32), of, rows)
    return np.stack([pooled(list(version)) for version in versions])
