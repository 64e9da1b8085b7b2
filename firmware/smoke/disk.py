"""What a power cut left on the disk: the file system, and every file of the device's state."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

STATE: Final = "/shared/var/lib/soundit-edge"
"""The device's state, in the data partition."""
_MENDED: Final = (0, 1)
"""Exit codes of `e2fsck -p`: nothing to do, or all mended (the journal is replayed, as the next mount does)."""


class Broken(Exception):
    """The file system, or a file on it, is not whole. The text says which."""


def left_behind(disk: Path, scratch: Path) -> Path:
    """Return a folder with the state that a disk holds, once its journal is replayed in a copy of it.

    Args:
        disk: of a machine whose power was cut.
        scratch: an empty folder for the copy and the state.

    Raises:
        Broken: the file system cannot be mended by its journal alone.
    """
    copy, state = scratch / "copy.img", scratch / "state"
    subprocess.run(["cp", "--sparse=always", str(disk), str(copy)], check=True)
    for command, good in ((["e2fsck", "-p", str(copy)], _MENDED), (["e2fsck", "-f", "-n", str(copy)], (0,))):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in good:
            raise Broken(f"{' '.join(command[:-1])} ends with {done.returncode}: {done.stdout.strip()[-500:]}")
    state.mkdir()
    dump = ["debugfs", "-R", f"rdump {STATE} {state}", str(copy)]
    subprocess.run(dump, capture_output=True, check=True)
    copy.unlink()
    return state / Path(STATE).name


def _check_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        (answer,) = database.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        raise ValueError(answer)


_CHECKS: Final[dict[str, Callable[[Path], object]]] = {
    ".json": lambda path: json.loads(path.read_text()),
    ".toml": lambda path: tomllib.loads(path.read_text()),
    ".db": _check_database,
}


def faults(state: Path) -> Iterator[str]:
    """Give a line for each file of a state that is not whole."""
    for path in sorted(path for path in state.rglob("*") if path.is_file()):
        try:
            _CHECKS.get(path.suffix, Path.read_bytes)(path)
        except (ValueError, sqlite3.Error, OSError) as error:
            yield f"{path.relative_to(state)}: {error}"


def setting(state: Path) -> int:
    """Return the number that the machine last wrote into its settings, 0 where it wrote none (see `Said`, "kept")."""
    try:
        settings: dict[str, Any] = tomllib.loads((state / "settings.toml").read_text())
    except FileNotFoundError:
        return 0
    return int(settings.get("device", {}).get("room") or 0)
