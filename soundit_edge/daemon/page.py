"""What the page of this device answers beside its status and its changes: put together from what the device has."""

from __future__ import annotations

from soundit_edge.control.control import Control
from soundit_edge.page.route import Route
from soundit_edge.page.routes import trials as trial_routes
from soundit_edge.trials.trials import Trials


def page_routes(control: Control, trials: Trials) -> list[Route]:
    """Return the routes of what the device has.

    Args:
        control: the device.
        trials: of visitors' files.
    """
    return [*trial_routes.routes(trials)]
