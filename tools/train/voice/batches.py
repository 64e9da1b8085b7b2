"""Training batches: of views of several corpora, evenly drawn, or of one's own recordings, distorted as they go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import torch

from soundit_edge.emotion import EMOTIONS
from tools.train.voice.data import Clip
from tools.train.voice.distort import Distorter
from tools.train.voice.held_out import ALONE, PLACES
from tools.train.voice.sampling import chances, mixed, partners
from tools.train.voice.views import Pictures

BATCH: Final = 32
LEARNT_FRAMES: Final = 131
"""Of the frames of a picture so many are learnt from at a time: two thirds, which take two thirds of the time."""


class Batch(NamedTuple):
    """Pictures [n, 1, frames, bands], class shares [n, classes], which classes could have been said [n, classes]; and
    where the classes are emotions, their places in the plane [n, 2] and which pictures are of the expert's corpus [n].
    """

    x: torch.Tensor
    shares: torch.Tensor
    allowed: torch.Tensor
    places: torch.Tensor | None = None
    experts: torch.Tensor | None = None


class Source(Protocol):
    """Where batches come from."""

    batches: int
    """Of an epoch."""

    def epoch(self) -> Iterator[Batch]:
        """Give one epoch of batches."""


class LiveBatches:
    """Batches of a few recordings, distorted anew each time; all classes equally often."""

    def __init__(self, clips: Sequence[Clip], classes: int, rng: np.random.Generator) -> None:
        """Take the clips, whose labels are positions among `classes`."""
        self.batches = batches_in(clips)
        self._clips, self._classes, self._rng = clips, classes, rng
        self._distorter = Distorter(rng)

    def epoch(self) -> Iterator[Batch]:
        """Give one epoch of batches."""
        labels = np.array([clip.label for clip in self._clips])
        chances = 1 / np.bincount(labels)[labels]
        order = self._rng.choice(len(labels), self.batches * BATCH, p=chances / chances.sum())
        for rows in order.reshape(-1, BATCH):
            x = np.stack([self._distorter.picture(self._clips[i].speech) for i in rows])
            shares = np.eye(self._classes, dtype=np.float32)[labels[rows]]
            x, shares = mixed(x, shares, np.arange(BATCH)[::-1], self._rng)
            yield Batch(_tensor(x), torch.from_numpy(shares), torch.ones(shares.shape, dtype=torch.bool))


def batches_in(clips: Sequence[Clip]) -> int:
    """Return how many batches an epoch has."""
    return max(1, len(clips) // BATCH)


class CorpusBatches:
    """Batches of views that lie ready: by corpus, within it evenly by person, and of each person evenly by class.

    A corpus has a share by the square root of its clips: evenly would be to hear four actors as often as fifty.
    A clip can only be of the classes that its corpus has.
    """

    batches = 50

    def __init__(
        self, clips: Sequence[Clip], rows: npt.NDArray[np.int64], views: Sequence[Pictures], rng: np.random.Generator
    ) -> None:
        """Take the clips and their views, of which only `rows` are learnt from."""
        self._rows, self._views, self._rng = rows, views, rng
        self._labels = np.array([clip.label for clip in clips])
        self._corpora = np.array([clip.corpus for clip in clips])
        self._chances = chances([clips[i] for i in rows])
        self._allowed = np.zeros((len(clips), len(EMOTIONS)), dtype=bool)
        for corpus in np.unique(self._corpora[rows]):
            of_it = self._corpora == corpus
            self._allowed[np.ix_(of_it, np.unique(self._labels[of_it]))] = True
        self._distorter = Distorter(rng)

    def epoch(self) -> Iterator[Batch]:
        """Give one epoch of batches."""
        for _ in range(self.batches):
            rows = self._rng.choice(self._rows, BATCH, p=self._chances)
            rows = rows[np.argsort(self._corpora[rows], kind="stable")]
            which = self._rng.integers(len(self._views), size=BATCH)
            x = np.stack(
                [
                    self._distorter.masked(self._views[view][row].astype(np.float32))
                    for view, row in zip(which, rows, strict=True)
                ]
            )
            shares = np.eye(len(EMOTIONS), dtype=np.float32)[self._labels[rows]]
            start = int(self._rng.integers(x.shape[1] - LEARNT_FRAMES + 1))
            x = x[:, start : start + LEARNT_FRAMES]
            x, shares = mixed(x, shares, partners(self._corpora[rows]), self._rng)
            yield Batch(
                _tensor(x),
                torch.from_numpy(shares),
                torch.from_numpy(self._allowed[rows]),
                torch.from_numpy(shares @ PLACES),
                torch.from_numpy((self._corpora[rows] == ALONE).astype(np.float32)),
            )


def _tensor(pictures: npt.NDArray[np.float32]) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(pictures[:, None]))
