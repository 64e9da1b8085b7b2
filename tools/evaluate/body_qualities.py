"""What movement qualities alone tell, by logistic regression: the baseline of the body network.

levels    percentiles of the qualities over recorded clips: the knots of soundit_edge/senses/body/qualities.py
actions   angry, happy, sad, neutral on the first Bandai set, leaving one action out; then from each set to the others
actors    kinematic_actors_features.csv.gz, 22 actors, leaving one out: all its features, and those that are qualities
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from scipy.optimize import minimize

from soundit_edge.senses.body.net import LABELS
from soundit_edge.senses.body.qualities import LEVELS, affect_of, calibrated, measure
from tools.command import command, tool_parser
from tools.data.bodies import BodyClip, motions, read
from tools.evaluate.scoring import Answers, score

Table = npt.NDArray[np.float64]

DATA: Final = Path(__file__).resolve().parents[2] / "../shared/data/body"
CLASSES: Final = LABELS[:-1]
QUALITIES: Final = ("quantity", "extent", "verticality", "jerk", "openness")


class Logistic:
    """Multinomial logistic regression over standardised features; those that never vary are left out."""

    def __init__(self, x: Table, y: npt.NDArray[np.int64], classes: int, penalty: float = 1.0) -> None:
        """Fit x [n, d] to y [n], classes 0 to `classes` - 1, each class with the same weight in all.

        Args:
            x, y: what to learn from.
            classes: how many there are.
            penalty: of the squared weights, against the mean loss times n.
        """
        self._mean, deviation = x.mean(0), x.std(0)
        self._scale = np.where(deviation > 1e-9, 1 / np.maximum(deviation, 1e-9), 0.0)
        z = self._standard(x)
        shares = np.eye(classes)[y]
        weight = (1 / np.maximum(shares.sum(0), 1))[y] * len(y) / max(1, len(np.unique(y)))
        size = z.shape[1] * classes

        def loss(flat: Table) -> tuple[float, Table]:
            w = flat.reshape(-1, classes)
            p = _softmax(z @ w)
            free = w.copy()
            free[-1] = 0
            value = -(weight * np.log(np.maximum(p[np.arange(len(y)), y], 1e-12))).sum() + penalty / 2 * (free**2).sum()
            return float(value), (z.T @ (weight[:, None] * (p - shares)) + penalty * free).ravel()

        self._weights = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x.reshape(
            -1, classes
        )

    def __call__(self, x: Table) -> npt.NDArray[np.float32]:
        """Return probabilities [n, classes]."""
        return _softmax(self._standard(x) @ self._weights).astype(np.float32)

    def _standard(self, x: Table) -> Table:
        return np.concatenate([(x - self._mean) * self._scale, np.ones((len(x), 1))], 1)


def _softmax(logits: Table) -> Table:
    weights = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))


def report(**figures: object) -> None:
    """Print one line of JSON."""
    print(json.dumps(figures))


def short(answers: Answers) -> dict[str, object]:
    """Return the figures of a score that fit on a line."""
    whole = score(answers)
    return {key: whole[key] for key in ("n", "accuracy", "accuracy_95", "uar")}


def table_of(clips: list[BodyClip]) -> Table:
    """Return the five qualities as measured, the mean over each clip's windows: [clips, 5]."""
    bar = track(clips, description="measuring", console=Console(stderr=True), transient=True)
    return np.array([np.mean([measure(motion).values() for motion in motions(clip)], axis=0) for clip in bar])


def levels(clips: list[BodyClip]) -> None:
    """Print percentiles over the clips, each set with the same weight."""
    x, sources = table_of(clips), np.array([clip.source for clip in clips])
    rng = np.random.default_rng(0)
    most = max(int((sources == source).sum()) for source in np.unique(sources))
    rows = np.concatenate([rng.choice(np.flatnonzero(sources == source), most) for source in np.unique(sources)])
    for name, column in zip(QUALITIES, x[rows].T, strict=True):
        report(quality=name, knots=[round(float(np.quantile(column, level)), 3) for level in LEVELS])


