"""The model sets at Home Assistant: what its update entity is given in each state."""

from __future__ import annotations

import json
from typing import Any

import pytest

from soundit_edge.control.update_status import UpdateStatus
from soundit_edge.integrations.mqtt.discovery import discovery
from soundit_edge.integrations.mqtt.settings import MqttSettings
from soundit_edge.integrations.mqtt.state import state_of
from soundit_edge.integrations.mqtt.topics import Topics
from tests.fakes.control import full_status
from tests.fakes.updates import READY


def published(update: UpdateStatus) -> dict[str, Any]:
    return state_of(full_status().model_copy(update={"update": update}), ignored=0)


@pytest.mark.parametrize(
    ("update", "values"),
    [
        (UpdateStatus(), (0, 0, "", False, None)),
        (READY, (2, 3, "A better voice model.", False, None)),
        (READY.model_copy(update={"state": "fetching", "share": 0.421}), (2, 3, "A better voice model.", True, 42)),
        (READY.model_copy(update={"state": "asking", "offered": None}), (2, 2, "", False, None)),
    ],
)
def test_what_is_published(update: UpdateStatus, values: tuple[object, ...]) -> None:
    state = published(update)
    keys = ("models", "models_offered", "models_notes", "models_busy", "models_percent")
    assert tuple(state[key] for key in keys) == values
    json.dumps(state)


def test_home_assistant_shows_it_and_cannot_install() -> None:
    config = discovery(full_status(), Topics.of(MqttSettings(), "box"))["components"]["models"]
    assert config["platform"] == "update"
    assert "command_topic" not in config
    for name in ("installed_version", "latest_version", "release_summary", "in_progress", "update_percentage"):
        assert f"'{name}'" in config["value_template"]
    assert "[:255]" in config["value_template"]
