"""The settings of a running device: in force at once, held by the schedule, and kept in the file."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

from soundit_edge.settings import load
from tests.device import NOTHING_SENSED, RunningDevice

QUIET = (*NOTHING_SENSED, "--speaker", "off")
ALWAYS = [{"from": "00:00", "to": "00:00", "max_volume": 0.1}]


def change(running: RunningDevice, **changes: Any) -> dict[str, Any]:
    """Change settings; return all of them by the names of their keys."""
    answer = running.page.patch("api/settings", json={"changes": changes}).raise_for_status().json()
    assert answer["note"] == ""
    return {".".join(one["path"]): one for table in answer["tables"] for one in table["settings"]}


def test_a_setting_is_in_force_at_once_and_kept_and_quiet_hours_give_back_what_was(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    with RunningDevice(tmp_path, *QUIET) as device:
        device.wait_for_page()
        assert not device.status()["welcomed"]
        known = change(
            device, device={"room": "Kitchen"}, music={"max_volume": 0.5}, page={"port": 9000, "welcomed": True}
        )
        assert (known["page.port"]["waits"], known["device.room"]["waits"]) == (True, False)
        status = device.wait_until(lambda s: s["room"] == "Kitchen")
        assert (status["volume"], status["welcomed"]) == (0.5, True)
        device.page.put("api/volume", json={"volume": 0.9}).raise_for_status()
        assert device.status()["volume"] == 0.5
        change(device, schedule={"quiet": ALWAYS})
        held = device.wait_until(lambda s: s["volume"] == 0.1)
        assert held["schedule"] == "quiet hours until 00:00: no louder than 10 %"
        change(device, schedule={"quiet": []})
        assert device.wait_until(lambda s: s["volume"] == 0.5)["schedule"] == ""
        device.stop(signal.SIGTERM)
    kept = load(settings)
    assert (kept.device.room, kept.music.max_volume, kept.page.port, kept.music.volume) == ("Kitchen", 0.5, 9000, 0.5)
