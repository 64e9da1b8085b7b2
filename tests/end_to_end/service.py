"""The device as a service manager starts it: all that it keeps lies in one folder, and its log goes to a journal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from soundit_edge.daemon.health.starts import FILE as STARTS
from tests.device import RunningDevice
from tests.fakes.journal import Journal
from tests.fakes.service_manager import Listener
from tests.waiting import wait_until

READ_ONLY = """
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
for place in / /tmp; do if mountpoint -q "$place"; then mount -o remount,bind,ro "$place"; fi; done
if touch "$PWD/write-test" 2>/dev/null; then echo "the root is not read-only" >&2; exit 1; fi
shift
exec "$@"
"""
"""Run a command with everything read-only but one folder, as systemd does with ProtectSystem=strict."""


def can_have_a_read_only_root() -> bool:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    tried = ["unshare", "--mount", "sh", "-c", "mount --make-rprivate /"]
    return subprocess.run(tried, capture_output=True, check=False, timeout=60).returncode == 0


class Service:
    """A device that a service manager starts. A context manager, which ends the manager and the journal."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.var = folder, folder / "var"
        self.state = self.var / "state"
        self.state.mkdir(parents=True)
        self.manager = Listener(str(folder / "notify"))
        self.journal = Journal(folder / "journal")

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *exc: object) -> None:
        self.manager.close()
        self.journal.close()

    def run(self, *arguments: str, read_only: bool = False) -> RunningDevice:
        places = {
            "SOUNDIT_SETTINGS": str(self.var / "settings.toml"),
            "SOUNDIT_LOG": f"journal:{self.journal.address}",
            "SOUNDIT_STATE": str(self.state),
            "SOUNDIT_LIBRARY": str(self.var / "library.db"),
            "SOUNDIT_CACHE": str(self.var / "cache"),
            "SOUNDIT_LOCAL_MODELS": str(self.var / "models"),
            "SOUNDIT_EDGETPU_MODELS": str(self.var / "edgetpu"),
            "NOTIFY_SOCKET": self.manager.address,
            "WATCHDOG_USEC": "600000",
        }
        before = ("unshare", "--mount", "sh", "-c", READ_ONLY, "sh", str(self.var)) if read_only else ()
        return RunningDevice(self.folder, *arguments, extra=places, before=before)

    def hear(self, message: str) -> list[str]:
        """Return what the service manager hears, up to a message at least."""
        heard: list[str] = []

        def come() -> bool:
            heard.extend(self.manager.heard())
            return message in heard

        wait_until(come)
        return heard

    def starts(self) -> dict[str, object]:
        return dict(json.loads((self.state / STARTS).read_bytes()))
