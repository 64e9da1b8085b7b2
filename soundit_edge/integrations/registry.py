"""The integrations that there are, and the settings that they bring. A new one is its file and one word here.

See docs/howto/integration.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import Field, create_model

from soundit_edge.integrations.integration import Integration, IntegrationSettings
from soundit_edge.integrations.metrics.integration import Metrics
from soundit_edge.integrations.mqtt.client import Mqtt
from soundit_edge.integrations.osc.osc import Osc
from soundit_edge.integrations.panel.panel import Panel
from soundit_edge.integrations.snapcast.snapcast import Snapcast
from soundit_edge.integrations.webhook.integration import Webhook
from soundit_edge.settings import Section, Settings

REGISTRY: Final[tuple[type[Integration], ...]] = (
    Mqtt,
    Osc,
    Snapcast,
    Panel,
    Metrics,
    Webhook,
)
"""In the order in which people are shown them."""


def settings_model(registry: Sequence[type[Integration]] = REGISTRY) -> type[Settings]:
    """Return the model of the device's settings.toml: that of `Settings`, with one section for each integration."""
    sections: dict[str, Any] = {
        one.name: (one.Settings, Field(default=one.Settings(), title=one.title)) for one in registry
    }
    integrations = create_model("IntegrationsSettings", __base__=Section, **sections)
    field: Any = (integrations, integrations())
    return create_model("WholeSettings", __base__=Settings, integrations=field)


def section_of(settings: Settings, kind: type[Integration]) -> IntegrationSettings:
    """Return the section of an integration in settings of `settings_model`."""
    section: IntegrationSettings = getattr(settings.integrations, kind.name)
    return section
