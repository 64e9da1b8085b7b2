"""The report as text, for `soundit report` and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from soundit_edge.doctor.surroundings import these
from soundit_edge.support.gather import gather
from soundit_edge.support.render import as_text


def report_of(settings_path: Path | None, status: Mapping[str, Any]) -> str:
    """Return the text of a report about a device that runs on this computer.

    Args:
        settings_path: of its settings; None: the user's own, where there are any.
        status: that it gives of itself.
    """
    return as_text(gather(these(settings_path, lambda page: status)))
