"""Nobody who is scored was learnt from: by person, and by corpus."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.emotion import EMOTIONS
from tools.train.voice import held_out
from tools.train.voice.data import Clip

SILENCE = np.zeros(1, np.float32)


def clips_of(corpora: dict[str, int], labels: int = 5) -> list[Clip]:
    """So many persons of each corpus, with a clip of each of some classes."""
    return [
        Clip(SILENCE, f"{corpus}_{person:02d}", label, corpus)
        for corpus, persons in corpora.items()
        for person in range(persons)
        for label in range(labels)
    ]


def test_each_person_is_left_out_once() -> None:
    clips = clips_of({"a": 20, "b": 4})
    scored: list[int] = []
    for split in held_out.folds(clips).values():
        persons = [{clips[i].speaker for i in rows} for rows in (split.learnt, split.scored)]
        assert not persons[0] & persons[1]
        scored += split.scored.tolist()
    assert sorted(scored) == list(range(len(clips)))


def test_each_corpus_is_left_out_once() -> None:
    clips = clips_of({"a": 3, "b": 4, "ravdess": 2})
    splits = held_out.without(clips)
    assert set(splits) == {"without_a", "without_b", "without_ravdess"}
    for name, split in splits.items():
        assert {clips[i].corpus for i in split.scored} == {name.removeprefix("without_")}
        assert len(split.learnt) + len(split.scored) == len(clips)


def test_only_what_a_corpus_has_may_be_said() -> None:
    clips = clips_of({"a": 2}, labels=4)
    said = np.full((len(clips), len(EMOTIONS)), 0.01, np.float32)
    said[:, 7] = 0.9
    said[np.arange(len(clips)), [clip.label for clip in clips]] = 0.05
    figures = held_out.figures(said, clips)
    assert figures["uar"] == 1.0
    assert figures["classes"] == 4
    assert figures["uar_95"] == [1.0, 1.0]


def test_the_interval_is_of_the_uar() -> None:
    rng = np.random.default_rng(0)
    clips = clips_of({"a": 30})
    said = rng.random((len(clips), len(EMOTIONS)), np.float32)
    figures = held_out.figures(said, clips)
    low, high = figures["uar_95"]
    assert low < figures["uar"] < high
    assert high - low == pytest.approx(0.13, abs=0.07)


def test_each_corpus_counts_as_much_for_the_temperature() -> None:
    file = {
        "probabilities": np.full((110, 8), 1 / 8, np.float32),
        "labels": np.array([0, 1] * 50 + [2, 3] * 5),
        "corpora": np.array(["a"] * 100 + ["b"] * 10),
    }
    said, shares = held_out.evenly([file], count=50)
    assert said.shape == shares.shape == (100, 8)
    assert (shares[:50, 2:] == 0).all()
    assert np.allclose(said[:50, :2], 0.5)
    assert (said[:50, 2:] == 0).all()
