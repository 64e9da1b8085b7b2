"""A mood that somebody asks for, and a pause: what the music does meanwhile, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.patch import patch_of
from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.music.source import ComposedSource, ThemeSource
from tests.daemon.bench import Bench

PAGE = Actor(Kind.PAGE, Role.OPERATOR)
SCHEDULE = Actor(Kind.SCHEDULE, Role.OPERATOR, "evenings")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A happy room, which the music follows."""
    made = Bench(tmp_path / "settings.toml")
    made.emotion = Emotion.HAPPY
    made.run(20.0)
    return made


async def test_an_asked_mood_is_played_as_if_the_room_felt_it_and_ends_by_itself(bench: Bench) -> None:
    happy = bench.player.target
    await bench.controller.change(patch_of({"mood": {"emotion": "sad", "minutes": 60}}), PAGE)
    bench.run(60.0)
    status = bench.controller.status()
    assert (status.mood.emotion, status.mood.confidence) == (Emotion.HAPPY, 1.0), "the room is shown as it is"
    assert status.override is not None
    assert status.override.emotion is Emotion.SAD
    assert status.override.until_s == pytest.approx(bench.clock.now() - 60.0 + 3_600.0, abs=0.2)
    assert bench.player.target.tempo < 1.0 < happy.tempo
    assert (bench.player.brief.emotion, bench.player.brief.affect) == (Emotion.SAD, AFFECT[Emotion.SAD])
    assert bench.playback.reasons[0].words.startswith("you asked for sad, for an hour: tempo down")
    bench.clock.advance(3_541.0)
    bench.run(60.0)
    assert bench.controller.status().override is None
    assert bench.playback.reasons[0].words.startswith("your hour of sad is over: tempo up")
    assert bench.player.target.tempo == pytest.approx(happy.tempo, abs=0.005)


@pytest.mark.parametrize(
    ("minutes", "asked", "over"),
    [
        (1, "for a minute", "minute of calm is over"),
        (30, "for half an hour", "half hour of calm is over"),
        (45, "for 45 minutes", "45 minutes of calm are over"),
        (120, "for 2 hours", "2 hours of calm are over"),
    ],
)
async def test_times_are_told_in_words(bench: Bench, minutes: int, asked: str, over: str) -> None:
    await bench.controller.change(patch_of({"mood": {"emotion": "calm", "minutes": minutes}}), SCHEDULE)
    bench.run(1.0)
    assert bench.playback.reasons[0].words.startswith(f"the schedule asked for calm, {asked}")
    bench.clock.advance(60.0 * minutes)
    bench.run(1.0)
    assert bench.playback.reasons[0].words.startswith(f"the schedule's {over}")


async def test_an_asked_mood_is_not_led_away_from_and_may_be_ended(bench: Bench) -> None:
    await bench.controller.change(patch_of({"policy": "calm", "mood": {"emotion": "happy"}}), PAGE)
    bench.run(60.0)
    assert bench.player.target.tempo > 1.05
    await bench.controller.change(patch_of({"mood": None}), PAGE)
    bench.run(1.0)
    assert bench.controller.status().override is None
    assert bench.playback.reasons[0].words.startswith("you ended the hour of happy")
    bench.run(60.0)
    assert bench.player.target.tempo < 1.0


async def test_a_room_that_turns_meanwhile_is_no_reason(bench: Bench) -> None:
    await bench.controller.change(patch_of({"mood": {"emotion": "calm"}}), PAGE)
    bench.run(20.0)
    words = bench.playback.reasons[0].words
    bench.emotion = Emotion.ANGRY
    bench.run(20.0)
    assert bench.playback.reasons[0].words == words
    assert bench.controller.status().mood.emotion is Emotion.ANGRY


async def test_nothing_moves_while_it_is_paused_but_the_room_is_read(bench: Bench) -> None:
    await bench.controller.change(patch_of({"policy": "lift"}), PAGE)
    bench.run(10.0)
    target, reasons = bench.player.target, bench.playback.reasons
    await bench.controller.change(patch_of({"paused": True}), PAGE)
    bench.emotion = Emotion.SAD
    bench.run(60.0)
    status = bench.controller.status()
    assert (status.music.paused, bench.player.paused) == (True, True)
    assert status.mood.emotion is Emotion.SAD
    assert (bench.player.target, bench.playback.reasons) == (target, reasons)
    await bench.controller.change(patch_of({"paused": False}), PAGE)
    bench.run(0.1)
    assert abs(bench.player.target.tempo - target.tempo) < 0.01, "it goes on from where it was"
    bench.run(10.0)
    assert any(reason.words.startswith("the room turned sad") for reason in bench.playback.reasons)
    assert not bench.controller.status().music.paused


async def test_muted_is_silent_and_the_volume_stays(bench: Bench) -> None:
    await bench.controller.change(patch_of({"muted": True, "volume": 0.4}), PAGE)
    status = bench.controller.status()
    assert (bench.player.volume, status.volume, status.music.muted) == (0.0, 0.4, True)
    await bench.controller.change(patch_of({"muted": False}), PAGE)
    assert (bench.player.volume, bench.controller.status().volume) == (0.4, 0.4)


def test_a_composer_has_tempo_and_key_for_as_long_as_it_is_heard(bench: Bench) -> None:
    """Whether music is composed was asked once, at the start."""
    assert bench.player.target.tempo > 1.05
    reasons = bench.playback.reasons
    bench.player.heard = ComposedSource(1)
    bench.run(10.0)
    assert (bench.player.target.tempo, bench.player.target.semitones) == (1.0, 0.0)
    bench.player.heard = ThemeSource(1)
    bench.run(40.0)
    assert bench.player.target.tempo > 1.05
    assert bench.playback.reasons == reasons, "the mood did not turn: that is no reason"
