"""A broker that is killed, at a real one: what the event loop of the device has to say of it."""

from __future__ import annotations

import asyncio
import gc
from contextlib import AsyncExitStack

import aiomqtt
import pytest

from soundit_edge.integrations.mqtt.connection import client_of, connected_to
from soundit_edge.integrations.mqtt.settings import MqttSettings
from tests.mosquitto import Mosquitto


async def test_a_broker_that_is_killed_as_something_is_published_leaves_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    will = aiomqtt.Will("soundit/box/availability", "offline")
    async with AsyncExitStack() as stack:
        with Mosquitto() as broker:
            settings = MqttSettings(host="127.0.0.1", port=broker.port, device_id="box")
            client = await client_of(settings, "box", will)
            await stack.enter_async_context(connected_to(client, settings))
        # The loop has not looked since the broker is gone. In its next turn it runs what follows, which it was asked
        # for first, and then reads that the connection is at its end.
        await asyncio.sleep(0)
        with pytest.raises(aiomqtt.MqttError):
            await client.publish("soundit/box/state", "{}", qos=1, timeout=0.05)
        assert client._client.socket() is None
    del client
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []
