"""Integrations in the picture of a device."""

from __future__ import annotations

from soundit_edge.control.status import IntegrationStatus, Status


def with_integration(status: Status, name: str, state: str, note: str = "") -> Status:
    """Return a device in which an integration is in that state."""
    section = {"name": name, "title": name, "state": state, "since_s": 0.0, "note": note}
    others = [one for one in status.integrations if one.name != name]
    return status.model_copy(update={"integrations": (*others, IntegrationStatus.model_validate(section))})
