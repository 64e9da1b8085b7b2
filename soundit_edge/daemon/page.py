"""What the page of this device answers beside its status and its changes: put together from what the device has."""

from __future__ import annotations

from soundit_edge.control.control import Control
from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.page.route import Route
from soundit_edge.page.routes import settings


def page_routes(control: Control, store: SettingsStore) -> list[Route]:
    """Return the routes of what the device has.

    Args:
        control: the device.
        store: has its settings.
    """
    return [
        *settings.routes(store, local_time),
    ]
