"""What the page of this device answers beside its status and its changes: put together from what the device has."""

from __future__ import annotations

from soundit_edge.control.control import Control
from soundit_edge.page.library.librarian import Librarian
from soundit_edge.page.route import Route
from soundit_edge.page.routes import library


def page_routes(control: Control, librarian: Librarian) -> list[Route]:
    """Return the routes of what the device has.

    Args:
        control: the device.
        librarian: has the user's library.
    """
    return [*library.routes(control, librarian)]
