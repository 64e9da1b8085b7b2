"""What the expression network is taught: which pictures are drawn, how distorted, and what each is said to show."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from tqdm import tqdm

from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.face.expression import MODEL, TWIN, both_ways, prepare
from tools.evaluate.face import FER
from tools.train.face.data import Faces, chances_of
from tools.train.face.distort import distorted
from tools.train.face.targets import Targets

BATCH: Final = 64
MIX_UP: Final = 0.4


class Batch(NamedTuple):
    """Distorted pictures [64, 1, 48, 48], shares of the FER+ classes [64, 8] and of the FER classes [64, 7].

    Attributes:
        rows: which pictures they are; None where they are mixed.
    """

    x: torch.Tensor
    votes: torch.Tensor
    fer: torch.Tensor
    rows: npt.NDArray[np.int64] | None


class Lessons:
    """What the two heads are taught about each picture."""

    def __init__(self, faces: Faces, balance: float, taught: bool) -> None:
        """Take the pictures to learn from; see `Targets` for `taught`, `chances_of` for `balance`."""
        self.faces = faces
        self.votes = Targets(faces.votes, taught)
        self.fer = Targets(np.eye(len(FER), dtype=np.float32)[faces.fer], taught)
        self._chances = chances_of(faces.votes, balance)

    def epoch(self, done: float, rng: np.random.Generator) -> Iterator[Batch]:
        """Give the batches of an epoch, `done` (0 to 1) of the way through the training."""
        order = rng.choice(len(self.faces), self.batches * BATCH, p=self._chances)
        for rows in order.reshape(-1, BATCH):
            x = np.stack([distorted(self.faces.pictures[i], rng) for i in rows])[:, None]
            votes, fer = self.votes.of(rows, done), self.fer.of(rows, done)
            mixed = rng.random() < 0.5
            if mixed:
                share = np.float32(rng.beta(MIX_UP, MIX_UP))
                x, votes, fer = (share * y + (1 - share) * y[::-1] for y in (x, votes, fer))
            yield Batch(torch.from_numpy(x), torch.from_numpy(votes), torch.from_numpy(fer), None if mixed else rows)

    @property
    def batches(self) -> int:
        """How many an epoch has."""
        return len(self.faces) // BATCH

    def remember(self, rows: npt.NDArray[np.int64], by_votes: torch.Tensor, by_fer: torch.Tensor) -> None:
        """Take in the network's logits for those pictures."""
        self.votes.remember(rows, by_votes.detach().softmax(1).numpy())
        self.fer.remember(rows, by_fer.detach().softmax(1).numpy())

    def teach(self, model_set: ModelSet) -> None:
        """Have the shipped networks' answers correct the labels from the beginning."""
        for name, targets in ((MODEL, self.votes), (TWIN, self.fer)):
            model = model_set.load(name)
            pictures = tqdm(self.faces.pictures, desc=f"{name} answers", mininterval=10)
            targets.answers = np.stack([both_ways(model, prepare(picture)) for picture in pictures])

    def save(self, path: Path) -> None:
        """Keep the answers, beside a checkpoint."""
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, votes=self.votes.answers, fer=self.fer.answers)
        os.replace(partial, path)

    def load(self, path: Path) -> None:
        """Bring the answers back."""
        with np.load(path) as kept:
            self.votes.answers, self.fer.answers = kept["votes"], kept["fer"]
