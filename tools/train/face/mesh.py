"""What the face mesh knows of an expression, alone and beside the picture.

The device's detector and mesh look at enlarged pictures of FER2013; the 468 points, upright, centred and of one size,
go through a small network that is trained on the FER+ votes as the picture's net is. On the faces of `public_test` that
were found and have a clear majority: the points alone, the shipped net alone, and both, log-linearly pooled. The weight
of the points is chosen on one half of the faces and scored on the other, then the other way round. Meshes are kept in
the cache; finding them takes some minutes, the rest one.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.expression import FERPLUS, MODEL, ExpressionNet
from soundit_edge.senses.face.mesh import LEFT_EYE, RIGHT_EYE, FaceMesh
from tools.command import command, tool_parser
from tools.data.face_geometry import mesh
from tools.evaluate.scoring import wilson
from tools.train import common
from tools.train.face import data as face_data

Array = npt.NDArray[np.float32]

POINTS: Final = 468
BATCH: Final = 128
EPOCHS: Final = 60
WEIGHTS: Final = np.round(np.arange(0, 1.01, 0.05), 2)


def meshes_of(pictures: face_data.Pictures, cache: Path) -> Array:
    """Return the mesh of each picture, [n, 468, 2] in its own pixels; NaN where none is found."""
    if cache.is_file():
        found: Array = np.load(cache)
        if len(found) == len(pictures):
            return found
    detector, landmarks = FaceDetector(), FaceMesh()
    nothing = np.full((POINTS, 2), np.nan, np.float32)
    seen = [mesh(picture, detector, landmarks) for picture in tqdm(pictures, desc="meshes", mininterval=10)]
    found = np.stack([nothing if points is None else points for points in seen])
    cache.parent.mkdir(parents=True, exist_ok=True)
    np.save(cache, found)
    return found


def normalised(points: Array) -> Array:
    """Return meshes [n, 468, 2] with level eyes, about their middle, at a root mean square distance of 1 from it."""
    across = points[:, list(RIGHT_EYE)].mean(1) - points[:, list(LEFT_EYE)].mean(1)
    roll = np.arctan2(across[:, 1], across[:, 0])
    cos, sin = np.cos(roll), np.sin(roll)
    centred = points - points.mean(1, keepdims=True)
    upright = np.einsum("nij,nki->nkj", np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], 1), centred)
    return np.asarray(upright / np.sqrt((upright**2).sum(2).mean(1))[:, None, None], np.float32)


class MeshNet(nn.Module):
    """Logits of the eight FER+ classes for normalised meshes [n, 468, 2]."""

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, mean: Array, deviation: Array) -> None:
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("deviation", torch.from_numpy(deviation))
        self.layers = nn.Sequential(
            nn.Linear(2 * POINTS, 128), nn.ReLU(), nn.Dropout(0.4), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 8)
        )

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.layers(((points - self.mean) / self.deviation).flatten(1))
        return logits


def train(points: Array, votes: Array, rng: np.random.Generator) -> MeshNet:
    """Train a small network on normalised meshes and shares of votes; rare classes are drawn as for the picture."""
    net = MeshNet(points.mean(0), points.std(0) + 1e-3)
    mean = common.Averaged(net, 0.99)
    optimiser = common.optimiser(net, 0.1)
    weights = votes @ (votes.mean(0) ** -0.5)
    steps = len(points) // BATCH
    for step in tqdm(range(EPOCHS * steps), desc="training", mininterval=10):
        rows = rng.choice(len(points), BATCH, p=weights / weights.sum())
        x = points[rows] + rng.normal(0, 0.005, (BATCH, POINTS, 2)).astype(np.float32)
        for group in optimiser.param_groups:
            group["lr"] = common.cosine_rate(step, EPOCHS * steps, 2e-3, steps)
        loss = functional.cross_entropy(net(torch.from_numpy(x)), torch.from_numpy(votes[rows]))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        mean.update(net)
    return mean.net


def figures(scores: Array, true: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Return accuracy and unweighted average recall in percent."""
    right = scores.argmax(1) == true
    return 100 * float(right.mean()), 100 * float(np.mean([right[true == c].mean() for c in np.unique(true)]))


def crossed(picture: Array, points: Array, true: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Return the figures of both together (log-probabilities), each half with the weight that does best on the other.

    Best in the sum of accuracy and recall; of equals, the least.
    """
    half = np.arange(len(true)) % 2 == 0
    together = np.zeros_like(picture)
    for chosen, scored in ((half, ~half), (~half, half)):
        sums = [sum(figures((picture + w * points)[chosen], true[chosen])) for w in WEIGHTS]
        best = float(WEIGHTS[int(np.argmax(sums))])
        logging.info("weight of the points: %.2f", best)
        together[scored] = (picture + best * points)[scored]
    return figures(together, true)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.face.mesh", __doc__)
    parser.add_argument("--data", type=Path, default=common.ROOT / "../shared/data/face/fer2013.npz")
    parser.add_argument("--pictures", type=int, default=4000, help="how many of training")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    rng = common.prepare_process(1, 1)
    learn, watch = face_data.load(options.data)
    some = np.random.default_rng(0).permutation(len(learn))[: options.pictures]
    clear = watch.majority >= 0
    learnt = meshes_of(learn.pictures[some], common.CACHE / "face_meshes_train.npy")
    seen = meshes_of(watch.pictures[clear], common.CACHE / "face_meshes_public_test.npy")
    found, found_seen = ~np.isnan(learnt).any((1, 2)), ~np.isnan(seen).any((1, 2))
    net = train(normalised(learnt[found]), learn.votes[some][found], rng).eval()

    pictures, true = watch.pictures[clear][found_seen], watch.majority[clear][found_seen]
    with torch.no_grad():
        by_points = functional.log_softmax(net(torch.from_numpy(normalised(seen[found_seen]))), -1).numpy()
    shipped = ExpressionNet(ModelSet(default_folder()), MODEL)
    by_picture = np.log(np.maximum(np.stack([shipped.classify(picture) for picture in pictures]), 1e-4))
    rows = {
        "the points alone": figures(by_points, true),
        "the picture alone (the shipped net)": figures(by_picture, true),
        "both": crossed(by_picture, by_points, true),
    }
    print(f"{found.sum()} meshes of {len(some)} pictures to learn from; {len(true)} of {clear.sum()} scored\n")
    print("| | accuracy % | UAR % |\n|---|---|---|")
    for name, (accuracy, recall) in rows.items():
        print(f"| {name} | {accuracy:.1f} | {recall:.1f} |")
    said = by_points.argmax(1)
    recalls = [(FERPLUS[c], 100 * float((said[true == c] == c).mean())) for c in np.unique(true)]
    print("\nrecall of the points alone: " + ", ".join(f"{name} {value:.0f}" for name, value in recalls))
    low, high = wilson(rows["both"][0] / 100, len(true))
    print(f"95 % interval of the accuracy of both: {100 * low:.1f} to {100 * high:.1f}")


if __name__ == "__main__":
    sys.exit(main())
