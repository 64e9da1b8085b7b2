"""The live room: items to senses, readings to the mood, and what was done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from soundit_edge.capture.capture import SOUND_RATE, Frame, Sound
from soundit_edge.emotion import Emotion
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.perception.live import LivePerception
from soundit_edge.perception.perceiver import RATE_S
from tests.fakes.clock import ManualClock
from tests.fakes.senses import SaysOfFrames, SaysOfSound, ensemble
from tests.waiting import HANG_S, wait_until


def frame(t: float) -> Frame:
    return Frame(t, np.zeros((2, 2, 3), np.uint8))


@contextmanager
def at_work(scheduler: Scheduler) -> Iterator[None]:
    thread = threading.Thread(target=scheduler.work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        scheduler.stop()
        thread.join(HANG_S)
    assert not thread.is_alive()


def test_what_is_seen_becomes_the_mood() -> None:
    clock, sense = ManualClock(), SaysOfFrames(Emotion.HAPPY)
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(sense), scheduler, clock.now)
    assert room.mood().emotion is Emotion.NEUTRAL
    with at_work(scheduler):
        clock.advance(2.0)
        room.perceive(frame(1.75))
        wait_until(lambda: room.statistics()["face"].readings == 1)
    mood = room.mood()
    assert (mood.t, mood.emotion) == (2.0, Emotion.HAPPY)
    face = room.statistics()["face"]
    assert face.latest is not None
    assert face.latest.t == 1.75
    assert face.latency == pytest.approx(0.25)
    assert face.job.mailbox.taken == 1


def test_frames_come_to_those_who_see_and_sound_to_those_who_hear() -> None:
    clock, seeing, hearing = ManualClock(10.0), SaysOfFrames(Emotion.HAPPY), SaysOfSound(Emotion.CALM)
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(seeing, hearing=(hearing,), window=0.5), scheduler, clock.now)
    with at_work(scheduler):
        room.perceive(frame(10.0))
        for i in range(5):
            room.perceive(Sound(9.5 + i / 10, np.zeros(SOUND_RATE // 10, np.float32)))
        wait_until(lambda: sum(s.readings for s in room.statistics().values()) == 2)
    assert seeing.seen == [10.0]
    assert hearing.heard == [pytest.approx((9.5, 10.0))]
    assert set(room.mood().senses) == {"face", "voice"}


def test_showing_never_waits_for_a_sense_and_old_frames_are_dropped() -> None:
    clock, sense, passing = ManualClock(), SaysOfFrames(Emotion.SAD, period=1e-6), threading.Event()
    sense.hook = lambda: passing.wait(HANG_S)
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(sense), scheduler, clock.now)
    with at_work(scheduler):
        room.perceive(frame(0.0))
        wait_until(lambda: room.statistics()["face"].job.mailbox.taken == 1)
        for i in range(1, 11):
            room.perceive(frame(i / 10))
        assert room.statistics()["face"].job.mailbox.dropped == 9
        clock.advance(1.0)
        passing.set()
        wait_until(lambda: len(sense.seen) == 2)
    assert sense.seen == [0.0, 1.0], "the newest, not the next"


def test_a_sense_whose_models_run_on_an_accelerator_waits_for_it() -> None:
    clock, face, hue = ManualClock(), SaysOfFrames(Emotion.SAD), SaysOfFrames(Emotion.SAD, name="hue")
    scheduler = Scheduler(clock.now, {"cpu": 1, "edgetpu": 1})
    senses = replace(ensemble(face, hue), models={"face": ("face_expression",), "hue": ()})
    room = LivePerception(senses, scheduler, clock.now, lambda models: {"edgetpu": 1} if models else {})
    scheduler.set_resource("edgetpu", 0)
    with at_work(scheduler):
        room.perceive(frame(0.0))
        wait_until(lambda: room.statistics()["hue"].readings == 1)
        assert face.seen == []
        scheduler.set_resource("edgetpu", 1)
        wait_until(lambda: room.statistics()["face"].readings == 1)


def test_a_sense_that_finds_nothing_gives_no_reading() -> None:
    clock, sense = ManualClock(), SaysOfFrames(None)
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(sense), scheduler, clock.now)
    with at_work(scheduler):
        room.perceive(frame(0.0))
        wait_until(lambda: len(sense.seen) == 1)
    face = room.statistics()["face"]
    assert (face.readings, face.latest, face.readings_per_second) == (0, None, 0.0)
    assert room.mood().emotion is Emotion.NEUTRAL


def test_readings_per_second_are_those_of_the_last_seconds() -> None:
    clock, sense = ManualClock(100.0), SaysOfFrames(Emotion.HAPPY)
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(sense), scheduler, clock.now)
    with at_work(scheduler):
        for count in range(1, 11):
            clock.advance(0.5)
            room.perceive(frame(clock.now()))
            wait_until(lambda count=count: room.statistics()["face"].readings == count)  # type: ignore[misc]
    assert room.statistics()["face"].readings_per_second == pytest.approx(2.0, abs=0.2)
    clock.advance(RATE_S + 0.1)
    assert room.statistics()["face"].readings_per_second == 0
    assert room.statistics()["face"].readings == 10


def test_a_room_that_falls_silent_becomes_neutral() -> None:
    clock = ManualClock()
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(SaysOfFrames(Emotion.ANGRY)), scheduler, clock.now)
    with at_work(scheduler):
        room.perceive(frame(0.0))
        wait_until(lambda: room.statistics()["face"].readings == 1)
    assert room.mood().emotion is Emotion.ANGRY
    clock.advance(60)
    mood = room.mood()
    assert (mood.emotion, dict(mood.senses)) == (Emotion.NEUTRAL, {})


def test_a_sense_that_fails_on_one_frame_reads_the_next(failed_calls: list[str]) -> None:
    clock, sense = ManualClock(), SaysOfFrames(Emotion.HAPPY)

    def fail_at_first() -> None:
        if clock.now() == 0.0:
            raise ZeroDivisionError

    sense.hook = fail_at_first
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(sense), scheduler, clock.now)
    with at_work(scheduler):
        room.perceive(frame(0.0))
        wait_until(lambda: room.statistics()["face"].job.calls == 1)
        clock.advance(1.0)
        room.perceive(frame(1.0))
        wait_until(lambda: room.statistics()["face"].readings == 1)
    assert room.statistics()["face"].job.failures == 1
    assert room.mood().emotion is Emotion.HAPPY
    assert "ZeroDivisionError" in failed_calls.pop()


def windows(t: float, count: int) -> Iterator[Sound]:
    return (Sound(t + i / 10, np.zeros(SOUND_RATE // 10, np.float32)) for i in range(count))


def test_other_senses_take_the_place_of_those_that_read_and_nothing_is_lost() -> None:
    clock, old, heard = ManualClock(10.0), SaysOfFrames(Emotion.HAPPY), SaysOfSound(Emotion.CALM)
    new, hears = SaysOfFrames(Emotion.SAD), SaysOfSound(Emotion.SAD)
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(old, hearing=(heard,)), scheduler, clock.now)
    with at_work(scheduler):
        room.perceive(frame(10.0))
        for block in windows(9.1, 9):  # a tenth of a second is missing to the window
            room.perceive(block)
        wait_until(lambda: room.statistics()["face"].readings == 1)
        room.replace(ensemble(new, hearing=(hears,)), lambda models: {})
        assert room.mood().senses["face"].emotion is Emotion.HAPPY, "what was read still counts"
        clock.advance(1.0)
        room.perceive(frame(11.0))
        room.perceive(next(windows(10.0, 1)))
        wait_until(lambda: room.statistics()["face"].readings == 2 and room.statistics()["voice"].readings == 1)
    assert (old.seen, new.seen) == ([10.0], [11.0])
    assert heard.heard == []
    assert hears.heard == [pytest.approx((9.1, 10.1))]
    assert scheduler.threads == 3, "the jobs of the old senses are gone"


def test_a_sense_that_is_off_stays_off_when_others_take_the_place() -> None:
    clock, new = ManualClock(), SaysOfFrames(Emotion.SAD)
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(SaysOfFrames(Emotion.HAPPY)), scheduler, clock.now)
    room.switch("face", False)
    room.replace(ensemble(new), lambda models: {})
    with at_work(scheduler):
        room.perceive(frame(0.0))
        room.switch("face", True)
        room.perceive(frame(1.0))
        wait_until(lambda: new.seen)
    assert new.seen == [1.0]


def test_a_reading_that_is_made_while_others_take_the_place_is_dropped() -> None:
    clock, old, passing = ManualClock(), SaysOfFrames(Emotion.ANGRY), threading.Event()
    old.hook = lambda: passing.wait(HANG_S)
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(old), scheduler, clock.now)
    with at_work(scheduler):
        room.perceive(frame(0.0))
        wait_until(lambda: room.statistics()["face"].job.mailbox.taken == 1)
        room.replace(ensemble(SaysOfFrames(Emotion.HAPPY)), lambda models: {})
        passing.set()
        room.perceive(frame(1.0))
        wait_until(lambda: room.latest("face"))
    reading = room.latest("face")
    assert reading is not None
    assert (reading.t, reading.emotion) == (1.0, Emotion.HAPPY)


@pytest.mark.parametrize("wrong", ["missing", "too much"])
def test_senses_that_cannot_take_the_place_change_nothing(wrong: str) -> None:
    clock, old = ManualClock(), SaysOfFrames(Emotion.HAPPY)
    scheduler = Scheduler(clock.now, {"cpu": 1})
    room = LivePerception(ensemble(old, SaysOfFrames(Emotion.HAPPY, name="body")), scheduler, clock.now)
    others = [SaysOfFrames(Emotion.SAD, name=name) for name in (["face"] if wrong == "missing" else ["face", "body"])]
    with pytest.raises((KeyError, ValueError)):
        room.replace(ensemble(*others), lambda models: {"edgetpu": 1} if wrong == "too much" else {})
    with at_work(scheduler):
        room.perceive(frame(0.0))
        wait_until(lambda: old.seen)
    assert scheduler.threads == 3
