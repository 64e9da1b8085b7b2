"""The device as an integration is given it: what is asked for too fast is refused and counted, and holds nobody up."""

from __future__ import annotations

import asyncio

import pytest

from soundit_edge.control.patch import patch_of
from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.integrations.integration import actor_of
from soundit_edge.integrations.limited_control import MAX_CHANGES, WINDOW_S, LimitedControl
from tests.fakes.clock import ManualClock
from tests.fakes.control import FakeControl

BELL = actor_of("bell")
LOUD = patch_of({"volume": 0.5})


async def test_it_is_the_device_itself() -> None:
    device = FakeControl()
    limited = LimitedControl(device, "bell", ManualClock().now)
    assert limited.status() is device.status()
    assert limited.pulse().beats == device.beat.beats
    await limited.change(LOUD, BELL)
    await limited.next_track(BELL)
    await limited.play_song(3, BELL)
    await limited.rate("liked", BELL)
    assert device.volumes == [0.5]
    assert [word for word, _ in device.choices] == ["next", "song", "rating"]
    assert set(device.actors) == {BELL}
    async with limited.events() as events:
        await limited.change(LOUD, BELL)
        assert type(await anext(aiter(events))).__name__ == "SettingsChanged"
    device.refusal = InvalidChange("No.")
    with pytest.raises(InvalidChange):
        await limited.change(LOUD, BELL)
    assert limited.refused == 0


async def test_a_flood_is_refused_and_counted_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    clock, device = ManualClock(), FakeControl()
    limited = LimitedControl(device, "bell", clock.now)
    for _ in range(MAX_CHANGES):
        await limited.change(LOUD, BELL)
    for _ in range(200):
        with pytest.raises(NotNow, match="too many changes at once"):
            await limited.change(LOUD, BELL)
    assert (len(device.volumes), limited.refused) == (MAX_CHANGES, 200)
    assert caplog.text.count("bell asks for more than 100 changes in a second") == 1
    clock.advance(WINDOW_S)
    await limited.change(LOUD, BELL)
    assert len(device.volumes) == MAX_CHANGES + 1


async def test_in_no_second_there_are_more() -> None:
    clock, device = ManualClock(), FakeControl()
    limited = LimitedControl(device, "bell", clock.now)
    made: list[float] = []
    for _ in range(1000):
        clock.advance(0.003)
        try:
            await limited.next_track(BELL)
        except NotNow:
            continue
        made.append(clock.now())
    assert len(made) > 2 * MAX_CHANGES
    assert all(later - earlier >= WINDOW_S for earlier, later in zip(made, made[MAX_CHANGES:], strict=False))


async def test_whoever_asks_without_end_leaves_the_loop_to_others() -> None:
    limited, turns = LimitedControl(FakeControl(), "bell", ManualClock().now), 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(count())
    for _ in range(MAX_CHANGES):
        await limited.change(LOUD, BELL)
    other.cancel()
    assert turns >= MAX_CHANGES
