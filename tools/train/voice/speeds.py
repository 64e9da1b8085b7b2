"""What speeds beside the speaker's own are worth to networks, on people that none of them heard."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge.errors import SounditError
from tools.train import common
from tools.train.voice import held_out
from tools.train.voice.data import Clip
from tools.train.voice.fit import answers, recall
from tools.train.voice.net import VoiceNet

TRIED: Final = ((), (0.94, 1.06), (0.9, 1.11), (0.9, 0.94, 1.06, 1.11))


def measure(clips: Sequence[Clip], cache: Path) -> None:
    """Log the UAR of each corpus at each set of speeds, by the networks of `folds`, whose checkpoints are in the cache.

    Raises:
        SounditError: they are not.
    """
    for besides in TRIED:
        uars: dict[str, list[float]] = {}
        for name, split in held_out.folds(clips).items():
            if (state := common.load(cache / f"{name}.pt")) is None:
                raise SounditError("run `folds` first: its networks are what is measured")
            net = VoiceNet()
            net.load_state_dict(state["mean"])
            for corpus in sorted({clips[i].corpus for i in split.scored}):
                unheard = [clips[i] for i in split.scored if clips[i].corpus == corpus]
                labels = np.array([clip.label for clip in unheard], dtype=np.int64)
                uars.setdefault(corpus, []).append(recall(answers(net, unheard, besides), labels, set(labels.tolist())))
        means = {corpus: round(float(np.mean(some)), 4) for corpus, some in uars.items()}
        logging.info(json.dumps({"besides": besides, "uar": means}))
