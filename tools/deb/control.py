"""What dpkg is told about the package: its fields, its scripts and the sums of its files."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tools.deb.target import PACKAGE, Target

MAINTAINER: Final = "soundit_edge's authors <soundit-edge@soundit-edge.invalid>"
SCRIPTS: Final = ("preinst", "postinst", "prerm", "postrm")

_SHORT: Final = "plug-in ambient mood speaker"
_LONG: Final = """\
 Watches and listens to a room, reads its mood from faces, bodies, lips,
 voices and colours with small models on this computer, and plays music that
 follows the mood. Pictures and voices are read in memory and never leave it.
 .
 Starts by itself, at each boot, and is operated by its page in a browser."""


def control_text(target: Target, installed_size: int) -> str:
    """Return the control file.

    Args:
        target: what the package is for.
        installed_size: kibibytes of all its files.
    """
    fields = {
        "Package": PACKAGE,
        "Version": target.deb_version,
        "Architecture": target.architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(installed_size),
        # The libraries are what the wheels do not carry. The Python is one of the release's, hence the two bounds.
        "Depends": f"python3 (>= {target.python}), python3 (<< {target.next_python}), libc6 (>= 2.34), libgcc-s1, "
        "libstdc++6, libportaudio2, systemd | systemd-standalone-sysusers | systemd-sysusers",
        "Recommends": "alsa-utils, ca-certificates, libfluidsynth3, musescore-general-soundfont-small, udev",
        "Suggests": "avahi-daemon, bash-completion, man-db",
        "Section": "sound",
        "Priority": "optional",
        "Description": f"{_SHORT}\n{_LONG}",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def changelog_text(target: Target, when: int) -> str:
    """Return the changelog in Debian's form: this version, and where the project's own lies.

    Args:
        target: what the package is for.
        when: the time of what is built, in seconds since 1970.
    """
    date = datetime.fromtimestamp(when, UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"{PACKAGE} ({target.deb_version}) stable; urgency=medium\n\n"
        f"  * soundit_edge {target.version}; what is new stands in NEWS.gz.\n\n"
        f" -- {MAINTAINER}  {date}\n"
    )


def write_control(root: Path, target: Target, scripts: Path) -> None:
    """Write the folder DEBIAN below `root`, after all other files.

    Args:
        root: the package's files.
        target: what the package is for.
        scripts: the folder of `SCRIPTS`.
    """
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    sums = "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(root)}\n"
        for path in files
    )
    size = sum(-(-path.stat().st_size // 1024) for path in files)
    folder = root / "DEBIAN"
    folder.mkdir()
    (folder / "control").write_text(control_text(target, size))
    (folder / "md5sums").write_text(sums)
    for name in SCRIPTS:
        (folder / name).write_text((scripts / name).read_text().replace("@VERSION@", target.deb_version))
        (folder / name).chmod(0o755)
