"""The models that were trained from own recordings on this machine: list them, or remove one.

Where a local model is removed, its sense reads by the shipped one alone again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from soundit_edge.inference.local import installed, remove
from soundit_edge.paths import local_models_folder
from tools.command import command, tool_parser


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.models.local", __doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name, size and labels of each")
    commands.add_parser("remove", help="take one out of the set").add_argument("name", help="such as body_own")
    options = parser.parse_args(arguments)
    if options.command == "remove":
        remove(options.name)
        print(f"{options.name}: removed")
        return
    models = installed()
    for name, entry in models.items():
        print(f"{name}: {entry.bytes} bytes, {', '.join(entry.labels)}")
    print(f"{len(models)} local models in {local_models_folder()}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
