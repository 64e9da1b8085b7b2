"""What comes from the broker: whatever it is, it is bounded, answered or counted, and never ends the integration."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soundit_edge.control.actor import Actor
from soundit_edge.control.patch import DevicePatch
from soundit_edge.control.refusals import NotNow
from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.mqtt import commands
from soundit_edge.integrations.mqtt.client import MAX_A_SECOND, MessageRate
from soundit_edge.integrations.mqtt.commands import MAX_PAYLOAD, MAX_WAITING, CommandQueue, IgnoredMessages
from soundit_edge.integrations.mqtt.settings import MqttSettings
from soundit_edge.integrations.mqtt.topics import Topics
from soundit_edge.modalities import MODALITIES
from soundit_edge.parameters import PARAMETERS
from tests.fakes.control import FakeControl
from tests.waiting import until

TOPICS = Topics.of(MqttSettings(), "box")
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
CHANGES = st.dictionaries(st.sampled_from([*DevicePatch.model_fields, "x"]), VALUES, max_size=3).map(
    lambda change: json.dumps(change).encode()
)
"""What looks like a change, and may be one."""


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "PACE_S", 0.0)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what stands in the log."""
    return [record.message for record in caplog.records if record.name.startswith("soundit_edge")]


class Answered:
    """A queue of a fake device, and how it answers.

    Attributes:
        device: that is changed.
        ignored: counts what is no command.
        queue: under test.
        answers: the refusals, None for what was done or ignored.
    """

    def __init__(self, device: FakeControl | None = None) -> None:
        self.device = device or FakeControl()
        self.ignored = IgnoredMessages()
        self.answers: list[str | None] = []
        self.queue = CommandQueue(self.device, "mqtt", TOPICS, self.ignored, self._after)

    async def do(self, *messages: bytes, topic: str = TOPICS.set) -> None:
        """Offer messages, and wait until each is answered."""
        running, answers = asyncio.create_task(self.queue.run()), len(self.answers) + len(messages)
        for message in messages:
            self.queue.offer(topic, message, False)
        await until(lambda: running.done() or len(self.answers) == answers)
        assert not running.done(), running
        running.cancel()
        await asyncio.wait({running})

    async def _after(self, refusal: str | None) -> None:
        self.answers.append(refusal)


async def test_a_change_is_done_and_what_is_refused_is_said(caplog: pytest.LogCaptureFixture) -> None:
    it = Answered()
    await it.do(b'{"volume": 0.25}', b'{"volume": 7}', b'{"volume": NaN}', b'{"colour": "red"}', b'{"policy": "lift"}')
    assert it.answers[0] is it.answers[4] is None
    assert "less than or equal to 1" in str(it.answers[1])
    assert "volume" in str(it.answers[2])
    assert "unknown setting 'colour'" in str(it.answers[3])
    assert (it.device.status().volume, it.device.status().music.policy) == (0.25, "lift")
    assert it.ignored.total == 0
    assert len(lines(caplog)) == 1  # the first refusal


async def test_what_the_device_will_not_do_now_is_said() -> None:
    it = Answered()
    it.device.songs = False
    await it.do(b"next", b"like", topic=TOPICS.action)
    assert it.answers == ["There is no other track to go on to.", "What plays is no song of your library."]
    it.device.refusal = NotNow("Not at this moment.")
    await it.do(b'{"muted": true}', topic=TOPICS.set)
    assert it.answers[-1] == "Not at this moment."


async def test_actions_go_on_and_rate() -> None:
    it = Answered()
    await it.do(b"next", b"like", b"dislike", topic=TOPICS.action)
    assert it.device.choices == [("next", None), ("rating", "liked"), ("rating", "disliked")]


async def test_rubbish_is_counted_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    it = Answered()
    rubbish = [b"", b"\xff\xfe\0", b"null", b"[1]", b'"calm"', b"[" * 4000, b'{"volume": ', b"ON"]
    await it.do(*rubbish)
    assert it.answers == [None] * len(rubbish)
    await it.do(b"NEXT", topic=TOPICS.action)
    assert it.ignored.total == len(rubbish) + 1
    assert it.device.actors == []
    assert len(lines(caplog)) == 2


async def test_a_retained_command_is_ignored() -> None:
    it = Answered()
    it.queue.offer(TOPICS.set, b'{"volume": 1}', True)
    it.queue.offer(TOPICS.action, b"next", True)
    await it.do(b'{"muted": true}')
    assert it.ignored.total == 2
    assert len(it.device.actors) == 1


async def test_a_long_command_is_ignored_and_one_with_everything_is_not_long() -> None:
    it = Answered()
    it.queue.offer(TOPICS.set, b'{"volume": 1}'.ljust(MAX_PAYLOAD + 1), False)
    assert it.ignored.total == 1
    await it.do(b'{"volume": 0.5}'.ljust(MAX_PAYLOAD))
    assert it.device.status().volume == 0.5
    everything = {"locks": dict.fromkeys(PARAMETERS, 0.1234567890123), "senses": dict.fromkeys(MODALITIES, False)}
    assert len(json.dumps(everything)) < MAX_PAYLOAD / 2


class Hesitant(FakeControl):
    """Does nothing until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()

    async def change(self, patch: DevicePatch, by: Actor) -> None:
        await self.may.wait()
        await super().change(patch, by)


async def test_a_flood_is_bounded_and_counted_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    device = Hesitant()
    it = Answered(device)
    for _ in range(10_000):
        it.queue.offer(TOPICS.set, b'{"volume": 0.5}', False)
    assert it.ignored.total == 10_000 - MAX_WAITING
    device.may.set()
    running = asyncio.create_task(it.queue.run())
    await until(lambda: len(device.volumes) == MAX_WAITING)
    it.queue.offer(TOPICS.set, b'{"volume": 0.25}', False)
    await until(lambda: device.status().volume == 0.25)
    running.cancel()
    await asyncio.wait({running})
    assert len(lines(caplog)) == 1


def test_a_broker_that_sends_too_much_is_hung_up_on() -> None:
    rate = MessageRate()
    for second in (1.0, 2.0, 3.5):
        for _ in range(MAX_A_SECOND):
            rate.count(second)
    with pytest.raises(IntegrationError, match=f"more than {MAX_A_SECOND} messages a second"):
        rate.count(3.9)


@settings(max_examples=30)
@given(st.binary(max_size=200) | st.text(max_size=60).map(str.encode) | CHANGES)
@example(b"\xed\xa0\x80")
@example(b'{"mood": ' * 300)
def test_whatever_comes_is_answered_once_and_done_or_not(payload: bytes) -> None:
    it = Answered()
    before = it.device.status()
    asyncio.run(it.do(payload))
    assert len(it.answers) == 1
    if it.ignored.total or it.answers[0]:
        assert it.device.status() == before
        assert it.device.actors == []
