"""Write the tables of addresses in docs/osc.md."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from soundit_edge.integrations.osc.addresses import IN, OUT, Address
from soundit_edge.integrations.osc.settings import OscSettings
from tools.command import command, tool_parser

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "osc.md"
TABLES: Final = {"## What is sent": OUT, "## What is listened to": IN}
"""By the heading that they stand below."""
_HEAD: Final = "| address | types | arguments | meaning |\n|---|---|---|---|\n"


def table(addresses: Sequence[Address]) -> str:
    """Return the rows of some addresses, under a head."""
    prefix = OscSettings.model_fields["prefix"].default
    rows = (
        f"| `{prefix}{one.path}` | `{one.tags}` | {', '.join(one.arguments)} | {one.meaning} |\n" for one in addresses
    )
    return _HEAD + "".join(rows)


def with_tables(page: str) -> str:
    """Return the page with each table as the addresses are now; what else is written there stays."""
    for heading, addresses in TABLES.items():
        before, found, rest = page.partition(f"{heading}\n")
        lines = rest.splitlines(keepends=True)
        begin = next(number for number, line in enumerate(lines) if line.startswith("|"))
        end = next((number for number in range(begin, len(lines)) if not lines[number].startswith("|")), len(lines))
        page = before + found + "".join(lines[:begin]) + table(addresses) + "".join(lines[end:])
    return page


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    tool_parser("tools.osc", __doc__).parse_args(arguments)
    PAGE.write_text(with_tables(PAGE.read_text()))


if __name__ == "__main__":
    sys.exit(main())
