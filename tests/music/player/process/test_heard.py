"""When what was rendered is heard, and where the music is then."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.player.process.heard import SOON, WINDOW, HeardTimeline

BLOCK_S = BLOCK / RATE
DECK, OTHER = object(), object()


class Playing:
    """A timeline that is fed block by block, by a speaker whose buffer holds `buffer_s`."""

    def __init__(self, buffer_s: float) -> None:
        self.timeline = HeardTimeline()
        self.buffer_s = buffer_s
        self.played = 0
        self.bars = 0.0

    @property
    def now(self) -> float:
        """The clock: sample 0 is heard at 100 s."""
        return 100.0 + self.played / RATE - self.buffer_s

    def play(self, bars_per_s: float, count: int = 1, deck: object = DECK, late_s: float = 0.0) -> None:
        for _ in range(count):
            self.played += BLOCK
            self.bars += bars_per_s * BLOCK_S
            self.timeline.add(self.played, self.now + self.buffer_s + late_s, self.bars, deck, 4)


@given(
    speeds=st.lists(st.floats(0.1, 2.0), min_size=2, max_size=60),
    buffer_s=st.floats(0.0, 1.5),
    ahead=st.floats(0.0, 1.0),
)
def test_the_place_is_that_of_the_sample_that_is_heard_however_the_tempo_moves(
    speeds: list[float], buffer_s: float, ahead: float
) -> None:
    playing = Playing(buffer_s)
    for speed in speeds:
        playing.play(speed)
    now = playing.now + ahead * BLOCK_S
    place = playing.timeline.at(now)
    ends = BLOCK_S * np.arange(1, len(speeds) + 1)
    bars = np.array([*accumulate(speed * BLOCK_S for speed in speeds)])
    # Before the first block that is known, and behind the last one, the music goes on as it does there.
    heard = place.at - 100.0
    begin = (heard - ends[0]) * speeds[1]
    expected = bars[0] + begin if begin < 0 else np.interp(heard, ends, bars) + max(0, heard - ends[-1]) * speeds[-1]
    assert place.beats == 4
    if now < 100.0 + BLOCK_S - SOON / RATE:
        assert place.bars == pytest.approx(bars[0])
        assert (place.at, place.bars_per_s) == (now, 0.0), "nothing is heard yet"
        return
    assert place.at == pytest.approx(max(now, 100.0 + BLOCK_S))
    assert place.bars == pytest.approx(expected, abs=1e-6)
    assert min(speeds) - 1e-6 <= place.bars_per_s <= max(speeds) + 1e-6


def test_it_forgets_what_was_heard() -> None:
    playing = Playing(buffer_s=0.15)
    for _ in range(10_000):
        playing.play(0.5)
        playing.timeline.at(playing.now)
    assert len(playing.timeline._blocks) < 20


def test_music_that_stands_still_goes_on_when_that_is_heard_and_not_when_it_is_rendered() -> None:
    playing = Playing(buffer_s=0.5)
    playing.play(0.5, 100)
    playing.play(0.0, 100)
    standing = playing.timeline.at(playing.now)
    assert standing.bars == pytest.approx(playing.bars)
    assert standing.bars_per_s == 0.0
    playing.play(0.5, 10)
    assert playing.timeline.at(playing.now).bars_per_s == 0.0, "its sound is half a second away"
    goes_on = 100.0 + 200 * BLOCK_S
    playing.play(0.5, round((goes_on - playing.now - SOON / RATE) / BLOCK_S) + 2)
    place = playing.timeline.at(playing.now)
    assert place.at == pytest.approx(goes_on)
    assert place.bars == pytest.approx(standing.bars)
    assert place.bars_per_s == pytest.approx(0.5)


def test_the_bars_of_two_tracks_are_never_mixed() -> None:
    playing = Playing(buffer_s=0.2)
    playing.play(0.5, 30)
    playing.bars = 0.0
    playing.play(0.25, 1, OTHER)
    speeds = []
    for _ in range(40):
        speeds.append(round(playing.timeline.at(playing.now).bars_per_s, 6))
        playing.play(0.25, 1, OTHER)
    assert set(speeds) == {0.5, 0.25}
    assert speeds == sorted(speeds, reverse=True)


def test_a_busy_processor_moves_nothing_and_a_gap_counts_soon() -> None:
    playing = Playing(buffer_s=0.15)

    def behind_s() -> float:
        """So many seconds lie between what is played and what is heard."""
        now = playing.now
        place = playing.timeline.at(now)
        return (playing.bars - place.bars) / 0.5 + place.at - now

    playing.play(0.5, 200)
    playing.play(0.5, WINDOW // 3, late_s=0.06)  # each was looked at late: the speaker itself was not
    assert behind_s() == pytest.approx(0.15)
    playing.play(0.5, WINDOW, late_s=0.06)  # the buffer ran dry unnoticed
    assert behind_s() == pytest.approx(0.21)
    playing.timeline.reset()
    playing.play(0.5, late_s=0.1)  # ... noticed
    assert behind_s() == pytest.approx(0.25)
