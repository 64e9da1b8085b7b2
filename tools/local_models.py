"""The models that were trained from own recordings on this machine: list them, or remove one.

Where a local model is removed, its sense reads by the shipped one alone again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from soundit_edge.errors import SounditError
from soundit_edge.inference.local import installed, remove
from soundit_edge.paths import local_models_folder


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name, size and labels of each")
    commands.add_parser("remove", help="take one out of the set").add_argument("name", help="such as body_own")
    options = parser.parse_args(arguments)
    try:
        if options.command == "remove":
            remove(options.name)
            print(f"{options.name}: removed")
            return 0
        models = installed()
    except SounditError as error:
        print(error, file=sys.stderr)
        return 2
    for name, entry in models.items():
        print(f"{name}: {entry.bytes} bytes, {', '.join(entry.labels)}")
    print(f"{len(models)} local models in {local_models_folder()}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
