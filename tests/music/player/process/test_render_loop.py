"""The loop of the audio process, with a fake speaker and a fake clock."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.audio.speaker import SpeakerLost
from soundit_edge.music.director.target import NEUTRAL
from soundit_edge.music.morph.deck import Deck, open_track
from soundit_edge.music.morph.deck_protocol import OpenDeck
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.player import commands, statistics
from soundit_edge.music.player.commands import Commands
from soundit_edge.music.player.double_buffer import Reader, Writer, snapshot_bytes
from soundit_edge.music.player.process.render_loop import RenderLoop, Time
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track import Track
from tests.fakes.speaker import FakeSpeaker
from tests.music.signals import sine, track


class Bench:
    """A playback with everything around it."""

    def __init__(
        self, is_clock_source: bool = False, block_s: float = 0.001, before: PlayerStatistics | None = None
    ) -> None:
        self.speaker = FakeSpeaker(is_clock_source)
        self.now = 0.0
        self.slept = 0.0
        self.block_s = block_s  # what rendering takes on the best rung; on each one below two thirds of it
        self.given: list[tuple[int, OpenDeck, None]] = []  # tracks to go over to
        self.rungs: list[QualityLevel] = []
        down = memoryview(bytearray(snapshot_bytes(commands.LENGTH)))
        up = memoryview(bytearray(snapshot_bytes(statistics.LENGTH)))
        self.commands = Writer(down, commands.LENGTH)
        self._told = Reader(up, statistics.LENGTH)
        clock = Time(now=lambda: self.now, cpu=lambda: self.now, sleep=self._sleep)
        self.deck = Deck(short(440.0))
        self.engine = SlowEngine(self)
        self.playback = RenderLoop(
            self.engine,
            self.speaker,
            Reader(down, commands.LENGTH),
            Writer(up, statistics.LENGTH),
            clock,
            0,
            lambda: self.given.pop(0) if self.given else None,
            before,
        )

    def give(self, number: int, track: Track) -> None:
        """Hand a track over, as the parent does."""
        self.given.append((number, open_track(track), None))
        self.commands.write(Commands().to_row())

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds

    def told(self) -> PlayerStatistics:
        newest = self._told.read()
        assert newest is not None
        return PlayerStatistics.from_row(newest[1])

    def after(self, blocks: int) -> bool:
        return self.speaker.count >= blocks * BLOCK


def short(hertz: float) -> Track:
    tone = track(sine(hertz, 1.0), bar_s=0.1)
    return replace(tone, onsets=np.zeros(0, dtype=np.int64))


def make_engine() -> MorphEngine:
    return MorphEngine(Deck(short(440.0)))


class SlowEngine(MorphEngine):
    """Takes its time."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.deck)
        self._bench = bench

    def set_quality(self, level: QualityLevel) -> None:
        super().set_quality(level)
        self._bench.rungs.append(level)

    def render(self, count: int) -> Stereo:
        level = self._bench.rungs[-1] if self._bench.rungs else QualityLevel.FULL
        self._bench.now += self._bench.block_s * (2 / 3) ** level
        return super().render(count)


@pytest.mark.parametrize("seconds", [0.0, 0.001, 1.0, 1.2345])
def test_it_plays_exactly_as_long_as_asked(seconds: float) -> None:
    bench = Bench()
    bench.playback.run(lambda: False, seconds)
    np.testing.assert_array_equal(bench.speaker.played, make_engine().render(round(seconds * RATE)))


