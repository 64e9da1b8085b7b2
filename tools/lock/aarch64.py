"""Fetch the lock's wheels for 64-bit Arm Linux from the package index, on any machine; all hashes are checked.

`record` fetches them for every Python that is supported and writes wheels-aarch64.sha256, by which a test knows that
none is missing (needs 300 MB for a while, and a minute). `fetch` keeps those for one Python in a folder.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from soundit_edge.errors import SounditError
from soundit_edge.files import write_whole
from tools.command import command, tool_parser
from tools.lock.pins import pins
from tools.lock.wheels import LOCK, PLATFORMS, PYTHONS, TABLE, Wheel, supported_tags, table_text


class NoWheel(SounditError):
    """The index does not give what the lock asks for. The text says what."""


def fetch(lock: Path, python: str, folder: Path) -> None:
    """Download into `folder` what `lock` asks for on this Python, such as "3.12"; what is there is not fetched again.

    pip would evaluate the lock's markers for the machine and the Python that run it: it is given what they select.

    Raises:
        NoWheel: a wheel is missing, or its hash is not in the lock.
    """
    there, supported = wheels_in(folder), supported_tags(python)
    wanted = [
        pin.line()
        for pin in pins(lock.read_text())
        if pin.is_for(python) and not any(wheel.serves(pin, supported) for wheel in there)
    ]
    if not wanted:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".lock") as requirements:
        requirements.writelines(wanted)
        requirements.flush()
        options = ["--implementation", "cp", "--python-version", python]
        options += [f"--abi={abi}" for abi in (f"cp{python.replace('.', '')}", "abi3", "none")]
        options += [f"--platform={platform}" for platform in PLATFORMS]
        options += ["--no-deps", "--require-hashes", "--only-binary=:all:"]
        options += [f"--dest={folder}", f"--requirement={requirements.name}"]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *options]
        done = subprocess.run(pip, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        _, _, error = done.stderr.partition("ERROR: ")
        raise NoWheel(f"Python {python}: pip says: {' '.join(error.split()) or 'nothing'}")


def wheels_in(folder: Path) -> list[Wheel]:
    """Return the wheels of a folder, with their hashes."""
    return [Wheel(hashlib.sha256(path.read_bytes()).hexdigest(), path.name) for path in folder.glob("*.whl")]


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
