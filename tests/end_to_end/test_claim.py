"""The claim of the real device: by its own command, kept over a restart, and taken back on the device itself."""

from __future__ import annotations

import re
import signal
import stat
from pathlib import Path

import httpx

from tests.device import NOTHING_SENSED, RunningDevice, soundit_here

PASSWORD = "correct horse battery"
QUIET = (*NOTHING_SENSED, "--speaker", "off")


def test_a_claim_is_kept_over_a_restart_and_taken_back_by_its_owner(tmp_path: Path) -> None:
    assert "not claimed" in soundit_here(tmp_path, "claim").stdout
    with RunningDevice(tmp_path, *QUIET, "--network") as device:
        address = device.wait_for_page()
        body = {"name": "Anna", "password": PASSWORD}
        cookie = device.page.post("api/claim", json=body).raise_for_status().headers["set-cookie"].partition(";")[0]
        assert device.stop(signal.SIGTERM) == 0
        said = device.stderr()
    code = re.search(r"enter the code ([A-Z0-9]{4}-[A-Z0-9]{4})\n", said)
    assert code is not None
    log = (tmp_path / "soundit.log").read_text()
    assert [secret for secret in (code[1], PASSWORD, cookie.partition("=")[2]) if secret in log] == []
    assert stat.S_IMODE((tmp_path / "state" / "accounts.json").stat().st_mode) == 0o600
    assert soundit_here(tmp_path, "claim").stdout.splitlines()[1:] == ["  Anna (admin)"]
    (tmp_path / "settings.toml").write_text('[page]\nlocal_role = "none"\n')
    with RunningDevice(tmp_path, *QUIET) as device:
        address = device.wait_for_page()
        with httpx.Client(base_url=address, verify=False) as browser:
            assert browser.get("api/status").status_code == 401
            assert browser.get("api/status", headers={"cookie": cookie}).status_code == 200
            assert soundit_here(tmp_path, "claim", "--reset").returncode == 0
            assert browser.get("api/status", headers={"authorization": "Bearer x"}).status_code == 401
            assert browser.get("api/status", headers={"cookie": cookie}).status_code == 200  # nobody has claimed it
            assert browser.get("api/me").json()["claimed"] is False
        assert device.stop(signal.SIGTERM) == 0
