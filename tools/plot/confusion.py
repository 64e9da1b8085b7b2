"""Confusion matrix and reliability of a model's answers as PNG."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tools.evaluate.scoring import Answers, confusion


def save_plots(answers: Answers, folder: Path, stem: str) -> list[Path]:
    """Write FOLDER/STEM_confusion.png and FOLDER/STEM_reliability.png, and return their paths."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    occurring = np.unique(answers.truth)
    counts = confusion(answers)[occurring]
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    many = len(answers.names) > 20
    side = 0.24 * len(answers.names) if many else 6.5
    figure, axes = pyplot.subplots(figsize=(side, side - 1), layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), share in np.ndenumerate(shares):
        if many and share == 0:
            continue
        colour = "white" if share > 0.5 else "black"
        axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=colour, size=7 if many else None)
    axes.set_xticks(range(len(answers.names)), answers.names, rotation=45, ha="right")
    axes.set_yticks(range(len(occurring)), [f"{answers.names[i]} ({(answers.truth == i).sum()})" for i in occurring])
    axes.set(xlabel="said", ylabel="true (samples)", title=f"{stem}: share of each class in %")
    paths = [folder / f"{stem}_confusion.png", folder / f"{stem}_reliability.png"]
    figure.savefig(paths[0], dpi=120)
    pyplot.close(figure)

    spoken = answers.said >= 0
    certainty = answers.probabilities[spoken].max(1)
    right = (answers.said == answers.truth)[spoken]
    place = np.minimum((certainty * 10).astype(np.int64), 9)
    filled = [b for b in range(10) if (place == b).any()]
    figure, axes = pyplot.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--")
    axes.plot([certainty[place == b].mean() for b in filled], [right[place == b].mean() for b in filled], marker="o")
    axes.set(
        xlabel="certainty of the answer",
        ylabel="share that was right",
        xlim=(0, 1),
        ylim=(0, 1),
        title=f"{stem}: reliability",
    )
    figure.savefig(paths[1], dpi=120)
    pyplot.close(figure)
    return paths
