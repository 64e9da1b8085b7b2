"""A report has what a defect is found by, and nothing of who uses the device."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from soundit_edge.doctor.finding import Finding
from soundit_edge.support import gather as gathering
from soundit_edge.support.gather import gather
from soundit_edge.support.log_tail import LINES, log_tail
from soundit_edge.support.redaction import Redactor
from soundit_edge.support.render import as_text
from tests.doctor.world import World, answering, silent
from tests.fakes.control import FakeControl

SECRETS = {
    "room": "Karlas Werkstatt",
    "speaker": "Karlas Kopfhoerer",
    "contact": "karla@werkstatt.example",
    "host": "hausbus.karla.example",
    "user": "karlamq",
    "password": "Gr3nzenlos!",
    "hook": "Qk93hhd8Zz00",
}
SETTINGS = f"""
[device]
room = "{SECRETS["room"]}"
speaker = "{SECRETS["speaker"]}"
[music]
volume = 0.31
[privacy]
contact = "{SECRETS["contact"]}"
[integrations.mqtt]
host = "{SECRETS["host"]}"
username = "{SECRETS["user"]}"
password = "{SECRETS["password"]}"
[integrations.webhook]
secret = "{SECRETS["hook"]}"
"""
LOG = f"""\
2026-11-29 10:00:00,000 INFO soundit: playing Karlas Lied through {SECRETS["speaker"]}
2026-11-29 10:00:01,000 WARNING soundit_edge.integrations.supervisor: mqtt: {SECRETS["host"]} refuses {SECRETS["user"]}
2026-11-29 10:00:02,000 WARNING soundit_edge.capture.clip: /home/karla/Urlaub.mp4: reading ended early: disk full
2026-11-29 10:00:03,000 INFO soundit_edge.daemon.output: the audio process died and was started again
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A computer without anything."""
    return World(tmp_path / "root")


@pytest.fixture
def lived_in(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """A computer that somebody lives with."""
    world.write("settings.toml", SETTINGS)
    world.write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0")
    world.write("etc/os-release", 'ID=debian\nVERSION_ID="12"\n')
    (tmp_path / "log").write_text(LOG)
    monkeypatch.setenv("SOUNDIT_LOG", str(tmp_path / "log"))
    found = [Finding("camera", "bad", "/dev/video0 of karla is gone", "plug it in")]
    monkeypatch.setattr(gathering, "examine", lambda here: found)
    status: dict[str, Any] = json.loads(FakeControl().now.model_dump_json())
    status["music"] |= {"title": "Let it be", "artist": "Karla", "note": "Karlas Lied is broken"}
    status["room"] = SECRETS["room"]
    world.change(status=answering(status))
    return world


def test_nothing_of_who_uses_the_device_is_in_it(lived_in: World) -> None:
    report = gather(lived_in.surroundings)
    for text in (json.dumps(report, ensure_ascii=False), as_text(report)):
        for secret in (*SECRETS.values(), "Karla", "karla", "Urlaub", "Let it be", "Werkstatt"):
            assert secret not in text, secret


def test_what_a_defect_is_found_by_is_in_it(lived_in: World) -> None:
    report = gather(lived_in.surroundings)
    assert report["computer"]["board"] == "Raspberry Pi 4 Model B Rev 1.4"
    assert report["computer"]["system"] == "debian 12"
    assert report["settings"]["music.volume"] == 0.31
    assert report["settings"]["integrations.mqtt.password"] == report["settings"]["device.room"] == "set"
    assert report["doctor"]["findings"][0]["state"] == "bad"
    assert report["doctor"]["findings"][0]["mend"] == "plug it in"
    assert [sense["name"] for sense in report["device"]["senses"]] != []
    assert "emotion" not in json.dumps(report["device"])
    assert report["log"][-1].endswith("the audio process died and was started again")
    assert report["log"][2].endswith("reading ended early: disk full")
    assert "the audio process died" in as_text(report)


def test_a_report_of_a_box_where_nothing_works(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_LOG", str(world.root / "nowhere"))
    world.write("settings.toml", "[page\n")
    monkeypatch.setattr(gathering, "examine", lambda here: [])
    report = gather(world.surroundings)
    assert (report["device"], report["settings"], report["log"]) == (None, None, [])
    assert as_text(report)


def test_the_journal_is_read_where_the_service_writes_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_LOG", str(tmp_path / "log"))
    (tmp_path / "log").write_text("of the file\n" * (LINES + 5))
    assert log_tail(lambda command: "of the journal\n") == ["of the journal"]
    assert log_tail(lambda command: "-- No entries --\n") == ["of the file"] * LINES
    assert log_tail(silent) == ["of the file"] * LINES


def test_the_doctors_own_findings_are_the_programs_own_words() -> None:
    """What the checks say must come through: their texts are the vocabulary."""
    sentence = "the voltage was too low since the last start"
    assert Redactor().text(sentence) == sentence
