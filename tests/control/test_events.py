"""What happens reaches everybody who subscribed; who reads slowly misses old news, and gains no queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.events import (
    KINDS,
    Event,
    EventBus,
    MoodChanged,
    PrivacyChanged,
    ReasonGiven,
    SettingsChanged,
    SourceChanged,
    TrackChanged,
)
from soundit_edge.control.status import PrivacyStatus, ReasonStatus, SourceStatus
from soundit_edge.emotion import Emotion
from soundit_edge.settings import MusicSettings
from tests.fakes.control import mood_status

ONE_OF_EACH: list[Event] = [
    MoodChanged(mood_status(Emotion.HAPPY)),
    TrackChanged("First light"),
    ReasonGiven(ReasonStatus(t=1.0, words="the room turned happy: brighter")),
    SettingsChanged(MusicSettings(volume=0.5), Actor(Kind.PANEL, Role.OPERATOR)),
    SourceChanged((SourceStatus(role="speaker", name="spk", state="lost"),)),
    PrivacyChanged(PrivacyStatus(camera_open=True)),
]


async def taken(events: AsyncIterator[Event], count: int) -> list[Event]:
    return [await anext(events) for _ in range(count)]


def test_there_is_an_example_of_each_kind() -> None:
    assert [type(event) for event in ONE_OF_EACH] == list(KINDS)


async def test_everybody_who_subscribed_hears_of_everything() -> None:
    bus = EventBus()
    bus.publish(TrackChanged("before anybody listened"))
    async with bus.subscribe() as one, bus.subscribe() as other:
        for event in ONE_OF_EACH:
            bus.publish(event)
        for events in (one, other):
            assert await taken(events, len(ONE_OF_EACH)) == ONE_OF_EACH
    assert bus.readers == []
    assert bus.dropped == 0


async def test_of_each_kind_the_newest_counts_and_what_is_missed_is_counted() -> None:
    bus = EventBus()
    async with bus.subscribe() as events:
        for k in range(100):
            bus.publish(TrackChanged(f"track {k}"))
        bus.publish(ONE_OF_EACH[0])
        assert await taken(events, 2) == [ONE_OF_EACH[0], TrackChanged("track 99")]
        assert events.dropped == bus.dropped == 99
    assert bus.dropped == 99


async def test_who_waits_is_woken() -> None:
    bus = EventBus()
    async with bus.subscribe() as events:
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        bus.publish(TrackChanged("First light"))
        assert await waiting == TrackChanged("First light")


async def test_giving_up_waiting_loses_nothing() -> None:
    bus = EventBus()
    async with bus.subscribe() as events:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(events), 0.001)
        bus.publish(TrackChanged("First light"))
        assert await anext(events) == TrackChanged("First light")


async def test_a_kind_that_comes_all_the_time_does_not_keep_the_others_waiting() -> None:
    bus = EventBus()
    async with bus.subscribe() as events:
        bus.publish(ONE_OF_EACH[4])
        seen = []
        for _ in range(3):
            bus.publish(ONE_OF_EACH[0])
            seen.append(await anext(events))
        assert ONE_OF_EACH[4] in seen


async def test_a_reader_that_fails_is_subscribed_no_longer() -> None:
    bus = EventBus()
    with pytest.raises(ZeroDivisionError):
        async with bus.subscribe():
            raise ZeroDivisionError
    assert bus.readers == []
