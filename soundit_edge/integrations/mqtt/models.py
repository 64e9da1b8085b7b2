"""The model sets at Home Assistant: which release is in use, which one is ready, and how far its way is.

Home Assistant only shows them. Whoever takes a set changes the device itself, which is for its administrators, and an
integration is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from soundit_edge.control.status import Status
from soundit_edge.integrations.mqtt.entity import MAX_STATE, Value

_KEYS: Final = MappingProxyType(
    {
        "installed_version": "value_json.models | string",
        "latest_version": "value_json.models_offered | string",
        "release_summary": f"value_json.models_notes[:{MAX_STATE}]",
        "in_progress": "value_json.models_busy",
        "update_percentage": "value_json.models_percent",
    }
)
"""Home Assistant's names, and where their values stand."""
MODELS_CONFIG: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "title": "Models",
        "icon": "mdi:brain",
        "entity_category": "diagnostic",
        "value_template": "{{ {" + ", ".join(f"'{name}': {where}" for name, where in _KEYS.items()) + "} | tojson }}",
    }
)
"""What the entity needs beside its topic."""


def models_state(status: Status) -> dict[str, Value]:
    """Return what is published of the sets beside the release in use."""
    update = status.update
    offered = update.offered
    return {
        "models_offered": update.in_use.release if offered is None else offered.release,
        "models_notes": "" if offered is None else offered.notes,
        "models_busy": update.state in ("fetching", "checking", "watching"),
        "models_percent": None if update.share is None else round(100 * update.share),
    }
