"""The panel on a table of pins: what buttons and knob do with the device, what the light says, and what goes wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from pydantic import ValidationError

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.events import MoodChanged, PrivacyChanged
from soundit_edge.control.patch import ManualMood, patch_of
from soundit_edge.control.refusals import NotNow
from soundit_edge.control.status import PrivacyStatus
from soundit_edge.emotion import Emotion
from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.panel import actions, light, panel
from soundit_edge.integrations.panel.light import MIN_LIT
from soundit_edge.integrations.panel.panel import Panel
from soundit_edge.integrations.panel.panel_settings import PanelSettings
from soundit_edge.integrations.panel.pins import PinsError
from tests.fakes.control import FakeControl, full_status, mood_status
from tests.fakes.pins import FakePins
from tests.waiting import until

PRIVACY, NEXT, MOOD, CLAIM, KNOB_A, KNOB_B, RED, GREEN, BLUE = 5, 6, 16, 26, 17, 27, 12, 13, 19
EVERYTHING = PanelSettings(
    enabled=True,
    privacy_button=PRIVACY,
    next_button=NEXT,
    mood_button=MOOD,
    claim_button=CLAIM,
    knob_a=KNOB_A,
    knob_b=KNOB_B,
    red=RED,
    green=GREEN,
    blue=BLUE,
)


class Clock:
    """The machine's clock, which a test can turn on, without its pauses: they would make a short press a long one."""

    def __init__(self) -> None:
        self.more = 0.0
        self._last = time.monotonic()

    def now(self) -> float:
        before, self._last = self._last, time.monotonic()
        self.more += min(self._last - before, panel.PAUSE_S)
        return self.more


