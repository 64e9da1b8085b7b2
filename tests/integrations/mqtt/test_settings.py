"""What the settings of MQTT refuse: above all, names that would mean something else in a topic."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from soundit_edge.integrations.mqtt.settings import MqttSettings
from soundit_edge.integrations.mqtt.topics import Topics

NO_TOPICS = ["", "a/#", "#", "a/+/b", "+", "/a", "a/", "a//b", "$SYS", "a b", "a\0b", "a\nb", "ä", "\ud800", "x" * 65]
NO_IDS = ["a/b", "#", "+", "a#", "$a", "a b", "a\0", "a\n", "é", "x" * 33]


@pytest.mark.parametrize("field", ["prefix", "discovery_prefix"])
@pytest.mark.parametrize("value", NO_TOPICS)
def test_a_prefix_with_wildcards_or_odd_characters_is_refused(field: str, value: str) -> None:
    with pytest.raises(ValidationError):
        MqttSettings.model_validate({field: value})


@pytest.mark.parametrize("value", NO_IDS)
def test_an_id_with_wildcards_or_odd_characters_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        MqttSettings(device_id=value)


@pytest.mark.parametrize("host", ["", "a b", "a/b", "mqtt://broker", "a\n", "a\0b", "x" * 254, "user@host"])
def test_what_is_no_name_of_a_host_is_refused(host: str) -> None:
    with pytest.raises(ValidationError):
        MqttSettings(host=host)


def test_plain_names_make_topics_without_a_wildcard() -> None:
    settings = MqttSettings(prefix="home/music_2", discovery_prefix="ha", device_id="kitchen-1", host="::1")
    assert Topics.of(settings, settings.device_id) == Topics(
        unique_id="soundit_kitchen-1",
        availability="home/music_2/kitchen-1/availability",
        state="home/music_2/kitchen-1/state",
        problem="home/music_2/kitchen-1/problem",
        set="home/music_2/kitchen-1/set",
        action="home/music_2/kitchen-1/action",
        discovery="ha/device/soundit_kitchen-1/config",
        birth="ha/status",
    )
