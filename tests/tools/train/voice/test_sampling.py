"""What is drawn: no corpus, person or class more often than its share; what is mixed is of one corpus."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.train.voice.data import Clip
from tools.train.voice.sampling import chances, mixed, partners

SILENCE = np.zeros(1, np.float32)
clips = st.builds(
    lambda corpus, person, label: Clip(SILENCE, f"{corpus}_{person}", label, corpus),
    st.sampled_from("abc"),
    st.integers(0, 3),
    st.integers(0, 7),
)


@given(st.lists(clips, min_size=1, max_size=60))
def test_persons_and_their_classes_are_drawn_evenly(some: list[Clip]) -> None:
    drawn = chances(some)
    assert drawn.min() > 0
    assert np.isclose(drawn.sum(), 1)
    persons: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    classes: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    corpora: dict[str, float] = defaultdict(float)
    for clip, chance in zip(some, drawn, strict=True):
        persons[clip.corpus][clip.speaker] += chance
        classes[clip.speaker][clip.label] += chance
        corpora[clip.corpus] += chance
    for shares in [*(list(p.values()) for p in persons.values()), *(list(c.values()) for c in classes.values())]:
        assert np.allclose(shares, shares[0])
    roots = {corpus: np.sqrt(sum(clip.corpus == corpus for clip in some)) for corpus in corpora}
    assert np.allclose([corpora[c] / roots[c] for c in roots], 1 / sum(roots.values()))


@given(st.lists(st.sampled_from(["x", "y", "z"]), min_size=1, max_size=20))
def test_partners_are_of_the_same_corpus(names: list[str]) -> None:
    corpora = np.array(sorted(names))
    other = partners(corpora)
    assert (corpora[other] == corpora).all()
    assert sorted(other) == list(range(len(names)))


@given(st.integers(0, 100))
def test_mixing_keeps_the_sum_of_shares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, shares = rng.random((6, 2, 2), np.float32), np.eye(6, dtype=np.float32)
    both, mixture = mixed(x, shares, np.arange(6)[::-1], rng)
    assert np.allclose(mixture.sum(1), 1)
    assert np.allclose(both.sum(), x.sum(), rtol=1e-4)
