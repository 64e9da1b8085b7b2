# ruff: noqa: ASYNC110, ASYNC240 - a thread writes, to files of a few lines
"""The settings in force: all of a change or nothing, subscribers by section, and the file."""

from __future__ import annotations

import asyncio
import contextlib
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.refusals import InvalidChange
from soundit_edge.daemon import settings_store
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.settings import DeviceSettings, LockSettings, MusicSettings, Settings, load
from tests.waiting import until

PAGE = Actor(Kind.PAGE, Role.OPERATOR)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture
def store(path: Path, monkeypatch: pytest.MonkeyPatch) -> SettingsStore:
    monkeypatch.setattr(settings_store, "SAVE_S", 0.01)
    return SettingsStore(Settings(), path)


@contextlib.asynccontextmanager
async def running(store: SettingsStore) -> AsyncIterator[None]:
    task = asyncio.create_task(store.run())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until_written(path: Path, words: str) -> None:
    while not path.exists() or words not in path.read_text():
        await asyncio.sleep(0.005)


async def test_a_change_is_in_force_at_once(store: SettingsStore) -> None:
    store.change({"music": {"volume": 0.25, "lock": {"tempo": 1.5, "wah": 0.5}}}, PAGE)
    store.change({"music": {"policy": "calm", "lock": {"wah": None}}}, PAGE)
    assert store.current.music == MusicSettings(volume=0.25, policy="calm", lock=LockSettings(tempo=1.5))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"volume": 7.5}, "music.volume: input should be less than or equal to 1, but it is 7.5"),
        ({"volume": float("nan")}, "music.volume"),
        ({"policy": "cheer"}, "music.policy"),
        ({"volum": 0.5}, "did you mean 'volume'"),
        ({"lock": {"temp": 1.0}}, "unknown setting 'music.lock.temp'; did you mean 'tempo'"),
        ({"lock": {"tempo": 9.0}}, "music.lock.tempo"),
        ({"lock": 3}, "music.lock"),
        ({"volume": 0.5, "lock": {"tempo": 9.0}}, "music.lock.tempo"),
    ],
)
async def test_of_a_change_that_is_not_valid_nothing_is_done(
    store: SettingsStore, path: Path, change: dict[str, Any], words: str
) -> None:
    """Volume 7.5 was taken and saved, and the next start refused the file."""
    seen: list[MusicSettings] = []
    store.subscribe(lambda s: s.music, lambda music, _: seen.append(music))
    async with running(store):
        with pytest.raises(InvalidChange) as refusal:
            store.change({"music": change}, PAGE)
        assert words in str(refusal.value)
        assert "\n" not in str(refusal.value)
    assert store.current == Settings()
    assert seen == []
    assert not path.exists()


async def test_who_subscribed_to_a_section_hears_of_its_changes_alone_and_of_who_made_them(
    store: SettingsStore,
) -> None:
    music: list[tuple[float, Actor]] = []
    device: list[DeviceSettings] = []
    store.subscribe(lambda s: s.music, lambda section, by: music.append((section.volume, by)))
    store.subscribe(lambda s: s.device, lambda section, _: device.append(section))
    mqtt = Actor(Kind.INTEGRATION, Role.OPERATOR, "mqtt")
    store.change({"music": {"volume": 0.5}}, PAGE)
    store.change({"music": {"volume": 0.5}}, PAGE)
    store.change({"music": {"volume": 0.6}}, mqtt)
    assert music == [(0.5, PAGE), (0.6, mqtt)]
    assert device == []


async def test_only_what_was_changed_is_written(store: SettingsStore, path: Path) -> None:
    """Hand edits of a running device's file were overwritten with what it had read at its start."""
    async with running(store):
        store.change({"music": {"volume": 0.25}}, PAGE)
        await until_written(path, "volume = 0.25")
        path.write_text('[device]\nspeaker = "kitchen" # by hand\n[music]\nvolume = 0.9\n[page]\nport = 9000\n')
        store.change({"music": {"policy": "calm"}}, PAGE)
        await until_written(path, "calm")
    assert path.read_text() == (
        '[device]\nspeaker = "kitchen" # by hand\n[music]\nvolume = 0.9\npolicy = "calm"\n[page]\nport = 9000\n'
    )


