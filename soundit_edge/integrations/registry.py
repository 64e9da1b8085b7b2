"""The integrations that there are, and the settings that they bring. A new one is its file and one word here.

See docs/howto/integration.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import create_model

from soundit_edge.integrations.integration import Integration
from soundit_edge.integrations.snapcast.snapcast import Snapcast
from soundit_edge.settings import Section, Settings

REGISTRY: Final[tuple[type[Integration], ...]] = (Snapcast,)
"""In the order in which people are shown them."""


def settings_model(registry: Sequence[type[Integration]] = REGISTRY) -> type[Settings]:
    """Return the model of the device's settings.toml: that of `Settings`, with one section for each integration."""
    sections: dict[str, Any] = {one.name: (one.Settings, one.Settings()) for one in registry}
    integrations = create_model("IntegrationsSettings", __base__=Section, **sections)
    field: Any = (integrations, integrations())
    return create_model("WholeSettings", __base__=Settings, integrations=field)


def switched_on(settings: Settings, registry: Sequence[type[Integration]] = REGISTRY) -> list[Integration]:
    """Return the integrations that shall run, each made with its section of settings of `settings_model`."""
    sections = ((one, getattr(settings.integrations, one.name)) for one in registry)
    return [one(section) for one, section in sections if section.enabled]
