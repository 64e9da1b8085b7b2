"""The topics of one device, each for one purpose."""

from __future__ import annotations

from dataclasses import dataclass

from soundit_edge.integrations.mqtt.settings import MqttSettings


@dataclass(frozen=True, slots=True)
class Topics:
    """Where one device publishes, and where it listens.

    Attributes:
        unique_id: names the device at Home Assistant and at the broker.
        availability: "online" or "offline", retained; the broker says "offline" for a device that vanishes.
        state: all that is shown, as one JSON object, retained.
        problem: why a change was refused, as an event, not retained.
        set: takes changes, each a `DevicePatch` as JSON.
        action: takes what is no change: "next", "like", "dislike".
        discovery: the device's description for Home Assistant, retained.
        birth: where Home Assistant says that it has started.
    """

    unique_id: str
    availability: str
    state: str
    problem: str
    set: str
    action: str
    discovery: str
    birth: str

    @classmethod
    def of(cls, settings: MqttSettings, device_id: str) -> Topics:
        """Return the topics of the device with that ID, which no other one has."""
        own, unique_id = f"{settings.prefix}/{device_id}", f"soundit_{device_id}"
        return cls(
            unique_id=unique_id,
            availability=f"{own}/availability",
            state=f"{own}/state",
            problem=f"{own}/problem",
            set=f"{own}/set",
            action=f"{own}/action",
            discovery=f"{settings.discovery_prefix}/device/{unique_id}/config",
            birth=f"{settings.discovery_prefix}/status",
        )
