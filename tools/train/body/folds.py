"""The body network's honest figures: leaving one action out, and from one set of recordings to the next."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from soundit_edge.senses.body.motion import Motion
from soundit_edge.senses.body.net import prepare
from soundit_edge.senses.body.qualities import affect_of, calibrated, to_emotions
from soundit_edge.senses.calibration import soften
from tools.data.bodies import BodyClip, motions
from tools.evaluate.body import among
from tools.evaluate.scoring import Answers, score
from tools.models.register import best_temperature
from tools.train.body.fit import CLASSES, Pool, train
from tools.train.body.net import BodyNet

FOLD_ANSWERS = "body_folds.npz"
KINDS = {"byebye": "bye", "dash": "run", "walk-back": "walk", "walk-right": "walk", "walk-turn-left": "walk",
         "walk-turn-right": "walk", "limp+walk": "walk", "limp": "walk", "limp+run+walk": "walk", "run+walk": "run",
         "wave-left-hand": "bye", "wave-right-hand": "bye", "wave-both-hands": "bye"}  # fmt: skip
"""Actions that are much the same: a stricter test leaves all of a kind out."""

Said = list[npt.NDArray[np.float32]]
"""For each clip, what a network says of its windows: [windows, classes + 1], the last column arousal."""


@torch.no_grad()
def answers(net: BodyNet, windows: Sequence[Motion]) -> npt.NDArray[np.float32]:
    """Return what a network says of a clip's windows, as in `Said`."""
    x = torch.from_numpy(np.stack([prepare(motion) for motion in windows]).transpose(0, 3, 1, 2))
    logits = net(x)
    said = torch.cat([torch.softmax(logits[:, :-1], -1), torch.sigmoid(logits[:, -1:])], -1)
    return np.asarray(said.numpy(), dtype=np.float32)


class Judge:
    """Scores held-out answers of the network, of the qualities, which are the device's reading, and of their mean."""

    def __init__(self, clips: Sequence[BodyClip]) -> None:
        self.windows = [list(motions(clip)) for clip in clips]
        self.truth = np.array([CLASSES.index(clip.emotion) for clip in clips], np.int64)

    def report(self, what: str, rows: Sequence[int], said: Said, temperature: float) -> Answers:
        """Log the figures of the clips at `rows`, and return the answers of both."""
        nets = [np.mean([soften(p[:-1], temperature) for p in windows], axis=0) for windows in said]
        by_qualities = [
            np.mean([among(to_emotions(affect_of(calibrated(m))), CLASSES) for m in self.windows[i]], axis=0)
            for i in rows
        ]
        both = [(p + q) / 2 for p, q in zip(nets, by_qualities, strict=True)]
        stirred = np.array([windows[:, -1].mean() for windows in said])
        truth = self.truth[list(rows)]
        answered = {
            by: Answers(CLASSES, truth, np.stack(probabilities).astype(np.float32))
            for by, probabilities in (("network", nets), ("qualities", by_qualities), ("both", both))
        }
        for by, found in answered.items():
            logging.info(json.dumps({"what": what, "by": by, **score(found)}))
        by_class = {c: round(float(stirred[truth == i].mean()), 3) for i, c in enumerate(CLASSES) if (truth == i).any()}
        logging.info(json.dumps({"what": what, "arousal": by_class}))
        return answered["both"]


def folds(pool: Pool, clips: Sequence[BodyClip], cache: Path, steps: int, seed: int) -> None:
    """Train without each action that has all four classes, then on one set only; held-out answers go to the cache."""
    judge = Judge(clips)

    def fitted(rows: Sequence[int], name: str) -> BodyNet:
        return train(pool, clips, np.array(rows), CLASSES, steps, seed, name, checkpoint=cache / f"body_{name}.pt")

    def said(net: BodyNet, rows: Sequence[int]) -> Said:
        return [answers(net, judge.windows[i]) for i in rows]

    first = [i for i, clip in enumerate(clips) if clip.source == "bandai1"]
    labels_of = {a: {clips[i].emotion for i in first if clips[i].action == a} for a in {clips[i].action for i in first}}
    scored = sorted(a for a, labels in labels_of.items() if labels == set(CLASSES))
    held_out = [[i for i in first if clips[i].action == action] for action in scored]
    rows = [i for group in held_out for i in group]
    by_action: Said = []
    by_kind: Said = []
    for action, group in zip(scored, held_out, strict=True):
        net = fitted([i for i, clip in enumerate(clips) if clip.action != action], f"without_{action}")
        by_action += said(net, group)
        kind = KINDS.get(action, action)
        others = [i for i, clip in enumerate(clips) if KINDS.get(clip.action, clip.action) != kind]
        net = fitted(others, f"without_kind_{kind}")
        by_kind += said(net, group)
    windows = np.concatenate(by_action)[:, :-1]
    shares = np.eye(len(CLASSES), dtype=np.float32)[np.repeat(judge.truth[rows], [len(one) for one in by_action])]
    temperature = best_temperature(windows, shares)
    both = judge.report("leave one action out", rows, by_action, temperature)
    # The windows' answers are for the temperature, the clips' for a picture.
    np.savez(cache / FOLD_ANSWERS, probabilities=windows, shares=shares, clips=both.probabilities, truth=both.truth)
    for action, group in zip(scored, held_out, strict=True):
        right = [int(by_action[rows.index(i)][:, :-1].mean(0).argmax() == judge.truth[i]) for i in group]
        logging.info(json.dumps({"held out": action, "n": len(group), "network right": sum(right)}))
    judge.report("leave one kind of action out", rows, by_kind, temperature)
    for source in ("bandai1", "aalto_walk"):
        net = fitted([i for i, clip in enumerate(clips) if clip.source == source], f"only_{source}")
        known = {clip.emotion for clip in clips if clip.source == source}
        for other in sorted({clip.source for clip in clips} - {source}):
            test = [i for i, clip in enumerate(clips) if clip.source == other and clip.emotion in known]
            judge.report(f"from {source} to {other}", test, said(net, test), temperature)
