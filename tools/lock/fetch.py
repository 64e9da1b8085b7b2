"""Fetch wheels of the lock from the package index, for any machine and any Python; all hashes are checked."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

from soundit_edge.errors import SounditError
from tools.lock.pins import AARCH64, pins
from tools.lock.wheels import Wheel, platforms, supported_tags


class NoWheel(SounditError):
    """The index does not give what the lock asks for. The text says what."""


def fetch(
    lock: Path, python: str, folder: Path, machine: str = AARCH64, names: Collection[str] | None = None
) -> list[Wheel]:
    """Download into `folder` what `lock` asks for; what is there is not fetched again.

    pip would evaluate the lock's markers for the machine and the Python that run it: it is given what they select.

    Args:
        lock: the lock.
        python: version of the Python that is to run the wheels, such as "3.12".
        folder: where they are kept, with those for others.
        machine: a name of `pins.MACHINES`.
        names: the packages to fetch, by their canonical names; all of the lock, if None.

    Returns:
        The wheels for this Python and this machine, one a package.

    Raises:
        NoWheel: a wheel is missing, or its hash is not in the lock.
    """
    supported = supported_tags(python, machine)
    wanted = [
        pin for pin in pins(lock.read_text()) if pin.is_for(python, machine) and (names is None or pin.name in names)
    ]
    there = wheels_in(folder)
    missing = [pin for pin in wanted if not any(wheel.serves(pin, supported) for wheel in there)]
    if missing:
        _download([pin.line() for pin in missing], python, folder, machine)
        there = wheels_in(folder)
    return [next(wheel for wheel in there if wheel.serves(pin, supported)) for pin in wanted]


def wheels_in(folder: Path) -> list[Wheel]:
    """Return the wheels of a folder, with their hashes, by name."""
    return [Wheel(hashlib.sha256(path.read_bytes()).hexdigest(), path.name) for path in sorted(folder.glob("*.whl"))]


def _download(lines: list[str], python: str, folder: Path, machine: str) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".lock") as requirements:
        requirements.writelines(lines)
        requirements.flush()
        options = ["--implementation", "cp", "--python-version", python]
        options += [f"--abi={abi}" for abi in (f"cp{python.replace('.', '')}", "abi3", "none")]
        options += [f"--platform={platform}" for platform in platforms(machine)]
        options += ["--no-deps", "--require-hashes", "--only-binary=:all:"]
        options += [f"--dest={folder}", f"--requirement={requirements.name}"]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *options]
        done = subprocess.run(pip, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        _, _, error = done.stderr.partition("ERROR: ")
        raise NoWheel(f"Python {python}: pip says: {' '.join(error.split()) or 'nothing'}")
