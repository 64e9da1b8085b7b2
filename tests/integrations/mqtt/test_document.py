"""docs/homeassistant.md, held against what the device publishes: it names all that is there, and nothing else."""

from __future__ import annotations

import importlib
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from soundit_edge.control.patch import patch_of
from soundit_edge.integrations.mqtt.discovery import discovery
from soundit_edge.integrations.mqtt.settings import MqttSettings
from soundit_edge.integrations.mqtt.topics import Topics
from soundit_edge.integrations.registry import settings_model
from tests.fakes.control import full_status

TEXT = (Path(__file__).resolve().parents[3] / "docs/homeassistant.md").read_text(encoding="utf-8")
TOPICS = Topics.of(MqttSettings(), "4f7a12cd")
DESCRIBED = discovery(full_status(), TOPICS)
PLATFORMS = {config["platform"] for config in DESCRIBED["components"].values()}


def entity_id(config: dict[str, Any]) -> str:
    """Return by which name Home Assistant knows an entity: its platform, and the names of the device and of itself."""
    name = f"{DESCRIBED['device']['name']} {config['name']}".lower()
    return f"{config['platform']}.{re.sub('[^a-z0-9]+', '_', name)}"


ENTITIES = {entity_id(config): config for config in DESCRIBED["components"].values()}


def blocks(language: str) -> list[str]:
    """Return what the page has of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def parsed() -> list[Any]:
    """Return the page's YAML as what it means."""
    yaml = importlib.import_module("yaml")  # it has no types
    return [yaml.safe_load(block) for block in blocks("yaml")]


def nodes(part: Any) -> Iterator[dict[str, Any]]:
    """Give every mapping in a piece of YAML."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from nodes(inner)


def test_every_entity_is_named_and_every_name_is_one() -> None:
    named = set(re.findall(rf"\b(?:{'|'.join(PLATFORMS)})\.soundit_\w+", TEXT))
    assert named == ENTITIES.keys()


def test_every_topic_is_named_and_every_name_is_one() -> None:
    of_device = set(re.findall(r"[\w/]*4f7a12cd/\w+", TEXT))
    ours = {TOPICS.availability, TOPICS.state, TOPICS.problem, TOPICS.set, TOPICS.action, TOPICS.discovery}
    assert of_device == ours
    assert f"`{TOPICS.birth}`" in TEXT


def test_the_yaml_is_yaml_and_what_it_sets_can_be_set() -> None:
    actions = [node for whole in parsed() for node in nodes(whole) if "action" in node]
    assert len(actions) >= 5
    for action in actions:
        domain, _, service = action["action"].partition(".")
        target, data = action.get("target", {}).get("entity_id", ""), action.get("data", {})
        if domain in PLATFORMS:
            assert target.startswith(f"{domain}."), action
        if service == "select_option":
            assert data["option"] in ENTITIES[target]["options"]
        if service == "set_value":
            assert ENTITIES[target]["min"] <= data["value"] <= ENTITIES[target]["max"]
        if service == "publish":
            assert data["topic"] == TOPICS.set
            assert not data.get("retain", False)
            patch_of(data["payload"])


def test_a_colour_is_given_to_every_mood() -> None:
    (colours,) = (node["hs_color"] for whole in parsed() for node in nodes(whole) if "hs_color" in node)
    assert set(re.findall(r"'(\w+)': \[", colours)) == set(ENTITIES["sensor.soundit_mood"]["options"])


def test_the_settings_are_settings() -> None:
    (block,) = blocks("toml")
    settings = settings_model().model_validate(tomllib.loads(block))
    assert settings.integrations.mqtt.enabled  # type: ignore[attr-defined]


@pytest.mark.parametrize("example", re.findall(r"`(\{[^`]*\})`", TEXT))
def test_its_json_is_json(example: str) -> None:
    json.loads(example)
