"""Write the manual page soundit.1 and the shells' completion into a folder, from the commands' own help."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from soundit_edge import __version__
from soundit_edge.files import write_whole
from tools.command import command, tool_parser
from tools.lock.wheels import ROOT
from tools.manual.commands import commands
from tools.manual.completion import SHELLS
from tools.manual.man import page

MANUAL = "soundit.1"


def manual(folder: Path) -> None:
    """Write the page as `MANUAL`, and each of `SHELLS`, into a folder, which is made where it is missing.

    Raises:
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    described = commands()
    write_whole(folder / MANUAL, page(described, __version__).encode())
    for name, script in SHELLS.items():
        write_whole(folder / name, script(described).encode())


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.manual", __doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "build", help="where to; build, if not given")
    folder = parser.parse_args(arguments).folder
    manual(folder)
    print(f"{folder / MANUAL}: read it with man -l; the completion lies beside it")
