"""Fetch the lock's wheels for 64-bit Arm Linux from the package index, on any machine; all hashes are checked.

`record` fetches them for every Python that is supported and writes wheels-aarch64.sha256, by which a test knows that
none is missing (needs 300 MB for a while, and a minute). `fetch` keeps those for one Python in a folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from soundit_edge.files import write_whole
from tools.command import command, tool_parser
from tools.lock.fetch import fetch, wheels_in
from tools.lock.wheels import LOCK, PYTHONS, TABLE, Wheel, table_text


def record(lock: Path, table: Path) -> list[Wheel]:
    """Fetch the wheels for each of `PYTHONS`, write their table, and return them.

    Raises:
        NoWheel: a wheel is missing; the table is as it was.
    """
    with tempfile.TemporaryDirectory() as folder:
        for python in PYTHONS:
            fetch(lock, python, Path(folder))
        wheels = wheels_in(Path(folder))
    write_whole(table, table_text(wheels).encode())
    return wheels


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.lock.aarch64", __doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("record", help="write the table of all wheels")
    fetcher = commands.add_parser("fetch", help="keep the wheels for one Python")
    fetcher.add_argument("python", choices=PYTHONS)
    fetcher.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    if options.command == "fetch":
        fetch(LOCK, options.python, options.folder)
        return
    wheels = record(LOCK, TABLE)
    pure = sum(wheel.is_pure for wheel in wheels)
    print(f"{len(wheels)} wheels, all hashes right: {pure} for any machine, {len(wheels) - pure} for aarch64")


if __name__ == "__main__":
    sys.exit(main())
