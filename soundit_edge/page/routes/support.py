"""What helps where something is the matter: the report for a bug report, and safe mode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pydantic import BaseModel, ConfigDict

from soundit_edge.control.actor import Role
from soundit_edge.control.control import Control
from soundit_edge.page.route import By, Route


class ReportPicture(BaseModel):
    """A report for a bug report, as text of several lines."""

    text: str


class SafeModeBody(BaseModel):
    """Whether the device is to start again in safe mode, or as usual."""

    model_config = ConfigDict(extra="forbid", strict=True)

    on: bool


def routes(control: Control, report: Callable[[], Awaitable[str]]) -> list[Route]:
    """Return the routes of the help: they are for administrators.

    Args:
        control: the device.
        report: makes the text of a report.
    """

    async def read_report() -> ReportPicture:
        """Make a report for a bug report, without anything about people, secrets or files."""
        return ReportPicture(text=await report())

    async def set_safe_mode(body: SafeModeBody, by: By) -> SafeModeBody:
        """Start the device again in safe mode, with music and page only, or out of it."""
        await control.set_safe_mode(body.on, by)
        return body

    return [
        Route("GET", "/api/report", Role.ADMIN, read_report),
        Route("PUT", "/api/safe_mode", Role.ADMIN, set_safe_mode),
    ]
