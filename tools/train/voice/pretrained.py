"""What features that others learnt are worth: a frozen speaker encoder and a linear head, on the same splits as ours.

The encoder is Resemblyzer's (0.1.4, Apache-2.0; Wan et al. 2018, learnt from thousands of speakers): three LSTMs of 256
over 40 mel bands every 10 ms, 1.4 M parameters, 17 MB, which its package brings. Packages of YAMNet, VGGish and PANNs
bring none and would fetch them. Of each clip's active part the mean and the spread of its last layer over time are
taken, and its embedding; a multinomial logistic regression is fitted to them, each clip weighted as our own network's
batches draw it.

    pip download --no-deps Resemblyzer==0.1.4
    python -m tools.train.voice.pretrained Resemblyzer-0.1.4-py3-none-any.whl
"""

from __future__ import annotations

import io
import json
import logging
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch import nn
from tqdm import tqdm

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.emotion import EMOTIONS
from soundit_edge.errors import SounditError
from tools.command import command, tool_parser
from tools.train import common
from tools.train.voice.data import Clip, load
from tools.train.voice.held_out import Split, by_corpus, folds, without
from tools.train.voice.sampling import chances

Floats = npt.NDArray[np.float32]

FRAME, HOP, BANDS = 400, 160, 40
LEVEL: Final = 10 ** (-30 / 20)
SHRINK: Final = 1e-4
"""On the squares of the head's weights."""


class Encoder(nn.Module):
    """Mel frames [1, n, 40] to 768 features of the whole."""

    def __init__(self, wheel: Path) -> None:
        """Read the weights from the package.

        Raises:
            SounditError: it cannot be read.
        """
        super().__init__()
        self.lstm = nn.LSTM(BANDS, 256, 3, batch_first=True)
        self.linear = nn.Linear(256, 256)
        try:
            with zipfile.ZipFile(wheel) as package:
                state = torch.load(io.BytesIO(package.read("resemblyzer/pretrained.pt")), map_location="cpu")
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            raise SounditError(f"{wheel}: not Resemblyzer's wheel ({error})") from error
        self.load_state_dict(state["model_state"], strict=False)

    def forward(self, mels: torch.Tensor) -> torch.Tensor:
        each, (last, _) = self.lstm(mels)
        embedding = torch.relu(self.linear(last[-1]))
        embedding = embedding / embedding.norm(dim=1, keepdim=True)
        return torch.cat([each.mean(1), each.std(1), embedding], 1)


def mel_frames(speech: Floats) -> Floats:
    """Return what the encoder hears of speech at -30 dB: power in Slaney's bands, [frames, 40]."""
    speech = speech * np.float32(LEVEL / np.sqrt(np.square(speech).mean() + 1e-12))
    padded = np.pad(speech, FRAME // 2)
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    spectrum = np.fft.rfft(sliding_window_view(padded, FRAME)[::HOP] * window)
    return np.asarray((np.abs(spectrum) ** 2) @ _slaney(), dtype=np.float32)


def _slaney() -> npt.NDArray[np.float64]:
    """Return bands linear up to 1 kHz and logarithmic above, of equal area in hertz: [bins, 40] from 0 to 8 kHz."""
    top = 15 + np.log(SOUND_RATE / 2 / 1000) / (np.log(6.4) / 27)
    mels = np.linspace(0, top, BANDS + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))
    bins = np.fft.rfftfreq(FRAME, 1 / SOUND_RATE)[:, None]
    rising, falling = (bins - edges[:-2]) / np.diff(edges)[:-1], (edges[2:] - bins) / np.diff(edges)[1:]
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * 2 / (edges[2:] - edges[:-2]))


@torch.no_grad()
def features(clips: Sequence[Clip], encoder: Encoder) -> Floats:
    """Return the features of clips, [n, 768]."""
    encoder.eval()
    heard = tqdm(clips, desc="features", mininterval=10)
    return np.concatenate([encoder(torch.from_numpy(mel_frames(clip.speech)[None])).numpy() for clip in heard])


def head_answers(x: Floats, clips: Sequence[Clip], split: Split) -> Floats:
    """Return probabilities [m, 8] of those left out by a linear head fitted to the others."""
    known = x[split.learnt]
    scaled = torch.from_numpy((x - known.mean(0)) / (known.std(0) + 1e-6))
    learnt, labels = scaled[split.learnt], torch.tensor([clips[i].label for i in split.learnt])
    weights = torch.from_numpy(chances([clips[i] for i in split.learnt])).float()
    head = nn.Linear(x.shape[1], len(EMOTIONS))
    nn.init.zeros_(head.weight)
    steps = torch.optim.LBFGS(head.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        steps.zero_grad()
        errors = nn.functional.cross_entropy(head(learnt), labels, reduction="none")
        total: torch.Tensor = (weights * errors).sum() + SHRINK * head.weight.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    steps.step(loss)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        return np.asarray(torch.softmax(head(scaled[split.scored]), -1).numpy(), dtype=np.float32)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.voice.pretrained", __doc__)
    parser.add_argument("wheel", type=Path, help="Resemblyzer's package")
    parser.add_argument("--data", type=Path, default=common.ROOT / "../shared/data/voice/index.csv")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    clips = load(options.data)
    x = features(clips, Encoder(options.wheel))
    for kind, splits in {"folds": folds(clips), "without": without(clips)}.items():
        said = np.zeros((len(clips), len(EMOTIONS)), np.float32)
        for split in splits.values():
            said[split.scored] = head_answers(x, clips, split)
        logging.info(json.dumps({kind: by_corpus(said, clips, np.arange(len(clips)))}))


if __name__ == "__main__":
    sys.exit(main())
