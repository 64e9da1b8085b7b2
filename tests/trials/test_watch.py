"""What is heard of the senses while they read: rows at an even pace, and what they amount to."""

from __future__ import annotations

import pytest

from soundit_edge.emotion import Emotion, Reading, most_likely, one_hot
from soundit_edge.trials.messages import ReadingRow
from soundit_edge.trials.watch import EVERY_S, MOOD, Watch


def read(*emotions: tuple[Emotion, float]) -> tuple[Watch, list[ReadingRow]]:
    """A watch over a face that was read ten times a second, each emotion for so many seconds."""
    rows: list[ReadingRow] = []
    watch, number = Watch(rows.append), 0
    for emotion, seconds in emotions:
        for _ in range(round(10 * seconds)):
            watch.add(Reading("face", number / 10, one_hot(emotion, 0.9), 0.8))
            number += 1
    return watch, rows


def test_rows_come_at_an_even_pace() -> None:
    _, rows = read((Emotion.HAPPY, 10.0))
    for sense in ("face", MOOD):
        moments = [row.t for row in rows if row.sense == sense]
        assert moments == pytest.approx([EVERY_S * k for k in range(20)], abs=0.1)


def test_a_film_of_two_moods_is_mostly_the_one_that_lasts() -> None:
    watch, _ = read((Emotion.HAPPY, 6.0), (Emotion.SAD, 4.0))
    mostly = watch.mostly("face")
    assert mostly is not None
    assert most_likely(mostly) is Emotion.HAPPY
    assert max(mostly) == pytest.approx(0.9125), "and not undecided between both"
    assert watch.held.most_common(1)[0][0] == "happy"


def test_what_was_not_read_is_nothing() -> None:
    watch, _ = read((Emotion.HAPPY, 1.0))
    assert watch.mostly("voice") is None
    watch.add(Reading("voice", 1.0, one_hot(Emotion.SAD), 0.0))
    assert watch.mostly("voice") is None, "nobody trusts it"
