"""List what the page says and a language's table lacks, as the beginning of a table that only has to be filled in."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from soundit_edge.page import vocabulary
from tools.command import command, tool_parser
from tools.page.texts import nameless, said_by_device, said_by_page, said_by_tables


def missing(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the texts that a table lacks, with nothing beside it: {"page": {text: ""}, "device": {text: ""}}."""
    known = {*table["page"], *table["device"]}
    templates = {nameless(text) for text in known}
    return {
        "page": dict.fromkeys(sorted((said_by_page() | said_by_tables()) - known), ""),
        "device": dict.fromkeys(sorted(text for text in said_by_device() if nameless(text) not in templates), ""),
    }


def unused(table: Mapping[str, Any]) -> list[str]:
    """Return the texts of the page that a table has and nothing says."""
    return sorted(set(table["page"]) - said_by_page() - said_by_tables())


@command
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool."""
    tool_parser("tools.page.missing_texts", __doc__).parse_args(arguments)
    lacking = {tag: missing(table) for tag, table in vocabulary.languages().items()}
    print(json.dumps(lacking, ensure_ascii=False, indent=1))
    return 1 if any(texts for table in lacking.values() for texts in table.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
