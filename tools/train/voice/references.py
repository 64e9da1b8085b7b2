"""Train what others use, with the same people or corpora left out as ours: a Conv1D on mean MFCC, an LSTM on frames.

Both networks see the active part of each clip as 40 mel-frequency cepstral coefficients (Davis & Mermelstein 1980),
each scaled by its mean and deviation over the people who are learnt from; plain Adam, a fixed number of epochs,
nothing chosen on those left out, no distortions. `--level kept` leaves a clip's level in the coefficients, as the
published programs do, though in RAVDESS the level tells the label; `--level normal` (the default) sets every clip to
one level. Splits that are done are not done again.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from numpy.lib.stride_tricks import sliding_window_view
from scipy.fft import dct
from torch import nn
from tqdm import tqdm

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.emotion import EMOTIONS
from soundit_edge.senses.voice.log_mel import fill
from tools.command import command, tool_parser
from tools.train import common
from tools.train.voice.data import Clip, load
from tools.train.voice.held_out import Split, by_corpus, folds, without

Floats = npt.NDArray[np.float32]

COEFFICIENTS: Final = 40
BANDS: Final = 64
FRAME, HOP = 1024, 512
BATCH: Final = 32
EPOCHS: Final = {"conv1d": 60, "lstm": 40}


class MeanConv1d(nn.Module):
    """Logits [n, 8] for mean coefficients [n, 1, 40]: 261,256 parameters, the number that is published."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Conv1d(1, 128, 5), nn.ReLU(), nn.Dropout(0.1)),
            *(nn.Conv1d(128, 128, 5), nn.ReLU(), nn.Dropout(0.1)),
            *(nn.Conv1d(128, 256, 5), nn.ReLU(), nn.Dropout(0.2), nn.MaxPool1d(4)),
            *(nn.Flatten(), nn.Linear(256 * 7, len(EMOTIONS))),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.layers(x)
        return logits


class FramesLstm(nn.Module):
    """Logits [n, 8] for the coefficients of frames [n, frames, 40]: an LSTM of 128, its last state, a layer of 64."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(COEFFICIENTS, 128, batch_first=True)
        self.head = nn.Sequential(
            *(nn.Dropout(0.3), nn.Linear(128, 64), nn.ReLU()), *(nn.Dropout(0.3), nn.Linear(64, len(EMOTIONS)))
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.lstm(x)[1][0][-1])
        return logits


SPLITS: Final = {"folds": folds, "without": without}
NETS: Final[dict[str, Callable[[], nn.Module]]] = {"conv1d": MeanConv1d, "lstm": FramesLstm}


@cache
def _filters() -> Floats:
    """Return triangular mel bands from 0 to 8,000 Hz: float32 [bins, BANDS]."""
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + SOUND_RATE / 2 / 700), BANDS + 2) / 2595) - 1)
    bins = np.arange(FRAME // 2 + 1)[:, None] * SOUND_RATE / FRAME
    rising, falling = (bins - edges[:-2]) / np.diff(edges)[:-1], (edges[2:] - bins) / np.diff(edges)[1:]
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), dtype=np.float32)


def mfcc(speech: Floats, level: str) -> Floats:
    """Return coefficients of every 32 ms of 2.5 s of speech: float32 [frames, 40]."""
    speech = fill(speech)
    if level == "normal":
        speech = 0.05 * speech / np.sqrt(np.square(speech).mean() + 1e-12)
    frames = sliding_window_view(speech, FRAME)[::HOP] * np.hanning(FRAME).astype(np.float32)
    power = np.abs(np.fft.rfft(frames)) ** 2 @ _filters()
    decibels = np.maximum(10 * np.log10(power + 1e-10), 10 * np.log10(power.max() + 1e-10) - 80)
    return np.asarray(dct(decibels, norm="ortho")[:, :COEFFICIENTS], dtype=np.float32)


def train_and_answer(kind: str, x: Floats, labels: npt.NDArray[np.int64], unseen: Floats, seed: int) -> Floats:
    """Return probabilities [m, 8] for unseen inputs by a network that learnt from `x` [n, ...]."""
    rng = common.prepare_process(seed, 1)
    net = NETS[kind]()
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    for _ in tqdm(range(EPOCHS[kind]), desc=kind, mininterval=10):
        for rows in np.array_split(rng.permutation(len(x)), len(x) // BATCH):
            loss = nn.functional.cross_entropy(net(torch.from_numpy(x[rows])), torch.from_numpy(labels[rows]))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
    net.eval()
    with torch.no_grad():
        return np.asarray(torch.softmax(net(torch.from_numpy(unseen)), -1).numpy(), dtype=np.float32)


def by_splits(
    kind: str, level: str, clips: Sequence[Clip], splits: Mapping[str, Split], cache_folder: Path, seed: int
) -> Floats:
    """Return probabilities [n, 8] of all clips, each by the network of the split that left it out."""
    frames = np.stack([mfcc(clip.speech, level) for clip in tqdm(clips, desc="MFCC", mininterval=10)])
    features = frames if kind == "lstm" else frames.mean(1)[:, None]
    labels = np.array([clip.label for clip in clips], dtype=np.int64)
    probabilities = np.zeros((len(clips), len(EMOTIONS)), np.float32)
    for name, split in splits.items():
        kept = cache_folder / f"voice_{kind}_{level}_{name}_{seed}.npy"
        if not kept.is_file():
            known = features[split.learnt].reshape(-1, COEFFICIENTS)
            scaled = (features - known.mean(0)) / (known.std(0) + 1e-6)
            answers = train_and_answer(kind, scaled[split.learnt], labels[split.learnt], scaled[split.scored], seed)
            partial = kept.with_suffix(".partial")
            with partial.open("wb") as file:
                np.save(file, answers)
            os.replace(partial, kept)
        probabilities[split.scored] = np.load(kept)
    return probabilities


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.voice.references", __doc__)
    parser.add_argument("--data", type=Path, default=common.ROOT / "../shared/data/voice/index.csv")
    parser.add_argument("--splits", choices=list(SPLITS), default="folds", help="by person, or a corpus at a time")
    parser.add_argument("--level", choices=["kept", "normal"], default="normal")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=common.CACHE)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options.cache.mkdir(parents=True, exist_ok=True)
    clips = load(options.data)
    splits, rows = SPLITS[options.splits](clips), np.arange(len(clips))
    for kind, build in NETS.items():
        said = by_splits(kind, options.level, clips, splits, options.cache, options.seed)
        parameters = sum(p.numel() for p in build().parameters())
        figures = by_corpus(said, clips, rows)
        logging.info(json.dumps({"net": kind, "level": options.level, "parameters": parameters, **figures}))


if __name__ == "__main__":
    sys.exit(main())
