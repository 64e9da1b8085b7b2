"""The device as a service: on a root that is read-only, killed and started again, and in safe mode."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundit_edge.daemon.health.starts import FILE as STARTS
from soundit_edge.daemon.health.starts import MAX_SHORT_LIVES
from soundit_edge.daemon.watch.mood_recorder import FILE as MOODS
from tests.device import NOTHING_SENSED
from tests.end_to_end.service import Service, can_have_a_read_only_root
from tests.waiting import HANG_S, wait_until


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Service(tmp_path) as made:
        yield made


def test_a_crash_is_one_restart_with_all_that_was_kept_and_nothing_is_written_elsewhere(service: Service) -> None:
    """On a root that is read-only, where this user can have one; with the service manager's socket at its ear."""
    moods = {"version": 1, "means": [[round(time.time()) - 60.0, 30, 0.5, 0.2, 0.8, "happy"]], "marks": []}
    (service.state / MOODS).write_text(json.dumps(moods))
    (service.var / "settings.toml").write_text('[music]\ntrack = "/srv/music/Ann & Bob/our: wedding.mp3"\n')
    quiet, read_only = (*NOTHING_SENSED, "--speaker", "off"), can_have_a_read_only_root()
    with service.run(*quiet, read_only=read_only) as device:
        heard = service.hear("READY=1")
        device.wait_for_page()
        change = {"changes": {"device": {"room": "Kitchen"}}}
        device.page.patch("api/settings", json=change).raise_for_status()
        wait_until(lambda: 'room = "Kitchen"' in (service.var / "settings.toml").read_text())
        heard += service.hear("WATCHDOG=1")
        device.process.kill()
        device.process.wait()
    assert set(heard) == {"STATUS=playing", "READY=1", "WATCHDOG=1"}
    assert service.starts() == {"short": 1, "safe": 0, "why": "", "asked": False}
    with service.run(*quiet, read_only=read_only) as device:
        device.wait_for_page()
        status = device.status()
        assert status["room"] == "Kitchen"
        assert "our: wedding.mp3" in status["music"]["note"], "the page says which"
        assert "happy" in device.page.get("api/history/mood").raise_for_status().text
        service.hear("WATCHDOG=1")  # the kernel holds ten messages: there has to be a place for the last
        assert device.stop(signal.SIGTERM) == 0
    assert "STOPPING=1" in service.hear("STOPPING=1")
    assert service.starts() == {"short": 0, "safe": 0, "why": "", "asked": False}
    log = service.journal.entries()
    warned = [entry["MESSAGE"] for entry in log if int(entry["PRIORITY"]) < 6]
    assert [message.split("; ")[-1] for message in warned] == ["it is left out"] * 2
    said = "\n".join(entry["MESSAGE"] for entry in log)
    assert not any(name in said for name in ("Ann", "Bob", "wedding", "Read-only"))
    assert sorted(path.name for path in service.folder.iterdir()) == ["journal", "notify", "var"]


@pytest.mark.thorough
def test_an_administrator_sees_the_report_and_starts_the_device_in_safe_mode_and_out_of_it(service: Service) -> None:
    quiet = (*NOTHING_SENSED, "--speaker", "off")
    for on in (True, False):
        with service.run(*quiet) as device:
            device.wait_for_page()
            assert device.status()["safe_mode"] is not on
            if on:
                report = device.page.get("api/report", timeout=HANG_S).raise_for_status().json()["text"]
                assert report.startswith("soundit report")
                assert "underruns: " in report, "of the device that runs"
            device.page.put("api/safe_mode", json={"on": on}).raise_for_status()
            assert device.process.wait(HANG_S) == 0
        assert service.starts()["asked"] is on
    assert service.starts() == {"short": 0, "safe": 0, "why": "", "asked": False}


def test_a_crash_loop_ends_in_safe_mode_which_says_why_and_ends_when_it_is_stopped(service: Service) -> None:
    (service.state / STARTS).write_text(json.dumps({"short": MAX_SHORT_LIVES, "safe": 0, "why": "a driver hangs"}))
    (service.var / "settings.toml").write_text("[music\nthis is no TOML")
    why = "safe mode, with music and page only: 3 starts in a row ended within 5 minutes. The latest: a driver hangs"
    with service.run("--clip", "nothing.mp4", "--speaker", "off") as device:
        heard = service.hear("WATCHDOG=1")
        device.wait_for_page()
        status = device.status()
        assert status["note"] == why
        assert status["music"]["source"] == "theme"
        assert [sense["name"] for sense in status["senses"] if sense["state"] != "off"] == []
        assert {source["role"] for source in status["sources"]} == {"speaker"}
        assert f"STATUS={why}" in heard
        assert device.stop(signal.SIGTERM) == 0
    assert service.starts() == {"short": 0, "safe": 0, "why": "", "asked": False}
    assert (service.var / "settings.toml").read_text() == "[music\nthis is no TOML"
