"""How well single words of half a second are heard, and several of them joined over a turn, by people left out.

The recordings of those whom the networks of `python -m tools.train.voice folds` never heard are cut into pieces of half
a second; quiet ones are left out. Shown is the UAR of each corpus over its classes for one piece, and for the mean of
the first two and four of a recording, as the mood joins them.
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

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.errors import SounditError
from soundit_edge.senses.calibration import pooled
from soundit_edge.senses.voice.log_mel import fill, log_mel
from soundit_edge.senses.voice.sense import versions
from tools.command import command, tool_parser
from tools.evaluate.scoring import score
from tools.train import common
from tools.train.voice import held_out
from tools.train.voice.data import Clip, load
from tools.train.voice.net import VoiceNet

Samples = npt.NDArray[np.float32]

PIECE: Final = SOUND_RATE // 2
QUIETER_DB: Final = 12
TURNS: Final = (1, 2, 4)


def pieces(speech: Samples) -> list[Samples]:
    """Return the pieces of half a second that are not much quieter than the loudest."""
    cuts = [speech[start : start + PIECE] for start in range(0, len(speech) - PIECE + 1, PIECE)]
    levels = [10 * np.log10(np.square(cut).mean() + 1e-12) for cut in cuts]
    return [cut for cut, level in zip(cuts, levels, strict=True) if level > max(levels) - QUIETER_DB]


@torch.no_grad()
def answer(net: VoiceNet, piece: Samples) -> npt.NDArray[np.float32]:
    """Return the probabilities [8] of one piece, at the device's three speeds."""
    x = np.stack([log_mel(fill(version)) for version in versions(piece)])[:, None]
    return pooled(list(torch.softmax(net(torch.from_numpy(x)), -1).numpy()))


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.train.voice.words", __doc__)
    parser.add_argument("--data", type=Path, default=common.ROOT / "../shared/data/voice/index.csv")
    parser.add_argument("--cache", type=Path, default=common.CACHE / "voice_seed1")
    parser.add_argument("--clips", type=int, default=300, help="at most so many of each corpus, by chance")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    clips = load(options.data)
    rng = np.random.default_rng(0)
    chosen = {
        int(i)
        for corpus in {clip.corpus for clip in clips}
        for i in rng.permutation([n for n, clip in enumerate(clips) if clip.corpus == corpus])[: options.clips]
    }
    heard: list[tuple[Clip, npt.NDArray[np.float32]]] = []
    for name, split in held_out.folds(clips).items():
        if (state := common.load(options.cache / f"{name}.pt")) is None:
            raise SounditError("run `python -m tools.train.voice folds` first: its networks are what is measured")
        net = VoiceNet()
        net.load_state_dict(state["mean"])
        net.eval()
        heard += [
            (clips[i], np.stack([answer(net, cut) for cut in cuts]))
            for i in split.scored
            if i in chosen and (cuts := pieces(clips[i].speech))
        ]
    for corpus in sorted({clip.corpus for clip, _ in heard}):
        own = [(clip.label, said) for clip, said in heard if clip.corpus == corpus]
        labels = np.array([label for label, _ in own])
        uars = [
            score(held_out.answers_among(np.stack([said[:turn].mean(0) for _, said in own]), labels))["uar"]
            for turn in TURNS
        ]
        shown = ", ".join(f"{turn}: {100 * uar:.1f} %" for turn, uar in zip(TURNS, uars, strict=True))
        print(f"{corpus}, {len(own)} recordings, UAR by pieces of half a second: {shown}")


if __name__ == "__main__":
    sys.exit(main())
