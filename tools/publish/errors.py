"""What goes wrong while publishing."""

from __future__ import annotations

from soundit_edge.errors import SounditError


class PublishError(SounditError):
    """Nothing was published. The text says why, and what to do."""
