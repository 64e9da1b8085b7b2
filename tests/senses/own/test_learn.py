"""A head is learnt from a few takes, judged by takes that it never saw, and keeps out where it knows nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS, Emotion, most_likely, one_hot
from soundit_edge.senses.own.features import SIZES
from soundit_edge.senses.own.fit import balanced, logistic
from soundit_edge.senses.own.head import Head, softmax, with_constant
from soundit_edge.senses.own.labels import OwnLabel
from soundit_edge.senses.own.learn import TooLittle, learn
from soundit_edge.senses.own.report import wilson
from soundit_edge.senses.own.takes import TakeMoment, Takes, no_takes
from tests.fakes.own import LABELS, features_of, info, recorded

NEUTRAL = one_hot(Emotion.NEUTRAL)


@pytest.fixture(scope="module")
def head() -> Head:
    return learn(recorded())[0]


def test_what_was_taught_is_named_and_counts(head: Head) -> None:
    rng = np.random.default_rng(7)
    for label, taught in enumerate(LABELS):
        answer = head.read(features_of(label, rng))
        assert answer.best == label
        assert most_likely(head.joined(answer, NEUTRAL)) is taught.emotion


def test_the_report_counts_takes_that_were_not_learnt_from() -> None:
    report = learn(recorded(each=4))[1]
    assert (report.takes, report.right, report.shipped_right) == (8, 8, 0)
    assert report.confusion == ((4, 0), (0, 4))
    assert (report.low, report.high) == pytest.approx(wilson(1.0, 8))
    assert report.alike == ()
    assert report.certain


def test_a_stranger_is_left_to_the_shipped_model_to_the_last_bit(head: Head) -> None:
    rng = np.random.default_rng(3)
    for label in range(2):
        answer = head.read(features_of(label, rng, person=2.0))
        assert answer.familiarity == 0
        assert head.joined(answer, NEUTRAL) == pytest.approx(NEUTRAL, abs=1e-12)


def test_labels_that_look_alike_are_said_to_and_never_sure() -> None:
    rng = np.random.default_rng(1)
    takes = no_takes(info())
    for number in range(12):
        moments = [TakeMoment(features_of(0, rng), NEUTRAL) for _ in range(6)]
        takes = takes.with_take(number % 2, moments)
    head, report = learn(takes)
    assert report.alike == (("smirk", "beam"),)
    assert not report.certain
    answers = [head.read(features_of(0, rng)) for _ in range(20)]
    assert np.mean([answer.weight for answer in answers]) < 0.3


@pytest.mark.parametrize("each", [0, 1])
def test_fewer_than_two_takes_of_a_label_are_refused_in_words(each: int) -> None:
    with pytest.raises(TooLittle, match=f"Record {2 - each} more takes? of .smirk. first"):
        learn(recorded(each=each))


def test_progress_is_told_and_ends_at_the_whole() -> None:
    shares: list[float] = []
    learn(recorded(), shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_as_many_takes_as_a_set_may_have_are_learnt() -> None:
    report = learn(recorded(each=60, moments=2))[1]
    assert report.right == report.takes == 120


def test_five_gestures_are_told_apart() -> None:
    labels = tuple(OwnLabel(name=f"g{i}", emotion=EMOTIONS[i]) for i in range(5))
    head, report = learn(recorded(each=3, kind="gesture", labels=labels))
    assert report.right == report.takes == 15
    assert head.read(features_of(4, np.random.default_rng(5), "gesture")).best == 4


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_features_that_are_no_numbers_count_for_nothing(head: Head, bad: float) -> None:
    features = np.zeros(SIZES["expression"], np.float32)
    features[3] = bad
    assert head.read(features).weight == 0
    assert head.read(np.zeros(3, np.float32)).weight == 0


@given(st.lists(st.floats(-1e3, 1e3), min_size=8, max_size=8), st.integers(0, 2**32 - 1))
def test_an_answer_is_always_a_distribution(head: Head, shipped: list[float], seed: int) -> None:
    weights = np.abs(shipped) + 1e-3
    said = tuple((weights / weights.sum()).tolist())
    features = np.random.default_rng(seed).normal(0, 10, SIZES["expression"]).astype(np.float32)
    joined = head.joined(head.read(features), said)
    assert sum(joined) == pytest.approx(1)
    assert min(joined) >= 0


def test_takes_count_the_same_however_many_moments_they_have() -> None:
    label, take = np.array([0, 0, 0, 0, 1]), np.array([0, 0, 0, 1, 2])
    assert balanced(label, take) == pytest.approx([1 / 12, 1 / 12, 1 / 12, 1 / 4, 1 / 2])


def test_the_fit_is_at_its_minimum() -> None:
    rng = np.random.default_rng(0)
    x, label = rng.normal(size=(60, 3)), rng.integers(0, 3, 60)
    weights = np.full(60, 1 / 60)
    fitted = logistic(x, label, weights, 3)

    def loss(at: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
        said = softmax(with_constant(x) @ at)[np.arange(60), label]
        return float(-weights @ np.log(said) + 0.01 * np.square(at[:-1]).sum())

    best = loss(fitted)
    for _ in range(50):
        assert loss(fitted + 0.05 * rng.normal(size=fitted.shape)) > best


def test_nothing_that_moves_in_no_take_decides() -> None:
    takes = recorded()
    still = Takes(takes.info, np.zeros_like(takes.features), takes.shipped, takes.label, takes.take)
    head, report = learn(still)
    assert not report.certain
    assert max(head.read(np.zeros(SIZES["expression"], np.float32)).probabilities) == pytest.approx(0.5, abs=1e-6)


def test_why_a_head_is_of_no_use() -> None:
    report = learn(recorded(each=4))[1]
    assert report.doubt() == ""
    assert "guessing" in report.model_copy(update={"certain": False}).doubt()
    alike = report.model_copy(update={"alike": (("smirk", "beam"),)})
    assert alike.doubt().startswith("“smirk” and “beam” are not told apart")