class Box:
    """A device with a panel.

    Attributes:
        device: what the panel changes.
        pins: what a test presses.
        clock: of the panel.
    """

    def __init__(self, settings: PanelSettings = EVERYTHING) -> None:
        self.device = FakeControl(full_status().model_copy(update={"sources": ()}))
        self.pins = FakePins()
        self.clock = Clock()
        self.connected = asyncio.Event()
        self.panel = Panel(settings, self.pins.open, self.clock.now)
        self.running = asyncio.create_task(self.panel.run(self.device, self.connected.set))

    async def press(self, pin: int, seconds: float = 0.2) -> None:
        """Press a button for so long, and let the panel see it."""
        self.pins.set_button(pin, True)
        await asyncio.sleep(2 * panel.PAUSE_S)
        self.clock.more += seconds
        await self.until(lambda: True)
        self.pins.set_button(pin, False)
        self.clock.more += 0.1

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for something, while the panel runs."""
        await until(lambda: self.running.done() or condition())
        if self.running.done():
            self.running.result()

    async def until_chosen(self, *choices: tuple[str, object]) -> None:
        await self.until(lambda: self.device.choices == list(choices))


@asynccontextmanager
async def box(settings: PanelSettings = EVERYTHING) -> AsyncIterator[Box]:
    it = Box(settings)
    try:
        await it.until(it.connected.is_set)
        yield it
    finally:
        it.running.cancel()
        with suppress(asyncio.CancelledError):
            await it.running
    assert it.pins.opened == it.pins.closed == 1


async def test_the_privacy_button_closes_and_opens_the_eyes() -> None:
    async with box() as it:
        await it.press(PRIVACY)
        await it.until_chosen(("privacy", {"private": True}))
        await it.press(PRIVACY)
        await it.until_chosen(("privacy", {"private": True}), ("privacy", {"private": False}))
        assert set(it.device.actors) == {Actor(Kind.PANEL, Role.OPERATOR)}
        assert it.device.actors[0].subject == "you"


async def test_one_button_goes_on_and_likes() -> None:
    async with box() as it:
        await it.press(NEXT)
        await it.until_chosen(("next", None))
        it.pins.set_button(NEXT, True)
        await asyncio.sleep(2 * panel.PAUSE_S)
        it.clock.more += 1.0
        await it.until_chosen(("next", None), ("rating", "liked"))
        it.pins.set_button(NEXT, False)


async def test_the_mood_button_holds_the_mood_and_lets_it_go() -> None:
    async with box() as it:
        await it.press(MOOD)
        await it.until_chosen(("mood", ManualMood(emotion=Emotion.HAPPY, minutes=60)))
        await it.press(MOOD)
        await it.until(lambda: it.device.choices[1:] == [("mood", None)])


async def test_the_claim_button_opens_the_claim_and_resets_it_after_ten_seconds() -> None:
    async with box() as it:
        it.device.now = it.device.now.model_copy(update={"claim": "unclaimed"})
        await it.press(CLAIM)
        await it.until_chosen(("claim", "open"))
        it.pins.set_button(CLAIM, True)
        await asyncio.sleep(2 * panel.PAUSE_S)
        it.clock.more += actions.WARNING_S
        await it.until(lambda: it.pins.levels[RED] > 0 and it.pins.levels[BLUE] == 0)  # the warning
        it.clock.more += 10.0 - actions.WARNING_S
        await it.until_chosen(("claim", "open"), ("claim", "reset"))


async def test_attack_a_release_that_is_lost_resets_no_claim() -> None:
    async with box() as it:
        it.pins.set_button(CLAIM, True)
        await asyncio.sleep(2 * panel.PAUSE_S)
        it.pins.pressed[CLAIM] = False  # and nobody says so
        it.clock.more += 11.0
        await asyncio.sleep(2 * panel.CHECK_S)
        await it.press(NEXT)
        await it.until(lambda: ("next", None) in it.device.choices)
        assert ("claim", "reset") not in it.device.choices


async def test_the_knob_turns_the_volume_and_stops_at_its_end() -> None:
    async with box() as it:
        it.pins.turn(1)
        await it.until(lambda: it.device.volumes == [0.62])
        it.pins.turn(-1)
        await it.until(lambda: it.device.volumes == [0.62, 0.6])
        it.device.now = it.device.now.model_copy(update={"volume": 1.0})
        it.pins.turn(1)
        it.pins.turn(1)
        await it.press(NEXT)
        await it.until(lambda: ("next", None) in it.device.choices)
        assert it.device.volumes == [0.62, 0.6]


async def test_who_turns_the_knob_of_a_muted_device_hears_it() -> None:
    async with box() as it:
        it.device.change_music(muted=True)
        it.pins.turn(1)
        await it.until_chosen(("muted", False))


async def test_what_is_refused_is_answered_by_the_light_and_is_no_end() -> None:
    async with box() as it:
        it.device.songs = False
        it.device.now = it.device.now.model_copy(update={"mood": mood_status(Emotion.SAD)})
        await it.press(NEXT)
        await it.until(lambda: it.pins.levels[RED] > 3 * it.pins.levels[GREEN] and it.pins.levels[BLUE] == 0)
        it.device.songs, it.device.refusal = True, NotNow("not now")
        it.pins.turn(1)
        await asyncio.sleep(3 * panel.PAUSE_S)
        it.device.refusal = None
        it.pins.turn(1)
        await it.until(lambda: it.device.volumes)


async def test_two_buttons_at_once_do_nothing() -> None:
    async with box() as it:
        it.pins.set_button(PRIVACY, True)
        it.pins.set_button(CLAIM, True)
        await asyncio.sleep(3 * panel.PAUSE_S)
        it.clock.more += 11.0
        await asyncio.sleep(3 * panel.PAUSE_S)
        it.pins.set_button(PRIVACY, False)
        it.pins.set_button(CLAIM, False)
        it.clock.more += 1.0
        await it.press(NEXT)
        await it.until_chosen(("next", None))


async def test_a_button_that_is_down_at_the_start_does_nothing() -> None:
    it = Box()
    it.pins.pressed[CLAIM] = True
    await it.until(it.connected.is_set)
    it.clock.more += 11.0
    await it.press(NEXT)
    await it.until_chosen(("next", None))
    it.running.cancel()
    await asyncio.wait({it.running})


async def test_attack_a_loose_wire_neither_hinders_the_other_buttons_nor_floods_the_device() -> None:
    settings = EVERYTHING.model_copy(update={"claim_button": None})
    async with box(settings) as it:
        for i in range(20_000):
            it.pins.set_button(MOOD, i % 2 == 0)
            it.pins.turn(1 - 2 * (i % 3))
        await it.press(NEXT)
        await it.until(lambda: ("next", None) in it.device.choices)
        assert len(it.device.choices) + len(it.device.volumes) < 10


async def test_the_light_follows_the_mood_and_goes_on_while_private() -> None:
    async with box() as it:
        it.device.now = it.device.now.model_copy(update={"mood": mood_status(Emotion.SAD)})
        it.device.bus.publish(MoodChanged(it.device.now.mood))
        await it.until(lambda: it.pins.levels[BLUE] > 2 * it.pins.levels[RED])
        await it.device.change(patch_of({"private": True}), actions.BY)
        it.device.bus.publish(PrivacyChanged(it.device.now.privacy))
        await it.until(lambda: max(it.pins.levels[pin] for pin in (RED, GREEN, BLUE)) == 0)
        hanging = PrivacyStatus(private=True, camera_open=True)
        it.device.now = it.device.now.model_copy(update={"privacy": hanging})
        it.device.bus.publish(PrivacyChanged(hanging))
        await it.until(lambda: max(it.pins.levels[pin] for pin in (RED, GREEN, BLUE)) >= MIN_LIT)


async def test_a_light_at_rest_is_hardly_ever_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(light, "FADE_S", 0.001)
    async with box() as it:
        it.device.beat = replace(it.device.beat, moving=False)
        it.device.change_music(paused=True)
        await it.until(lambda: it.pins.levels[RED] > 0.2)
        await asyncio.sleep(0.2)
        before, asked = it.pins.writes, it.device.asked
        await asyncio.sleep(0.5)
        assert it.pins.writes - before <= 12, "each lamp about twice a second"
        assert it.device.asked - asked <= 4


@pytest.mark.parametrize("when", ["before", "while it runs", "while nobody touches it"])
async def test_pins_that_are_gone_are_said_and_let_go(when: str) -> None:
    settings = EVERYTHING if when != "while nobody touches it" else PanelSettings(enabled=True, mood_button=MOOD)
    it = Box(settings)
    if when == "before":
        it.pins.gone = True
    else:
        await it.until(it.connected.is_set)
        it.pins.gone = True
    await asyncio.wait({it.running})
    assert it.running.exception() is not None
    found, rest = ExceptionGroup("", [_error(it.running)]).split(PinsError)
    assert found
    assert rest is None
    assert it.pins.closed == it.pins.opened


async def test_a_panel_with_nothing_on_it_says_so() -> None:
    with pytest.raises(IntegrationError, match="nothing is wired"):
        await Panel(PanelSettings(enabled=True), FakePins().open).run(FakeControl(), lambda: None)


async def test_only_what_is_wired_is_opened() -> None:
    settings = PanelSettings(
        mood_button=MOOD, knob_a=KNOB_A, green=GREEN, buttons_active_high=True, pull_resistors=False
    )
    async with box(settings) as it:
        assert it.pins.wired == {MOOD: (True, False)}
        await it.until(lambda: it.pins.levels.keys() == {GREEN} and it.pins.levels[GREEN] > 0)


async def test_a_strip_shows_the_same() -> None:
    async with box(PanelSettings(strip=30)) as it:
        await it.until(lambda: it.pins.strip and max(it.pins.strip) > 0.2)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"red": 12, "next_button": 12}, "pin 12 is used twice"),
        ({"strip": 30, "red": 8}, "pin 8 is used twice .a strip"),
        ({"strip": 301}, "less than or equal to 300"),
        ({"red": 1}, "greater than or equal to 2"),
        ({"red": 28}, "less than or equal to 27"),
        ({"red": -5}, "greater than"),
        ({"red": 12.5}, "integer"),
        ({"red": "twelve"}, "integer"),
        ({"purple": 12}, "extra"),
        ({"brightness": 1.5}, "less than or equal to 1"),
    ],
)
def test_settings_that_cannot_be_are_refused(section: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PanelSettings.model_validate(section)


def _error(task: asyncio.Task[None]) -> Exception:
    error = task.exception()
    assert isinstance(error, Exception)
    return error
