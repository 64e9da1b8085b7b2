"""The integration at a real broker: what others there hear of the device, and what it does for them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from soundit_edge.control.events import MoodChanged
from soundit_edge.control.refusals import NotNow
from soundit_edge.emotion import Emotion
from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.mqtt import connection, publisher
from soundit_edge.integrations.mqtt.client import Mqtt
from soundit_edge.integrations.mqtt.settings import MqttSettings
from soundit_edge.integrations.mqtt.topics import Topics
from tests.fakes.control import FakeControl, mood_status
from tests.integrations.mqtt.broker import Line, connected, listener
from tests.mosquitto import Mosquitto
from tests.waiting import until


@pytest.fixture(scope="module")
def broker() -> Iterator[Mosquitto]:
    """A broker that lets everybody in."""
    with Mosquitto() as it:
        yield it


@pytest.fixture
def settings(broker: Mosquitto) -> MqttSettings:
    """Settings of a device that no other test has."""
    return MqttSettings(
        enabled=True, host="127.0.0.1", port=broker.port, device_id=secrets.token_hex(4), interval_s=0.5
    )


@pytest.fixture
def topics(settings: MqttSettings) -> Topics:
    return Topics.of(settings, settings.device_id)


async def test_whoever_comes_later_hears_what_the_device_is_and_how(settings: MqttSettings, topics: Topics) -> None:
    async with connected(settings, FakeControl()), listener(settings.port) as other:
        await until(lambda: all(map(other.all, (topics.discovery, topics.state, topics.availability))))
        assert other.last(topics.discovery)["components"]["mood"]["state_topic"] == topics.state
        assert other.last(topics.state)["mood"] == "happy"
        assert other.all(topics.availability) == [b"online"]


async def test_what_changes_is_heard_and_what_does_not_is_not(
    settings: MqttSettings, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "LOOK_S", 0.1)
    device = FakeControl()
    async with listener(settings.port) as other, connected(settings, device):
        await until(lambda: other.all(topics.state))
        device.now = device.now.model_copy(update={"mood": mood_status(Emotion.SAD)})
        device.bus.publish(MoodChanged(device.now.mood))
        await until(lambda: other.last(topics.state)["mood"] == "sad")
        device.now = device.now.model_copy(update={"room": "Kitchen"})
        await until(lambda: other.last(topics.discovery)["device"]["name"] == "Soundit Kitchen")
        assert len(other.all(topics.state)) == 2
        assert len(other.all(topics.discovery)) == 2


async def test_it_says_good_bye(settings: MqttSettings, topics: Topics) -> None:
    async with listener(settings.port) as other:
        async with connected(settings, FakeControl()):
            pass
        await until(lambda: other.all(topics.availability) == [b"online", b"offline"])


async def test_a_device_that_vanishes_is_said_to_be_offline_by_its_last_will(
    settings: MqttSettings, topics: Topics
) -> None:
    async with listener(settings.port) as other, Line(settings.port).laid() as line:
        async with connected(settings.model_copy(update={"port": line.port}), FakeControl()) as running:
            line.cut()
            await until(running.done)
            with pytest.raises(IntegrationError, match=r"has hung up|cannot be reached"):
                running.result()
        await until(lambda: other.all(topics.availability) == [b"online", b"offline"])


async def test_a_broker_that_falls_silent_is_noticed(settings: MqttSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "KEEPALIVE_S", 1)
    monkeypatch.setattr(connection, "LEAVE_S", 0.05)
    monkeypatch.setattr(publisher, "LEAVE_S", 0.05)
    line = Line(settings.port)
    async with line.laid(), connected(settings.model_copy(update={"port": line.port}), FakeControl()) as running:
        line.silent = True
        await until(running.done)
        with pytest.raises(IntegrationError, match="the broker at"):
            running.result()


async def test_home_assistants_birth_makes_it_publish_everything_again(settings: MqttSettings, topics: Topics) -> None:
    settings = settings.model_copy(update={"discovery_prefix": f"ha_{settings.device_id}"})
    topics = Topics.of(settings, settings.device_id)
    async with listener(settings.port) as other, connected(settings, FakeControl()):
        await until(lambda: other.all(topics.availability))
        await other.client.publish(topics.birth, "offline")
        await other.client.publish(topics.birth, "online")
        await until(lambda: len(other.all(topics.availability)) == 2)
        assert len(other.all(topics.discovery)) == len(other.all(topics.state)) == 2


async def test_a_change_is_done_and_its_state_is_heard(settings: MqttSettings, topics: Topics) -> None:
    device = FakeControl()
    async with listener(settings.port) as other, connected(settings, device):
        await other.client.publish(topics.set, '{"volume": 0.25, "policy": "calm"}', qos=1)
        await other.client.publish(topics.action, "next", qos=1)
        await until(lambda: (state := other.last(topics.state)) and state["title"] == "Second light")
        assert (other.last(topics.state)["volume"], other.last(topics.state)["policy"]) == (25, "calm")
        assert ("next", None) in device.choices


async def test_a_refusal_is_heard_and_the_state_after_it_though_nothing_has_changed(
    settings: MqttSettings, topics: Topics
) -> None:
    device = FakeControl()
    async with listener(settings.port) as other, connected(settings, device):
        await until(lambda: other.all(topics.state))
        device.refusal = NotNow("Not at this moment.")
        await other.client.publish(topics.set, '{"volume": 0.25}')
        await until(lambda: len(other.all(topics.state)) == 2)
        assert other.last(topics.problem) == {"event_type": "refused", "reason": "Not at this moment."}
        assert other.last(topics.state)["volume"] == 60
    async with listener(settings.port) as later:
        await until(lambda: later.all(topics.availability))
        assert later.all(topics.problem) == []


async def test_yesterdays_command_that_the_broker_has_kept_is_not_done(settings: MqttSettings, topics: Topics) -> None:
    device = FakeControl()
    async with listener(settings.port) as other:
        await other.client.publish(topics.set, '{"volume": 1.0}', qos=1, retain=True)
        await other.client.publish(topics.action, "next", qos=1, retain=True)
        async with connected(settings, device):
            await until(lambda: (state := other.last(topics.state)) and state["ignored"] == 2)
            await other.client.publish(topics.set, '{"volume": 0.25}')
            await until(lambda: other.last(topics.state)["volume"] == 25)
        for topic in (topics.set, topics.action):
            await other.client.publish(topic, b"", qos=1, retain=True)
    assert device.volumes == [0.25]
    assert device.choices == []


async def test_huge_messages_do_not_reach_it_and_long_ones_are_counted(settings: MqttSettings, topics: Topics) -> None:
    device = FakeControl()
    async with listener(settings.port) as other, connected(settings, device):
        await other.client.publish(topics.set, b'{"volume": 1}'.ljust(2_000_000), qos=1)
        await other.client.publish(topics.set, b'{"volume": 1}'.ljust(5_000), qos=1)
        await other.client.publish(topics.set, b"\xff\x00 rubbish", qos=1)
        await other.client.publish(topics.set, '{"volume": 0.25}', qos=1)
        await until(lambda: (state := other.last(topics.state)) and state["ignored"] == 2)
        await until(lambda: other.last(topics.state)["volume"] == 25)
    assert device.volumes == [0.25]


async def test_a_second_device_of_the_same_id_takes_the_place_of_the_first(
    settings: MqttSettings,
) -> None:
    async with connected(settings, FakeControl()) as first, connected(settings, FakeControl()):
        await until(first.done)
        with pytest.raises(IntegrationError, match="whether another device has the same device_id"):
            first.result()


async def test_a_broker_that_has_restarted_knows_the_device_again() -> None:
    broker = Mosquitto()
    await broker.start()
    settings = MqttSettings(enabled=True, host="127.0.0.1", port=broker.port, device_id="box")
    topics, mqtt = Topics.of(settings, "box"), Mqtt(settings)
    try:
        async with connected(settings, FakeControl(), mqtt) as running:
            await broker.stop()
            await until(running.done)
        with pytest.raises(IntegrationError, match="cannot be reached"):
            await mqtt.run(FakeControl(), lambda: None)
        await broker.start()
        async with connected(settings, FakeControl(), mqtt), listener(settings.port) as other:
            await until(lambda: other.all(topics.state) and other.last(topics.discovery))
            await until(lambda: other.all(topics.availability) == [b"online"])
    finally:
        await broker.stop()