def test_a_stop_fades_out() -> None:
    bench = Bench()
    bench.playback.run(lambda: bench.after(50))
    played = bench.speaker.played
    assert 50 * BLOCK < len(played) < 62 * BLOCK
    assert np.abs(played[40 * BLOCK : 50 * BLOCK]).max() > 0.1
    assert np.abs(played[-BLOCK // 2 :]).max() < 1e-3


def test_a_stop_near_the_end_does_not_make_it_longer() -> None:
    bench = Bench()
    bench.playback.run(lambda: bench.after(9), seconds=10 * BLOCK / RATE)
    assert len(bench.speaker.played) == 10 * BLOCK


def test_the_parent_can_command_it_to_stop() -> None:
    bench = Bench()
    bench.commands.write(Commands(stop=True).to_row())
    bench.playback.run(lambda: False)
    assert len(bench.speaker.played) < 20 * BLOCK


def test_the_newest_command_reaches_the_engine() -> None:
    bench = Bench()
    target = replace(NEUTRAL, tempo=1.2, semitones=3.0)
    bench.commands.write(Commands(NEUTRAL, 1.0).to_row())
    bench.commands.write(Commands(target, 0.5).to_row())
    bench.playback.run(lambda: False, 1.0)
    engine = make_engine()
    engine.set(target)
    engine.set_volume(0.5)
    np.testing.assert_array_equal(bench.speaker.played, engine.render(RATE))
    assert bench.told().in_force.tempo == 1.2
    assert bench.told().in_force.semitones == 3.0
    assert bench.told().volume == 0.5


def test_a_file_is_written_at_the_pace_of_music() -> None:
    bench = Bench(block_s=0.001)
    bench.playback.run(lambda: False, 2.0)
    assert bench.now == pytest.approx(2.0, abs=2 * BLOCK / RATE)
    assert bench.told().late == 0


def test_a_speaker_that_keeps_time_is_not_waited_for() -> None:
    bench = Bench(is_clock_source=True)
    bench.playback.run(lambda: False, 2.0)
    assert bench.slept == 0.0


def test_blocks_that_take_too_long_are_counted() -> None:
    bench = Bench(is_clock_source=True, block_s=2.0 * BLOCK / RATE)
    bench.playback.run(lambda: False, 10 * BLOCK / RATE)
    assert bench.told().late == 10
    assert bench.told().busy > 1.0


def test_it_tells_what_it_does() -> None:
    bench = Bench()
    bench.speaker.underruns = 3
    bench.playback.run(lambda: False, 1.0)
    told = bench.told()
    assert told.blocks == np.ceil(RATE / BLOCK)
    assert told.seconds == 1.0
    assert told.underruns == 3
    assert told.bars == pytest.approx(10.0, abs=0.3)
    tone = 0.3 * np.sqrt(1 - 0.08**2)  # and a little reverberation
    assert told.peak_db == pytest.approx(20 * np.log10(tone), abs=1.0)
    assert told.rms_db == pytest.approx(20 * np.log10(tone) - 3.0, abs=1.0)
    assert told.busy == pytest.approx(0.001 / (BLOCK / RATE), rel=0.05)


def test_a_lost_speaker_ends_it() -> None:
    bench = Bench()

    def unplug() -> bool:
        bench.speaker.unplugged = bench.after(5)
        return False

    with pytest.raises(SpeakerLost, match="unplugged"):
        bench.playback.run(unplug)
    assert bench.told().blocks == 5


def test_it_goes_down_the_ladder_when_blocks_are_late_and_climbs_back() -> None:
    bench = Bench(is_clock_source=True, block_s=1.4 * BLOCK / RATE)
    bench.playback.run(lambda: bench.after(400))
    # 1.4 times too slow, then 0.93, then 0.62, which is neither heavy nor easy.
    assert list(dict.fromkeys(bench.rungs)) == [QualityLevel.FULL, QualityLevel.SINGLE_BAND, QualityLevel.NO_ROOM]
    assert bench.told().quality == QualityLevel.NO_ROOM
    late = bench.told().late
    assert 0 < late < 60
    bench.block_s = 0.3 * BLOCK / RATE
    bench.playback.run(lambda: bench.after(2_000))
    assert bench.rungs[-1] == bench.told().quality == QualityLevel.FULL
    assert bench.told().late == late


def test_a_file_is_the_same_whatever_else_the_computer_has_to_do() -> None:
    bench = Bench(is_clock_source=False, block_s=3.0 * BLOCK / RATE)
    bench.playback.run(lambda: False, 1.0)
    assert not bench.rungs
    np.testing.assert_array_equal(bench.speaker.played, make_engine().render(RATE))


def test_how_full_the_speaker_was_is_told_now_and_at_its_least() -> None:
    bench = Bench(is_clock_source=True)

    def drain() -> bool:
        bench.speaker.fill = 0.2 if bench.after(10) and not bench.after(11) else 0.9
        return bench.after(30)

    bench.playback.run(drain)
    assert (bench.told().buffer_fill, bench.told().min_buffer_fill) == (0.9, 0.2)


def test_it_goes_over_to_another_track_and_says_so() -> None:
    bench = Bench()
    other = short(660.0)
    bench.give(7, other)
    bench.playback.run(lambda: bench.after(100))
    assert bench.told().fading
    assert (bench.told().track, bench.told().tracks) == (0, 1)
    bench.playback.run(lambda: bench.after(450))
    told = bench.told()
    assert (told.fading, told.track, told.tracks) == (False, 7, 2)
    assert told.bars == pytest.approx(bench.engine.bars)
    assert [deck.bar for deck in bench.engine.decks] == [None]
    assert isinstance(bench.engine.decks[0], Deck)
    assert bench.engine.decks[0].track is other


def test_going_back_half_way_turns_the_fade_round() -> None:
    bench = Bench()
    bench.give(1, short(660.0))
    bench.playback.run(lambda: bench.after(300))
    assert bench.told().track == 1, "more than half-way"
    # The parent hands the same memory over anew: another object, the same number.
    bench.give(0, short(440.0))
    bench.playback.run(lambda: bench.after(700))
    assert (bench.told().fading, bench.told().track, bench.told().tracks) == (False, 0, 3)
    assert bench.engine.decks == (bench.deck,)


def test_what_another_playback_counted_is_counted_on() -> None:
    before = PlayerStatistics(blocks=100, late=3, seconds=2.0, tracks=4, track=0, min_buffer_fill=0.3)
    bench = Bench(before=before)
    bench.playback.run(lambda: False, 2.0 + 10 * BLOCK / RATE)
    told = bench.told()
    assert (told.blocks, told.late, told.tracks, told.min_buffer_fill) == (110, 3, 4, 0.3)


def test_statistics_survive_the_way_through_shared_memory() -> None:
    target = replace(NEUTRAL, tempo=1.1)
    counts = (
        1,
        2,
        3,
        4.5,
        100.25,
        4.25,
        0.5,
        4,
        0.6,
        -7.0,
        -8.0,
        9.0,
        0.1,
        11.0,
        True,
        2,
        0.5,
        0.25,
        3,
        4,
        True,
        90.0,
        2.0,
        5,
        6,
        3,
        4,
        5,
        1.5,
        7,
    )
    told = PlayerStatistics(*counts, in_force=target)
    assert all(getattr(told, f.name) != f.default for f in fields(told))
    assert PlayerStatistics.from_row(told.to_row()) == told


def test_a_test_tone_is_heard_once_for_each_time_that_it_is_asked_for() -> None:
    bench, blocks = Bench(), 160

    def ask(tones: int) -> None:
        bench.commands.write(Commands(tones=tones).to_row())

    ask(3)  # of an earlier process: they were heard there

    def stopped() -> bool:
        played = len(bench.speaker.played) // BLOCK
        if played == 20:
            ask(4)
        return played >= blocks

    bench.playback.run(stopped)
    with_tone, without = bench.speaker.played[: blocks * BLOCK], make_engine().render(blocks * BLOCK)
    differs = np.flatnonzero(np.abs(with_tone - without).max(axis=1) > 1e-6)
    assert 19 * BLOCK < differs[0] < 22 * BLOCK
    assert differs[-1] - differs[0] < 1.02 * RATE


def test_where_the_music_is_counts_when_it_is_heard() -> None:
    paced = Bench(block_s=0.0)
    paced.playback.run(lambda: False, 1.0)
    told = paced.told()
    assert told.heard_at == paced.now
    behind = told.seconds - paced.now
    assert told.heard_bars == pytest.approx(told.bars - 10 * behind), "a speaker without a clock keeps step with ours"
    assert told.bars_per_s == pytest.approx(10.0)


def test_a_speaker_without_a_clock_that_is_heard_gets_what_the_computer_can_do() -> None:
    """As a device does, and other than a file: rooms that play by our clock hear every late block."""
    bench = Bench(block_s=1.2 * BLOCK / RATE)
    bench.speaker.latency_s = 1.1
    bench.playback.run(lambda: False, 3.0)
    assert max(bench.rungs) > QualityLevel.FULL
    assert bench.now < 3.2


def test_a_computer_that_stood_still_does_not_make_up_for_it_where_it_is_heard() -> None:
    for latency_s, lasts in ((1.1, 5.0), (0.0, 3.0)):
        bench = Bench(block_s=0.0)
        bench.speaker.latency_s = latency_s

        def stand_still(bench: Bench = bench) -> bool:
            bench.now += 2.0 * (bench.speaker.count == 50 * BLOCK)
            return False

        bench.playback.run(stand_still, 3.0)
        assert bench.now == pytest.approx(lasts, abs=0.1)
