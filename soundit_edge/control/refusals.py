"""Why a change was not made. The text of each is one line for whoever asked."""

from __future__ import annotations

from soundit_edge.errors import SounditError


class InvalidChange(SounditError):
    """What is asked for is not possible: an unknown name, or a value out of its range. Nothing of it was done."""


class NotNow(SounditError):
    """What is asked for is possible, but not at this moment."""


class NotAllowed(SounditError):
    """Who asks may not do this."""