async def test_a_slider_on_its_way_is_written_once(
    store: SettingsStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_store, "SAVE_S", 1.0)
    written: list[object] = []
    monkeypatch.setattr("soundit_edge.settings.update", lambda _, changes: written.append(changes))
    async with running(store):
        for k in range(100):
            store.change({"music": {"volume": k / 100}}, PAGE)
            await asyncio.sleep(0.0001)
    assert written == [{("music", "volume"): 0.99}]


async def test_at_the_end_the_last_choice_is_written(store: SettingsStore, path: Path) -> None:
    async with running(store):
        store.change({"music": {"lock": {"tempo": 1.5}}}, PAGE)
    assert load(path).music.lock == LockSettings(tempo=1.5)


async def test_a_lock_that_is_let_go_leaves_the_file(store: SettingsStore, path: Path) -> None:
    path.write_text("[music.lock]\ntempo = 1.5\nwah = 0.5\n")
    async with running(store):
        store.change({"music": {"lock": {"tempo": None}}}, PAGE)
    assert tomllib.loads(path.read_text()) == {"music": {"lock": {"wah": 0.5}}}


async def test_what_cannot_be_kept_is_told_and_tried_again_with_the_next_change(
    store: SettingsStore, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk was known to the log alone, which lay on it."""
    path.mkdir()
    async with running(store):
        store.change({"music": {"volume": 0.25}}, PAGE)
        while not store.note:
            await asyncio.sleep(0.005)
        assert store.note.startswith("what you chose cannot be kept: ")
        assert "settings.toml" in store.note
        assert store.current.music.volume == 0.25
        path.rmdir()
        store.change({"music": {"policy": "lift"}}, PAGE)
        while store.note:
            await asyncio.sleep(0.005)
    assert load(path).music == MusicSettings(volume=0.25, policy="lift")
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_what_cannot_be_kept_is_kept_as_soon_as_it_can_be(
    store: SettingsStore, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It waited for the next change: a device that lost its power after its disk was mended did not know the choice."""
    monkeypatch.setattr(settings_store, "RETRY_S", 0.01)
    path.mkdir()
    async with running(store):
        store.change({"music": {"volume": 0.25}}, PAGE)
        await until(lambda: store.note)
        await asyncio.sleep(0.1)  # for some attempts, of which the first alone is logged
        path.rmdir()
        await until(lambda: not store.note)
        assert load(path).music == MusicSettings(volume=0.25)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_a_file_in_the_middle_of_being_edited_is_left_alone(store: SettingsStore, path: Path) -> None:
    path.write_text("[music]\nvolume = \n")
    async with running(store):
        store.change({"music": {"volume": 0.25}}, PAGE)
        while not store.note:
            await asyncio.sleep(0.005)
    assert "not valid TOML" in store.note
    assert path.read_text() == "[music]\nvolume = \n"


SECOND = '[cameras.second]\nsource = "rtsp://porch/1"\nuser = "admin"\npassword = "geheim"\n'


async def test_whom_a_login_is_for_is_written_beside_it(path: Path, store: SettingsStore) -> None:
    path.write_text(SECOND)
    async with running(SettingsStore(load(path), path)):
        await until_written(path, "login_for")
    assert path.read_text().startswith(SECOND)
    path.write_text(path.read_text().replace("rtsp://porch/1", "rtsp://yard/1"))
    second = SettingsStore(load(path), path).current.cameras.second
    assert second.login_at(second.source)[1].get_secret_value() == ""


@pytest.mark.parametrize("more", [{}, {"user": "thief"}, {"login_for": "rtsp://yard:554"}])
async def test_attack_a_change_of_the_camera_does_not_send_its_password_elsewhere(
    path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, str]
) -> None:
    monkeypatch.setattr(settings_store, "SAVE_S", 0.01)
    path.write_text(SECOND)
    store = SettingsStore(load(path), path)
    async with running(store):
        store.change({"cameras": {"second": {"source": "rtsp://yard/1", **more}}}, PAGE)
        await until_written(path, "yard")
    second = load(path).cameras.second
    assert second == store.current.cameras.second
    assert second.login_at(second.source)[1].get_secret_value() == ""
    assert "geheim" not in path.read_text()
