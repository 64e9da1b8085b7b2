"""What an entity at Home Assistant is, and the kinds of it that the device has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from soundit_edge.control.status import Status

Value = str | int | float | bool | None
Platform = Literal["sensor", "binary_sensor", "switch", "number", "select", "button", "event", "update"]

MAX_STATE: Final = 255
"""Home Assistant's longest state, in characters; the whole text is an attribute of the entity."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One row.

    Attributes:
        key: its name in the state's JSON, and the end of its unique ID.
        platform: what it is at Home Assistant.
        name: for people.
        value: gives its value; None: it has none, or not from the device's status.
        config: what else its platform needs.
        drifts: the value moves all the time, and a little later will do.
        reads: the topic that it hears from, as `Topics` names it.
        sends: the topic that it commands by.
    """

    key: str
    platform: Platform
    name: str
    value: Callable[[Status], Value] | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    drifts: bool = False
    reads: Literal["state", "problem"] | None = "state"
    sends: Literal["set", "action"] | None = None


def measured(key: str, name: str, value: Callable[[Status], Value], icon: str, unit: str | None = None) -> Entity:
    """Return a number that drifts."""
    config = {"state_class": "measurement", "icon": icon} | ({"unit_of_measurement": unit} if unit else {})
    return Entity(key, "sensor", name, value, config, drifts=True)


def text(key: str, name: str, value: Callable[[Status], Value], icon: str, *also: str) -> Entity:
    """Return a text of any length, with it and what belongs to it (`also`, keys of the state) as attributes."""
    attributes = ", ".join(f"'{one}': value_json.{one}" for one in (key, *also))
    config = {
        "icon": icon,
        "value_template": f"{{{{ value_json.{key}[:{MAX_STATE}] }}}}",
        "json_attributes_topic": "state",
        "json_attributes_template": f"{{{{ {{{attributes}}} | tojson }}}}",
    }
    return Entity(key, "sensor", name, value, config)


def _on_or_off(key: str) -> str:
    return f"{{{{ 'ON' if value_json.{key} else 'OFF' }}}}"


def opened(key: str, name: str, value: Callable[[Status], Value], icon: str) -> Entity:
    """Return whether camera or microphone are open."""
    config = {"icon": icon, "value_template": _on_or_off(key), "entity_category": "diagnostic"}
    return Entity(key, "binary_sensor", name, value, config)


def switch(
    key: str, name: str, value: Callable[[Status], Value], patch: Callable[[bool], object], icon: str, **more: str
) -> Entity:
    """Return a switch that asks for one patch when it is turned on and for another when it is turned off."""
    config = {
        "icon": icon,
        "value_template": _on_or_off(key),
        "state_on": "ON",
        "state_off": "OFF",
        "payload_on": json.dumps(patch(True)),
        "payload_off": json.dumps(patch(False)),
        **more,
    }
    return Entity(key, "switch", name, value, config, sends="set")


def select(
    key: str, name: str, value: Callable[[Status], Value], options: Sequence[str], icon: str, command: str | None = None
) -> Entity:
    """Return a choice; without a `command`, its key is the name of what it patches."""
    config = {
        "icon": icon,
        "options": list(options),
        "command_template": command or f'{{"{key}": "{{{{ value }}}}"}}',
    }
    return Entity(key, "select", name, value, config, sends="set")


def button(key: str, name: str, icon: str) -> Entity:
    """Return a button that sends its key as an action."""
    return Entity(key, "button", name, config={"icon": icon, "payload_press": key}, reads=None, sends="action")
