"""The other sides of the integrations: what each is connected with, as simple as can be.

A new one is a subclass of `Peer` in a file of its own beside this one, and a row in `PEERS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import SecretStr

from soundit_edge.integrations.integration import Integration
from tests.contracts.hub_peer import HubPeer
from tests.contracts.metrics_peer import MetricsPeer
from tests.contracts.mqtt_peer import MqttPeer
from tests.contracts.osc_peer import OscPeer
from tests.contracts.panel_peer import PanelPeer
from tests.contracts.peer import SECRET, Peer
from tests.contracts.snapcast_peer import SnapcastPeer
from tests.contracts.webhook_peer import WebhookPeer


def section_for(kind: type[Integration], peer: Peer) -> dict[str, Any]:
    """Return the section of the settings in which an integration is switched on and finds its peer."""
    fields = kind.Settings.model_fields
    secrets = {name: SECRET for name, field in fields.items() if field.annotation is SecretStr}
    return {"enabled": True, **secrets, **peer.section}


PEERS: Final[Mapping[str, type[Peer]]] = {
    "hub": HubPeer,
    "mqtt": MqttPeer,
    "osc": OscPeer,
    "snapcast": SnapcastPeer,
    "panel": PanelPeer,
    "metrics": MetricsPeer,
    "webhook": WebhookPeer,
}
"""By the name of the integration."""
