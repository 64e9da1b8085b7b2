"""What the page of this device answers beside its status and its changes: put together from what the device has."""

from __future__ import annotations

from soundit_edge.control.control import Control
from soundit_edge.control.devices import DeviceControl
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.page.route import Route
from soundit_edge.page.routes import devices as device_routes
from soundit_edge.page.routes import notice


def page_routes(control: Control, devices: DeviceControl, store: SettingsStore) -> list[Route]:
    """Return the routes of what the device has.

    Args:
        control: the device.
        devices: its ways in and out.
        store: its settings.
    """
    return [
        *device_routes.routes(devices),
        *notice.routes(lambda: store.current),
    ]
