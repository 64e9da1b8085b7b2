"""What the page of this device answers beside its status and its changes: put together from what the device has."""

from __future__ import annotations

from soundit_edge.control.control import Control
from soundit_edge.page.route import Route
from soundit_edge.page.routes import models, own
from soundit_edge.page.teaching.teacher import Teacher


def page_routes(control: Control, teacher: Teacher) -> list[Route]:
    """Return the routes of what the device has.

    Args:
        control: the device.
        teacher: teaches it the user's own expressions and gestures.
    """
    return [
        *models.routes(control, teacher.sets),
        *own.routes(teacher),
    ]
