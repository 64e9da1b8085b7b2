"""The composition root, as a service manager sees it: the real command, and a real socket that it reports to."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

from tests.device import NOTHING_SENSED, RunningDevice
from tests.waiting import HANG_S


def test_a_service_manager_hears_of_its_start_its_life_and_its_end(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(HANG_S)
        extra = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "600000"}
        with RunningDevice(tmp_path, *NOTHING_SENSED, "--speaker", "off", extra=extra) as device:
            first = [manager.recv(100) for _ in range(3)]
            device.wait_for_page()
            device.stop(signal.SIGTERM)
            assert device.process.returncode == 0
        manager.setblocking(False)
        last = b""
        while last != b"STOPPING=1":
            last = manager.recv(100)
    assert sorted(first) == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
