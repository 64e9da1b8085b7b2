"""How to pool face and voice: learnt weights against the plain average, the shipped rule and the best single sense.

There is no film here with both a face and a voice whose emotion is known, so this is a stated proxy: late fusion of
independently drawn samples. Every recording of an index (of speakers that the voice network never heard) is paired with
some pictures that show the same emotion by FER+ majority; both go through the shipped networks. Weights are learnt on
one half of the speakers and one half of the pictures, and scored on the other halves, both ways round.

Pooled are probabilities over the emotions that both data sets have. "learnt" is log-linear with one weight for each
sense, those of least cross-entropy; "shipped" is soundit_edge/perception/fusion.py with each sense's own trust, a face
counting by its size and expression as if it were surely one and frontal. Twice: pictures as they are, and at 10 pixels
a side, as in the back of a room.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from scipy.optimize import minimize

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.perception.fusion import pool
from soundit_edge.senses.face.expression import SIDE, ExpressionNet, to_emotions
from soundit_edge.senses.face.sense import MIN_EXPRESSION, MIN_TRUST, SIZE_COST
from soundit_edge.senses.voice.sense import VoiceSense
from tools.command import command, tool_parser
from tools.data.voices import CLASSES, read_index, read_sound
from tools.evaluate.face import ferplus_truth
from tools.evaluate.scoring import Answers, score

Floats = npt.NDArray[np.float64]

PAIRS: Final = 5
"""Pictures for each recording."""
SMALL: Final = 10
_MIN_PROBABILITY: Final = 1e-3


@dataclass(frozen=True)
class Said:
    """What one sense said of n samples: probabilities [n, 8], trust [n], the true emotion [n], and each one's half."""

    probabilities: Floats
    trust: Floats
    truth: npt.NDArray[np.int64]
    half: npt.NDArray[np.int64]

    def take(self, rows: npt.NDArray[np.int64]) -> Said:
        return Said(self.probabilities[rows], self.trust[rows], self.truth[rows], self.half[rows])


def hear(index: Path, corpus: str | None, models: ModelSet) -> Said:
    """Return the last reading of each recording, which has heard its whole end; where there is none, it is left out.

    Raises:
        SounditError: the index or a recording cannot be read.
    """
    rows = [row for row in read_index(index, corpus) if row["emotion"] in CLASSES]
    speakers = sorted({row["speaker"] for row in rows})
    found = []
    for row in track(rows, description="voices", console=Console(stderr=True), transient=True):
        samples = read_sound(index.parent / row["path"])
        reading = VoiceSense(models).read(Sound(-len(samples) / SOUND_RATE, samples))
        if reading is not None:
            half = speakers.index(row["speaker"]) % 2
            found.append((reading.probabilities, reading.trust, CLASSES[row["emotion"]], half))
    return _said(found, index)


