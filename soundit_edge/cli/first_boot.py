"""Names an appliance by its serial number, so that ten of them in one house have ten names. Run by the image alone."""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

from soundit_edge.files import write_whole

_SERIALS: Final = (
    "sys/firmware/devicetree/base/serial-number",
    "sys/class/dmi/id/product_serial",
    "etc/machine-id",
)
"""Where a computer has a number of its own, the best first; firmware may fill one with zeros or words."""
_USELESS: Final = re.compile(r"(0*|none|not .*|to be filled.*|default.*|system serial number)", re.IGNORECASE)


def name_by_serial(root: Path = Path("/")) -> str:
    """Return the name for this computer, such as "soundit-3fa1"; "soundit" where it has no number of its own.

    The digits are of a hash: a serial number is nobody's business in the network.

    Args:
        root: the folder that sys and etc lie in.
    """
    for place in _SERIALS:
        with contextlib.suppress(OSError):
            serial = (root / place).read_bytes().strip(b"\0\n ").decode("ascii", "replace")
            if not _USELESS.fullmatch(serial):
                return f"soundit-{hashlib.sha256(serial.encode()).hexdigest()[:4]}"
    return "soundit"


def name_computer(root: Path = Path("/"), set_name: Callable[[str], None] = socket.sethostname) -> str:
    """Set the host name of the running system, and that of the next boots where /etc can be written and lacks it.

    Args:
        root: the folder that sys and etc lie in.
        set_name: names the running system.

    Returns:
        The name.

    Raises:
        OSError: the running system cannot be named.
    """
    name = name_by_serial(root)
    set_name(name)
    # A root that is read-only for good gets its name by this unit at each boot.
    with contextlib.suppress(OSError):
        _write(root / "etc/hosts", _with_own_name(_read(root / "etc/hosts"), name))
        _write(root / "etc/hostname", f"{name}\n")
    return name


def _with_own_name(hosts: str, name: str) -> str:
    others = [line for line in hosts.splitlines() if line.split()[:1] != ["127.0.1.1"]]
    return "\n".join([*others, f"127.0.1.1\t{name}"]) + "\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape") if path.exists() else "127.0.0.1\tlocalhost\n"


def _write(path: Path, text: str) -> None:
    if not path.exists() or _read(path) != text:
        write_whole(path, text.encode(errors="surrogateescape"))


if __name__ == "__main__":
    print(f"this computer is called {name_computer()}")  # noqa: T201
