"""Write docs/routes.md: every route of the page, and who may ask for it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import MagicMock

from soundit_edge.daemon.page import page_routes
from soundit_edge.page.app import create_app
from soundit_edge.page.route import Route
from tools.command import command, tool_parser

MANIFEST = Path(__file__).resolve().parents[1] / "docs" / "routes.md"
HEAD = """# The page's routes

Written by `python -m tools.routes`; a test compares it with the device's own table. Whoever may do more may do this,
too. "everybody" is also somebody in the network who has not signed in, and before the device is claimed. What does not
stand here is not there.

| method | path | who may ask |
|---|---|---|
"""


def whole_table() -> list[Route]:
    """Return the routes of a device that has everything; nothing that stands behind them is ever asked."""
    parts = {name: MagicMock() for name in inspect.signature(page_routes).parameters}
    table: list[Route] = create_app(MagicMock(), page_routes(**parts)).state.routes
    return table


def manifest() -> str:
    """Return the text of docs/routes.md."""
    rows = sorted((route.path, route.method, route.role or "everybody") for route in whole_table())
    return HEAD + "".join(f"| {method} | `{path}` | {role} |\n" for path, method, role in rows)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    tool_parser("tools.routes", __doc__).parse_args(arguments)
    MANIFEST.write_text(manifest())


if __name__ == "__main__":
    sys.exit(main())
