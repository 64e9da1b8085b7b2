"""docs/howto/preset.md, done to a copy of the package: the preset can be chosen on the page and moves the music."""

from __future__ import annotations

import signal
import tomllib
from pathlib import Path

from tests.device import NOTHING_SENSED, RunningDevice
from tests.howto.pages import RUN, build, places


def test_a_preset_in_two_places_is_chosen_on_the_page_and_moves_the_music(tmp_path: Path) -> None:
    assert len(places("preset")) <= 2
    build(tmp_path, "preset")
    with RunningDevice(tmp_path, *NOTHING_SENSED, "--speaker", "off", program=RUN) as device:
        device.wait_for_page()
        refused = device.page.put("api/preset", json={"preset": "nigth"})
        assert refused.status_code == 422
        assert '"night"' in refused.json()["detail"]
        before = device.status()["music"]
        device.page.put("api/preset", json={"preset": "night"}).raise_for_status()
        # The room is neutral, for nothing is sensed: the row of that emotion is in force.
        status = device.wait_until(lambda s: s["music"]["loudness_db"] < -6.0 and s["music"]["cutoff_hz"] < 5_000)
        music = status["music"]
        assert (before["preset"], before["loudness_db"] > -1.0, before["cutoff_hz"] > 9_000) == ("musical", True, True)
        assert (music["preset"], music["reason"]) == ("night", "you chose the night preset: darker, softer")
        assert device.stop(signal.SIGTERM) == 0
    assert tomllib.loads((tmp_path / "settings.toml").read_text())["music"] == {"preset": "night", "lock": {}}
