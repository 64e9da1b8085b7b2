"""Safe mode: music and page, nothing sensed; what was chosen otherwise stays."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.health import safe_mode
from soundit_edge.daemon.health.safe_mode import SafeMode, outlive, safe_settings
from soundit_edge.daemon.health.starts import MAX_SHORT_LIVES, CountedStart
from soundit_edge.daemon.launch import Options, prepare
from soundit_edge.integrations.mqtt.client import Mqtt
from soundit_edge.integrations.registry import REGISTRY, section_of, settings_model
from soundit_edge.music.source import MusicSource
from soundit_edge.settings import SettingsError
from tests.waiting import until

WHOLE = settings_model()
FILE = """version = {version}
[device]
camera = "2"
microphone = "Desk"
speaker = "Kitchen"
[inference]
accelerator = "edgetpu"
[music]
play = "library"
volume = 0.3
max_volume = 0.4
[page]
port = 8400
kiosk_lock = true
[privacy]
public_place = true
[integrations.mqtt]
enabled = true
host = "broker"
password = "secret"
"""


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    path = tmp_path / "chosen.toml"
    path.write_text(FILE.format(version=WHOLE().version))
    return path


def test_nothing_is_sensed_and_nothing_connected_and_the_theme_plays(settings_file: Path) -> None:
    launch = prepare(Options(settings=settings_file), safe=True)
    assert list(launch.settings.senses.switched_on()) == []
    assert (launch.config.camera, launch.config.microphone, launch.config.clip) == ("off", "off", None)
    assert launch.config.play is MusicSource.THEME
    assert launch.settings.inference.accelerator == "off"
    assert [kind.name for kind in REGISTRY if section_of(launch.settings, kind).enabled] == []


def test_who_may_open_the_page_the_speaker_and_the_volume_stay(settings_file: Path) -> None:
    usual = prepare(Options(settings=settings_file)).settings
    safe = prepare(Options(settings=settings_file), safe=True).settings
    assert (safe.page, safe.privacy, safe.schedule, safe.kiosk) == (
        usual.page,
        usual.privacy,
        usual.schedule,
        usual.kiosk,
    )
    assert (safe.music.volume, safe.music.max_volume, safe.device.speaker) == (0.3, 0.4, "Kitchen")
    assert section_of(safe, Mqtt).model_dump()["password"] == SecretStr("secret")


def test_no_settings_file_is_changed(settings_file: Path) -> None:
    before = settings_file.read_bytes()
    assert prepare(Options(settings=settings_file), safe=True).settings_path == settings_file
    assert settings_file.read_bytes() == before


def test_options_of_the_command_bring_back_nothing_that_is_sensed_or_played(tmp_path: Path) -> None:
    options = Options(
        camera="0", microphone="Desk", speaker="off", tracks=(tmp_path / "song.mp3",), port=0, network=False
    )
    config = prepare(options, safe=True).config
    assert (config.camera, config.microphone, config.tracks, config.play) == ("off", "off", (), MusicSource.THEME)
    assert (config.speaker, config.port, config.network) == ("off", 0, False)
    assert prepare(Options(clip=tmp_path / "film.mp4"), safe=True).config.clip is None


def test_settings_that_are_broken_do_not_keep_the_page_away_and_are_not_written_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[music\nvolume = 0.2")
    with pytest.raises(SettingsError):
        prepare(Options(settings=broken))
    launch = prepare(Options(settings=broken), safe=True)
    assert launch.settings_path is None
    assert launch.settings.model_dump() == safe_settings(WHOLE()).model_dump()
    assert "broken.toml" in caplog.text


async def test_a_life_that_is_long_enough_is_noted_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_mode, "HEALTHY_S", 0.0)
    for _ in range(MAX_SHORT_LIVES - 1):
        CountedStart(tmp_path)
    start = CountedStart(tmp_path)
    waiting = asyncio.create_task(outlive(start))
    await until(lambda: not CountedStart(tmp_path).safe_why)
    assert not waiting.done()
    waiting.cancel()
    await asyncio.wait({waiting})


async def test_safe_mode_ends_by_itself_for_one_ordinary_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(MAX_SHORT_LIVES):
        CountedStart(tmp_path)
    start = CountedStart(tmp_path)
    assert start.safe_why
    monkeypatch.setattr(safe_mode, "HEALTHY_S", 0.0)
    monkeypatch.setattr(CountedStart, "safe_s", 0.01)
    await outlive(start)
    assert not CountedStart(tmp_path).safe_why
    assert CountedStart(tmp_path).safe_why


async def test_safe_mode_that_was_asked_for_does_not_end_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CountedStart(tmp_path).ask_for(safe_mode=True)
    monkeypatch.setattr(safe_mode, "HEALTHY_S", 0.0)
    monkeypatch.setattr(CountedStart, "safe_s", 0.0)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(outlive(CountedStart(tmp_path)), 0.05)


async def test_whoever_asks_for_safe_mode_is_answered_and_then_the_device_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_mode, "ANSWER_S", 0.01)
    for on in (True, False):
        ended = asyncio.Event()
        door = SafeMode(CountedStart(tmp_path), ended.set)
        assert door.safe_mode is not on
        with pytest.raises(NotNow, match="not in safe mode" if on else "in safe mode already"):
            door.set_safe_mode(not on)
        door.set_safe_mode(on)
        assert not ended.is_set()
        await ended.wait()
    assert not CountedStart(tmp_path).safe_why


async def test_safe_mode_that_cannot_be_remembered_is_refused(tmp_path: Path) -> None:
    ended: list[None] = []
    door = SafeMode(CountedStart(None), lambda: ended.append(None))
    with pytest.raises(NotNow, match="cannot be remembered"):
        door.set_safe_mode(True)
    assert not ended
