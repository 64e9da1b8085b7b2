"""Senses that are switched on and off while the room is sensed."""

from __future__ import annotations

import threading

import numpy as np

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.emotion import Emotion
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.perception.live import LivePerception
from tests.fakes.clock import ManualClock
from tests.fakes.senses import SaysOfFrames, SaysOfSound, ensemble
from tests.perception.test_live import at_work, frame
from tests.waiting import HANG_S, wait_until


def room_of(
    *seeing: SaysOfFrames, hearing: tuple[SaysOfSound, ...] = ()
) -> tuple[ManualClock, Scheduler, LivePerception]:
    clock = ManualClock()
    scheduler = Scheduler(clock.now, {"cpu": 1})
    return clock, scheduler, LivePerception(ensemble(*seeing, hearing=hearing, window=0.5), scheduler, clock.now)


def test_a_sense_that_is_switched_off_is_not_called_and_what_it_read_does_not_count() -> None:
    angry, calm = SaysOfFrames(Emotion.ANGRY), SaysOfFrames(Emotion.CALM, name="hue")
    clock, scheduler, room = room_of(angry, calm)
    with at_work(scheduler):
        room.perceive(frame(0.0))
        wait_until(lambda: room.statistics()["face"].readings == 1 and room.statistics()["hue"].readings == 1)
        assert room.switch("face", False)
        assert set(room.mood().senses) == {"hue"}
        assert room.statistics()["face"].on is False
        for step in range(1, 4):
            clock.advance(1.0)
            room.perceive(frame(float(step)))
            wait_until(lambda step=step: room.statistics()["hue"].readings == step + 1)  # type: ignore[misc]
        assert angry.seen == [0.0]
        assert room.switch("face", True)
        clock.advance(1.0)
        room.perceive(frame(4.0))
        wait_until(lambda: room.statistics()["face"].readings == 2)
    assert angry.seen == [0.0, 4.0]
    assert set(room.mood().senses) == {"face", "hue"}


def test_a_reading_that_was_under_way_does_not_count() -> None:
    sense, reading, goes_on = SaysOfFrames(Emotion.ANGRY), threading.Event(), threading.Event()

    def hold() -> None:
        reading.set()
        goes_on.wait(HANG_S)

    sense.hook = hold
    _, scheduler, room = room_of(sense)
    with at_work(scheduler):
        room.perceive(frame(0.0))
        assert reading.wait(HANG_S)
        room.switch("face", False)
        goes_on.set()
        wait_until(lambda: room.statistics()["face"].job.calls == 1)
    assert dict(room.mood().senses) == {}
    assert room.statistics()["face"].readings == 0


def test_one_that_hears_is_switched_off_too() -> None:
    voice = SaysOfSound(Emotion.CALM)
    _, scheduler, room = room_of(hearing=(voice,))
    room.switch("voice", False)
    with at_work(scheduler):
        for i in range(20):
            room.perceive(Sound(i / 10, np.zeros(SOUND_RATE // 10, np.float32)))
        assert room.statistics()["voice"].job.mailbox.offered == 0
    assert voice.heard == []


def test_one_is_added_while_others_run() -> None:
    first, later = SaysOfFrames(Emotion.CALM, name="hue"), SaysOfFrames(Emotion.HAPPY)
    _, scheduler, room = room_of(first)
    with at_work(scheduler):
        assert not room.switch("face", True), "there is none of that name yet"
        room.add(later)
        room.perceive(frame(0.0))
        wait_until(lambda: room.statistics()["face"].readings == 1)
    assert room.names == {"hue", "face"}
