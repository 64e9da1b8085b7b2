"""A whole run of the smoke test over a machine that is only played: what it demands of each boot and of each cut."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest

from firmware.smoke import __main__ as smoke
from firmware.smoke import watch
from firmware.smoke.disk import Broken
from firmware.smoke.machine import MachineFault, Said, read_said

Play = Callable[..., smoke.Smoke]


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Return a run whose machine says given lines, and whose disk then holds a given setting."""
    (tmp_path / "data.img").write_bytes(b"")

    def made(*lines: str, on_disk: int = 0, fault: str = "") -> smoke.Smoke:
        text = "".join(f"print({f'smoke: {line}'!r}, flush=True)\n" for line in lines)
        command = [sys.executable, "-c", f"import time\n{text}time.sleep(3600)"]
        monkeypatch.setattr(smoke, "emulator", lambda *_: command)
        monkeypatch.setattr(smoke, "left_behind", lambda disk, scratch: scratch)
        monkeypatch.setattr(smoke, "faults", lambda state: [fault] if fault else [])
        monkeypatch.setattr(smoke, "setting", lambda state: on_disk)
        return smoke.Smoke(tmp_path, cpus=2, memory_mb=2048, limit_s=60)

    return made


ALL = ("userspace 1.0", "page 2.0 ok", "found 2.1 0", "music 3.0 peak", "senses 4.0 face", "kept 5.0 1")


def test_a_boot_that_comes_to_music_and_keeps_a_setting_is_whole(play: Play, tmp_path: Path) -> None:
    run = play(*ALL, on_disk=1)
    said = run.boot()
    assert [one.name for one in said] == ["userspace", "page", "found", "music", "senses", "kept"]
    run.check()
    assert "smoke: kept 5.0 1" in (tmp_path / "console/01.txt").read_text()


def test_the_setting_that_was_being_written_may_be_there_or_not(play: Play) -> None:
    run = play(*ALL, on_disk=2)
    run.boot()
    run.check()


@pytest.mark.parametrize("number", [0, 3])
def test_a_setting_that_was_kept_and_is_not_on_the_disk_is_seen(play: Play, number: int) -> None:
    run = play(*ALL, on_disk=number)
    run.boot()
    with pytest.raises(Broken, match=f"the settings say {number}, but 1 was kept"):
        run.check()


def test_of_what_is_said_again_and_again_the_first_time_counts() -> None:
    said = [Said(name, t, t, "") for name, t in (("page", 1.0), ("kept", 2.0), ("senses", 3.0), ("kept", 4.0))]
    assert smoke.firsts(said) == said[:3]


def test_a_file_that_broke_is_seen(play: Play) -> None:
    with pytest.raises(Broken, match=r"settings\.toml: half"):
        play(fault="settings.toml: half").check()


def test_a_machine_that_forgot_what_it_kept_is_seen(play: Play) -> None:
    run = play(*ALL)
    run.kept = 7
    with pytest.raises(MachineFault, match="found the setting 0, but had kept 7"):
        run.boot()


def test_the_readings_of_the_senses_are_those_that_count() -> None:
    senses: list[dict[str, Any]] = [
        {"name": "face", "emotion": "happiness", "confidence": 0.812},
        {"name": "voice", "emotion": None, "confidence": 0.0},
    ]
    assert watch.readings({"senses": senses}) == ["face happiness 0.81"]


def test_a_page_that_refuses_is_said_and_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = HTTPError("http://device", 403, "Forbidden", Message(), None)
    answers: list[bytes | OSError] = [URLError("nobody listens"), refusal, b"{}"]

    def ask(path: str, body: object = None) -> bytes:
        if isinstance(answer := answers.pop(0), OSError):
            raise answer
        return answer

    monkeypatch.setattr(watch, "ask", ask)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert watch.patiently("/api/status") == b"{}"
    (line,) = capsys.readouterr().out.split("\n")[1:-1]
    assert (said := read_said(line, 0.0))
    assert said.name == "refused"
    assert said.detail == "/api/status: HTTP Error 403: Forbidden"


@pytest.mark.parametrize(("value", "number"), [("", 0), ("41", 41), (None, 0)])
def test_the_setting_is_read_from_the_page(monkeypatch: pytest.MonkeyPatch, value: str | None, number: int) -> None:
    room = f'{{"path": ["device", "room"], "value": {json.dumps(value)}}}'
    page = f'{{"tables": [{{"settings": [{{"path": ["page", "port"], "value": 8347}}, {room}]}}]}}'
    monkeypatch.setattr(watch, "ask", lambda path, body=None: page.encode())
    assert watch.room() == number
