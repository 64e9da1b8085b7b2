"""Integrations in the picture of a device."""

from __future__ import annotations

from soundit_edge.control.status import SourceStatus, Status


def with_integration(status: Status, name: str, state: str, note: str = "") -> Status:
    """Return a device with one integration more, in that state."""
    one = SourceStatus.model_validate({"role": "integration", "name": name, "state": state, "note": note})
    return status.model_copy(update={"sources": (*status.sources, one)})
