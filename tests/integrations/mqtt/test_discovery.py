"""The description for Home Assistant: complete, without doubles, and each control asks for what the device can do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from soundit_edge.control.patch import patch_of
from soundit_edge.emotion import EMOTIONS
from soundit_edge.integrations.mqtt.discovery import discovery
from soundit_edge.integrations.mqtt.entities import ENTITIES, ROOM
from soundit_edge.integrations.mqtt.settings import MqttSettings
from soundit_edge.integrations.mqtt.state import state_of
from soundit_edge.integrations.mqtt.topics import Topics
from tests.fakes.control import full_status

TOPICS = Topics.of(MqttSettings(), "4f7a12cd")
DESCRIBED = discovery(full_status(), TOPICS)
COMPONENTS: dict[str, dict[str, Any]] = DESCRIBED["components"]
STATE = state_of(full_status(), ignored=0)


def test_the_device_is_one_with_a_name_a_version_and_an_availability() -> None:
    assert DESCRIBED["device"]["identifiers"] == ["soundit_4f7a12cd"]
    assert DESCRIBED["device"]["name"] == "Soundit"
    assert "suggested_area" not in DESCRIBED["device"]
    assert DESCRIBED["device"]["sw_version"] == DESCRIBED["origin"]["sw_version"] == full_status().version
    (availability,) = DESCRIBED["availability"]
    assert availability["topic"] == "soundit/4f7a12cd/availability"


def test_the_room_gives_the_device_its_name_and_its_area() -> None:
    device = discovery(full_status().model_copy(update={"room": "Kitchen"}), TOPICS)["device"]
    assert (device["name"], device["suggested_area"]) == ("Soundit Kitchen", "Kitchen")


def test_every_entity_has_an_id_and_a_name_of_its_own() -> None:
    assert len(COMPONENTS) == len(ENTITIES)
    for part in ("unique_id", "name"):
        assert len({config[part] for config in COMPONENTS.values()}) == len(ENTITIES)


def test_what_is_read_of_the_state_is_in_the_state() -> None:
    for key, config in COMPONENTS.items():
        templates = [str(value) for name, value in config.items() if name.endswith("_template")]
        read = set(re.findall(r"value_json\.(\w+)", " ".join(templates)))
        assert read <= STATE.keys(), key
        assert ("value_template" in config) == (config.get("state_topic") == TOPICS.state), key


def test_texts_are_cut_to_what_home_assistant_takes() -> None:
    for key in ("title", "reason"):
        assert "[:255]" in COMPONENTS[key]["value_template"]
        assert COMPONENTS[key]["json_attributes_topic"] == TOPICS.state


def test_a_choice_has_the_present_one_among_its_options() -> None:
    choices = [config for config in COMPONENTS.values() if "options" in config]
    assert len(choices) == 5
    for key, config in COMPONENTS.items():
        if "options" in config:
            assert STATE[key] in config["options"]


def test_commands_are_never_retained() -> None:
    for config in COMPONENTS.values():
        if "command_topic" in config:
            assert config["retain"] is False


def commands() -> Iterator[tuple[str, str]]:
    """Give every command that Home Assistant can make of the description, with the entity's key."""
    for key, config in COMPONENTS.items():
        if config.get("command_topic") != TOPICS.set:
            continue
        template = config.get("command_template", "")
        for value in config.get("options", [config["max"]] if "max" in config else []):
            if key == "manual_mood":
                then, otherwise = re.findall(r"%}(.*?){%", template)
                yield key, then if value == ROOM else otherwise.replace("{{ value }}", value)
            else:
                yield key, template.replace("{{ value / 100 }}", f"{value}e-2").replace("{{ value }}", str(value))
        yield from ((key, config[name]) for name in ("payload_on", "payload_off") if name in config)


@pytest.mark.parametrize(("key", "command"), list(commands()))
def test_every_command_is_a_change_that_the_device_knows(key: str, command: str) -> None:
    patch = patch_of(command)
    assert len(patch.model_fields_set) == 1


def test_every_control_has_its_commands() -> None:
    keys = [key for key, _ in commands()]
    assert keys.count("manual_mood") == 1 + len(EMOTIONS)
    assert {"playing", "muted", "private", "volume", "policy", "preset", "play", "sense_face"} <= set(keys)
    assert {config["payload_press"] for config in COMPONENTS.values() if "payload_press" in config} == {
        "next",
        "like",
        "dislike",
    }


def test_it_is_of_a_size_that_brokers_take() -> None:
    assert len(json.dumps(DESCRIBED)) < 32_768