def actions(clips: list[BodyClip]) -> None:
    """Leave one action out on the first Bandai set, then from set to set."""
    known = [clip for clip in clips if clip.emotion in CLASSES]
    x, truth = table_of(known), np.array([CLASSES.index(clip.emotion) for clip in known])
    source, action = np.array([clip.source for clip in known]), np.array([clip.action for clip in known])
    first = source == "bandai1"
    scored = [a for a in np.unique(action[first]) if len(np.unique(truth[first & (action == a)])) == len(CLASSES)]
    rows = [np.flatnonzero(first & (action == a)) for a in scored]
    said = [
        Logistic(x[first & (action != action[r[0]])], truth[first & (action != action[r[0]])], 4)(x[r]) for r in rows
    ]
    held_out = np.concatenate(rows)
    report(what="qualities, leave one action out", **short(Answers(CLASSES, truth[held_out], np.concatenate(said))))
    for one in ("bandai1", "aalto_walk"):
        model = Logistic(x[source == one], truth[source == one], 4)
        for other in np.unique(source[source != one]):
            test = (source == other) & np.isin(truth, truth[source == one])
            report(what=f"qualities, {one} to {other}", **short(Answers(CLASSES, truth[test], model(x[test]))))
    stirred = np.array([np.mean([affect_of(calibrated(m)).arousal for m in motions(clip)]) for clip in known])
    for one in np.unique(source):
        by_class = {c: stirred[(source == one) & (truth == i)] for i, c in enumerate(CLASSES)}
        report(
            what=f"arousal by qualities, {one}", **{c: round(float(v.mean()), 2) for c, v in by_class.items() if len(v)}
        )


def actors(path: Path) -> None:
    """Leave one actor out on statistics of 22 actors' movement."""
    with gzip.open(path, "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    emotion = np.array([row["emotion"] for row in rows])
    actor = np.array([row["actor_ID"] for row in rows])
    words = {"filename", "actor_ID", "emotion", "gender", "num_frames", "duration"}
    features = [key for key in rows[0] if key not in words]
    x = np.array([[float(row[key]) for key in features] for row in rows])
    everything = np.log1p(np.maximum(x, 0))
    # Quantity, extent and jerk have their like among these statistics; verticality and openness have none.
    column = {kind: x[:, [f.endswith(kind) for f in features]].mean(1) for kind in ("speed_mean", "_range", "acc_mean")}
    speed = np.maximum(column["speed_mean"], 1e-6)
    three = np.log(np.stack([speed, np.maximum(column["_range"], 1e-6), column["acc_mean"] / speed + 1e-6], 1))
    for names in (tuple(np.unique(emotion)), ("Angry", "Happy", "Sad")):
        chosen = np.isin(emotion, names)
        truth = np.array([names.index(e) for e in emotion[chosen]])
        for what, table in (("all statistics", everything), ("quantity, extent, jerk", three)):
            said = leave_one_out(table[chosen], truth, actor[chosen], len(names))
            report(what=f"{what}, leave one actor out", classes=len(names), **short(Answers(names, truth, said)))


def leave_one_out(
    x: Table, truth: npt.NDArray[np.int64], group: npt.NDArray[np.str_], classes: int
) -> npt.NDArray[np.float32]:
    """Return probabilities [n, classes] of each group by a model of the others."""
    said = np.zeros((len(x), classes), np.float32)
    bar = track(np.unique(group), description="fitting", console=Console(stderr=True), transient=True)
    for one in bar:
        out = group == one
        said[out] = Logistic(x[~out], truth[~out], classes, penalty=10.0)(x[out])
    return said


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.body_qualities", __doc__)
    parser.add_argument("what", choices=["levels", "actions", "actors"])
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the three files")
    options = parser.parse_args(arguments)
    if options.what == "actors":
        actors(options.data / "kinematic_actors_features.csv.gz")
        return
    clips = read(options.data / "body_emotion_unified.npz")
    {"levels": levels, "actions": actions}[options.what](clips)


if __name__ == "__main__":
    sys.exit(main())