def see(data: Path, split: str, models: ModelSet, side: int | None) -> Said:
    """Return the expression of each picture of a split with a clear FER+ majority, perhaps shrunk to `side` pixels.

    Raises:
        SounditError: the pictures cannot be read.
    """
    net = ExpressionNet(models)
    try:
        with np.load(data) as archive:
            png, offset = archive["png"], archive["offset"]
            truth = ferplus_truth(dict(archive), list(net.labels))
            rows = np.flatnonzero((truth >= 0) & (archive["split"] == split))
    except (OSError, KeyError, ValueError) as error:
        raise SounditError(f"{data}: cannot be read ({error})") from error
    found = []
    for i in track(rows, description="faces", console=Console(stderr=True), transient=True):
        grey = cv2.imdecode(png[offset[i] : offset[i + 1]], cv2.IMREAD_GRAYSCALE)
        if side is not None:
            grey = cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA)
        probabilities = to_emotions(net.classify(np.asarray(grey, np.uint8)))
        size = 1 - SIZE_COST * math.log2(SIDE / side) if side is not None else 1.0
        expressed = 1 - probabilities[EMOTIONS.index(Emotion.NEUTRAL)]
        named = np.eye(len(net.labels), dtype=np.float32)[truth[i]]
        true = int(np.argmax(to_emotions(named)))
        # Two pictures of one person may be neighbours: halves of the whole row, not every other one.
        trust = max(MIN_TRUST, size) * max(MIN_EXPRESSION, expressed)
        found.append((probabilities, trust, true, int(i > rows[len(rows) // 2])))
    return _said(found, data)


def _said(found: list[tuple[tuple[float, ...], float, int, int]], data: Path) -> Said:
    if not found:
        raise SounditError(f"{data}: no sample of a known emotion is left")
    probabilities, trust, truth, half = zip(*found, strict=True)
    return Said(np.array(probabilities), np.array(trust), np.array(truth), np.array(half))


def pairs(voice: Said, face: Said, half: int, rng: np.random.Generator) -> tuple[Said, Said]:
    """Return recordings of one half, each `PAIRS` times, beside pictures of the same emotion and half."""
    heard, seen = [], []
    for i in np.flatnonzero(voice.half == half):
        same = np.flatnonzero((face.truth == voice.truth[i]) & (face.half == half))
        if len(same):
            heard += [i] * PAIRS
            seen += list(rng.choice(same, PAIRS))
    return voice.take(np.array(heard)), face.take(np.array(seen))


def log_linear(weights: Floats, voice: Said, face: Said, among: npt.NDArray[np.int64]) -> Floats:
    """Return both senses' probabilities to the power of their weights (face, voice), over the emotions `among`."""
    senses = zip(weights, (face, voice), strict=True)
    logits = sum(w * np.log(np.maximum(said.probabilities[:, among], _MIN_PROBABILITY)) for w, said in senses)
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))


def cross_entropy(probabilities: Floats, truth: npt.NDArray[np.int64]) -> float:
    """Return the cross-entropy in nats; `truth` holds columns of `probabilities`."""
    return float(-np.log(np.maximum(probabilities[np.arange(len(truth)), truth], _MIN_PROBABILITY)).mean())


def learn(voice: Said, face: Said, among: npt.NDArray[np.int64]) -> Floats:
    """Return the weights of face and voice of least cross-entropy, each class weighing the same."""
    truth = np.searchsorted(among, voice.truth)
    share = 1 / np.bincount(truth, minlength=len(among))[truth]

    def loss(weights: Floats) -> float:
        said = log_linear(weights, voice, face, among)[np.arange(len(truth)), truth]
        return float(-(share * np.log(np.maximum(said, _MIN_PROBABILITY))).sum() / share.sum())

    return np.asarray(minimize(loss, np.ones(2), bounds=[(0, 5)] * 2).x)


def normal(probabilities: Floats, among: npt.NDArray[np.int64]) -> Floats:
    """Return the probabilities of the emotions `among`, scaled to sum to one."""
    some = np.maximum(probabilities[:, among], 1e-9)
    return np.asarray(some / some.sum(1, keepdims=True))


def shipped(voice: Said, face: Said) -> Floats:
    """Return what the device makes of each pair."""
    rows = range(len(voice.truth))
    return np.array(
        [
            pool(
                {name: (tuple(s.probabilities[i]), float(s.trust[i])) for name, s in (("face", face), ("voice", voice))}
            )
            for i in rows
        ]
    )


def compare(voice: Said, face: Said, rng: np.random.Generator) -> tuple[dict[str, Answers], list[Floats]]:
    """Return each way of pooling's answers to the pairs of both halves, and the weights that the other half taught."""
    among = np.intersect1d(voice.truth, face.truth)
    names = [str(EMOTIONS[c]) for c in among]
    halves = [pairs(voice, face, half, rng) for half in (0, 1)]
    weights = [learn(*halves[1 - half], among) for half in (0, 1)]
    ways: dict[str, Callable[[int, Said, Said], Floats]] = {
        "face alone": lambda _, v, f: normal(f.probabilities, among),
        "voice alone": lambda _, v, f: normal(v.probabilities, among),
        "plain average": lambda _, v, f: normal(f.probabilities + v.probabilities, among),
        "product, weights 1": lambda _, v, f: log_linear(np.ones(2), v, f, among),
        "shipped: trust by rule": lambda _, v, f: normal(shipped(v, f), among),
        "learnt weights": lambda half, v, f: log_linear(weights[half], v, f, among),
    }
    truth = np.searchsorted(among, np.concatenate([v.truth for v, _ in halves]))
    answers = {
        name: Answers(names, truth, np.concatenate([way(i, *halves[i]) for i in (0, 1)]).astype(np.float32))
        for name, way in ways.items()
    }
    return answers, weights


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.fusion", __doc__)
    parser.add_argument("faces", type=Path, help="an .npz of pictures with FER+ votes")
    parser.add_argument("voices", type=Path, help="an index.csv of recordings")
    parser.add_argument("--split", default="public_test", help="of the pictures")
    parser.add_argument("--corpus", default="emodb", help="of the recordings")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    models = ModelSet(default_folder())
    voice = hear(options.voices, options.corpus, models)
    for side, what in ((None, "pictures as they are"), (SMALL, f"pictures at {SMALL} pixels a side")):
        face = see(options.faces, options.split, models, side)
        answers, weights = compare(voice, face, np.random.default_rng(options.seed))
        learnt = ", ".join(f"{w[0]:.2f} and {w[1]:.2f}" for w in weights)
        print(f"\n{what}; learnt weights of face and voice, on either half: {learnt}\n")
        print("| | accuracy % | UAR % | cross-entropy | calibration error % |\n|---|---|---|---|---|")
        for name, said in answers.items():
            figures = score(said)
            entropy = cross_entropy(said.probabilities.astype(np.float64), said.truth)
            accuracy, uar, error = (100 * figures[k] for k in ("accuracy", "uar", "calibration_error"))
            print(f"| {name} | {accuracy:.1f} | {uar:.1f} | {entropy:.3f} | {error:.1f} |")
        print(f"\n{len(said.truth)} pairs of {len(voice.truth)} recordings and {len(face.truth)} pictures")


if __name__ == "__main__":
    sys.exit(main())
