"""Faces of the news: a label stands in for votes, and nobody is on both sides."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from soundit_edge.senses.face.expression import FERPLUS, SIDE
from tools.evaluate.face import FER
from tools.train.face.news import HELD, load_news


def test_people_are_learnt_from_or_scored_never_both(tmp_path: Path) -> None:
    people = 3 * HELD
    # Each person twice, told by its grey level.
    levels = np.repeat(np.arange(people), 2)
    encoded = [cv2.imencode(".png", np.full((SIDE, SIDE), 10 + level, np.uint8))[1].ravel() for level in levels]
    names = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    labels = np.resize(np.arange(7), len(levels))
    np.savez(
        tmp_path / "news.npz",
        png=np.concatenate(encoded),
        offset=np.cumsum([0, *(len(e) for e in encoded)]),
        labels=labels.astype(np.uint8),
        class_names=np.array(names),
        subject=np.array([f"p{level:03}" for level in levels]),
    )
    learn, held = load_news(tmp_path / "news.npz")
    assert len(held) == 2 * 3
    assert len(learn) == len(levels) - len(held)
    assert not {int(p[0, 0]) for p in learn.pictures} & {int(p[0, 0]) for p in held.pictures}
    for part in (learn, held):
        assert part.votes.shape == (len(part), len(FERPLUS))
        assert part.votes.sum(1).tolist() == [1.0] * len(part)
        by_votes = [FERPLUS[c] for c in part.votes.argmax(1)]
        assert by_votes == [FERPLUS[c] for c in part.majority] == [FER[c] for c in part.fer]
