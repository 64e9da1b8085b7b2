"""How the integrations are, for those of them that tell others."""

from __future__ import annotations

from soundit_edge.control.status import SourceStatus, Status


def integrations_in(status: Status) -> tuple[SourceStatus, ...]:
    """Return how each integration is."""
    return tuple(source for source in status.sources if source.role == "integration")
