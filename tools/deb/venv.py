"""The virtual environment inside the package: wheels unpacked as they are, whatever Python and machine they are for."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from soundit_edge.errors import SounditError
from tools.deb.target import Target

VENV: Final = PurePosixPath("/usr/lib/soundit-edge/venv")

_PROGRAM: Final = f"""#!{VENV}/bin/python
import sys

from soundit_edge.__main__ import main

if __name__ == '__main__':  # processes that are spawned import this file, too
    sys.exit(main())
"""


class OddWheel(SounditError):
    """A wheel holds what this package does not know how to install. The text says what."""


def make_venv(root: Path, target: Target) -> Path:
    """Lay out an empty environment of Debian's own Python below `root`, with the program in it.

    Returns:
        Its folder of packages.
    """
    venv = root / VENV.relative_to("/")
    programs, site = venv / "bin", venv / "lib" / f"python{target.python}" / "site-packages"
    programs.mkdir(parents=True)
    site.mkdir(parents=True)
    (programs / "python").symlink_to(f"../../../../bin/python{target.python}")
    (programs / "python3").symlink_to("python")
    (programs / "soundit").write_text(_PROGRAM)
    (programs / "soundit").chmod(0o755)
    (venv / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {target.python}\n"
    )
    return site


def unpack(wheel: Path, site: Path, wanted: Callable[[str], bool] = lambda _: True) -> None:
    """Unpack a wheel's packages, but not its programs: of those the appliance has one, its own.

    Args:
        wheel: the file.
        site: the environment's folder of packages.
        wanted: says of each name in the wheel whether to unpack it.

    Raises:
        OddWheel: a name leads out of the folder, or two wheels hold the same file.
    """
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            parts = PurePosixPath(member.filename).parts
            if len(parts) > 2 and parts[0].endswith(".data"):
                if parts[1] not in ("purelib", "platlib"):
                    continue  # programs, their manual pages, and headers of C
                parts = parts[2:]
            # Byte code, which some wheels carry, is the installing computer's own.
            if member.is_dir() or "__pycache__" in parts or not wanted(member.filename):
                continue
            path = site.joinpath(*parts)
            if ".." in parts or not path.is_relative_to(site):
                raise OddWheel(f"{wheel.name}: {member.filename} leads out of the folder of packages")
            if path.exists():
                raise OddWheel(f"{wheel.name}: {'/'.join(parts)} is another package's, too")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(member))


def is_model(name: str) -> bool:
    """Return whether a file in MediaPipe's wheel is one of its models, or says whose they are."""
    top, _, below = name.partition("/")
    if top.endswith(".dist-info"):
        return below in ("METADATA", "LICENSE")
    return name.startswith("mediapipe/modules/") and name.endswith(".tflite")
