"""A lesson without a clock: countdown, take, what is kept of it and what is said of one that is not."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.emotion import Emotion, one_hot
from soundit_edge.page.teaching.lesson import COUNTDOWN_S, Lesson
from soundit_edge.senses.own.labels import Kind
from soundit_edge.senses.own.observe import Sight
from soundit_edge.senses.own.takes import MAX_TAKES, TakeMoment, no_takes
from tests.fakes.own import features_of, info, recorded

TAKE_S = 3.0
NOBODY = Sight(None, 0, "No face is seen: come into the picture.")


def seen(kind: Kind = "expression") -> Sight:
    return Sight(TakeMoment(features_of(0, np.random.default_rng(0), kind), one_hot(Emotion.NEUTRAL)), 1)


def lesson(kind: Kind = "expression") -> Lesson:
    return Lesson(no_takes(info(kind)), "device", TAKE_S, 0.0)


def perform(given: Lesson, sight: Sight, until: float) -> None:
    """Show the same at ten pictures a second from the beginning on."""
    for i in range(round(until * 10)):
        given.see(sight, i / 10)


def test_a_take_follows_the_countdown_and_is_kept() -> None:
    given = lesson()
    given.begin(1, 0.0)
    assert (given.picture(0.5).stage, given.picture(0.5).left_s) == ("countdown", 2.5)
    perform(given, seen(), 4.0)
    now = given.picture(4.0)
    assert (now.stage, now.label, now.left_s, now.usable, now.frames) == ("recording", 1, 2.0, 10, 10)
    assert given.finished(5.9) is None
    takes = given.finished(6.0)
    assert takes is not None
    assert takes.counts == (0, 1)
    assert given.picture(6.0).stage == "ready"


def test_a_take_in_which_nobody_is_seen_is_not_kept_and_says_why() -> None:
    given = lesson()
    given.begin(0, 0.0)
    perform(given, NOBODY, 6.0)
    assert given.finished(6.0) is None
    assert given.takes.counts == (0, 0)
    assert given.picture(6.0).note == "This take is not kept. No face is seen: come into the picture."


def test_a_camera_that_goes_away_in_a_take_is_said() -> None:
    given = lesson()
    given.begin(0, 0.0)
    perform(given, seen(), COUNTDOWN_S)
    assert given.picture(5.5).hint == "No picture comes from the camera."
    assert given.finished(6.0) is None
    assert given.picture(6.0).note == "This take is not kept. No picture comes from the camera."


def test_what_was_seen_before_the_camera_went_is_kept_where_it_is_enough() -> None:
    given = lesson()
    given.begin(0, 0.0)
    perform(given, seen(), 4.0)
    takes = given.finished(9.0)
    assert takes is not None
    assert len(takes.label) == 10


def test_of_a_gesture_only_moments_count_whose_seconds_lie_in_the_take() -> None:
    given = lesson("gesture")
    given.begin(0, 0.0)
    perform(given, seen("gesture"), 4.3)
    assert given.picture(4.3).usable == 0
    perform(given, seen("gesture"), 6.0)
    takes = given.finished(6.0)
    assert takes is not None
    assert takes.counts == (1, 0)


def test_one_take_at_a_time_of_labels_that_there_are() -> None:
    given = lesson()
    for label in (-1, 2):
        with pytest.raises(InvalidChange, match="no such label"):
            given.begin(label, 0.0)
    given.begin(0, 0.0)
    with pytest.raises(NotNow, match="under way"):
        given.begin(1, 0.0)
    assert given.drop()
    assert not given.drop()
    given.begin(1, 0.0)


def test_a_set_has_only_so_many_takes() -> None:
    given = Lesson(recorded(each=MAX_TAKES // 2, moments=1), "device", TAKE_S, 0.0)
    with pytest.raises(NotNow, match=f"at most {MAX_TAKES} takes"):
        given.begin(0, 0.0)
