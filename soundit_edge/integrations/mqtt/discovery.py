"""The device's description for Home Assistant: one payload that tells it all entities (device discovery)."""

from __future__ import annotations

from typing import Any, Final

from soundit_edge.control.status import Status
from soundit_edge.integrations.mqtt.entities import ENTITIES
from soundit_edge.integrations.mqtt.entity import Entity
from soundit_edge.integrations.mqtt.topics import Topics

ONLINE: Final = "online"
OFFLINE: Final = "offline"
QOS: Final = 1
"""At least once: for what must arrive (discovery, availability) and for commands, whose sender hears that the broker
has them. The state is sent at most once (0): the next one is never far."""
_NAME: Final = "soundit edge"


def discovery(status: Status, topics: Topics) -> dict[str, Any]:
    """Return what is published at `Topics.discovery`; it changes with the name of the room alone.

    Args:
        status: of the device: its version and its room.
        topics: of the device.
    """
    device: dict[str, Any] = {
        "identifiers": [topics.unique_id],
        "name": f"Soundit {status.room}".strip(),
        "manufacturer": _NAME,
        "model": "Mood speaker",
        "sw_version": status.version,
    }
    if status.room:
        device["suggested_area"] = status.room
    return {
        "device": device,
        "origin": {"name": _NAME, "sw_version": status.version},
        "availability": [{"topic": topics.availability, "payload_available": ONLINE, "payload_not_available": OFFLINE}],
        "qos": QOS,
        "components": {entity.key: _component(entity, topics) for entity in ENTITIES},
    }


def _component(entity: Entity, topics: Topics) -> dict[str, Any]:
    config: dict[str, Any] = {
        "platform": entity.platform,
        "name": entity.name,
        "unique_id": f"{topics.unique_id}_{entity.key}",
    }
    if entity.reads:
        config["state_topic"] = getattr(topics, entity.reads)
    if entity.reads == "state":
        config["value_template"] = f"{{{{ value_json.{entity.key} }}}}"
    if entity.sends:
        config |= {"command_topic": getattr(topics, entity.sends), "retain": False}
    config |= entity.config
    if "json_attributes_topic" in config:
        config["json_attributes_topic"] = topics.state
    return config
