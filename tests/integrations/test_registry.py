"""The sections of settings.toml that integrations bring: checked as all others are, and kept out of the log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import Field, SecretStr

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.control import Control
from soundit_edge.control.refusals import InvalidChange
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.integrations.integration import Integration, IntegrationSettings
from soundit_edge.integrations.registry import REGISTRY, section_of, settings_model
from soundit_edge.settings import SettingsError, load
from tests.device import refused, soundit

USER = Actor(Kind.PAGE, Role.ADMIN)


class BellSettings(IntegrationSettings):
    """Where the bell is."""

    port: int = Field(default=7070, ge=1, le=65535, title="Port", description="TCP port of the bell.")
    password: SecretStr = Field(default=SecretStr(""), title="Password", description="Of the bell.")


class Bell:
    """An integration that does nothing."""

    name: ClassVar[str] = "bell"
    title: ClassVar[str] = "Door bell"
    Settings: ClassVar[type[IntegrationSettings]] = BellSettings

    def __init__(self, settings: BellSettings) -> None:
        self.settings = settings

    async def run(self, device: Control, connected: Callable[[], None]) -> None:
        """Do nothing."""


KINDS: tuple[type[Integration], ...] = (Bell,)


def test_each_integration_has_a_section_of_its_own_and_runs_where_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[integrations.bell]\nenabled = true\nport = 1\npassword = "sesame"\n[music]\nvolume = 0.5\n')
    settings = load(path, settings_model(KINDS))
    section = section_of(settings, Bell)
    assert isinstance(section, BellSettings)
    assert (section.enabled, section.port, section.password.get_secret_value()) == (True, 1, "sesame")
    assert "sesame" not in repr(settings)
    assert settings.music.volume == 0.5
    path.write_text("[integrations.bell]\nport = 1\n")
    assert not section_of(load(path, settings_model(KINDS)), Bell).enabled


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("bell.password = 12345678", "integrations.bell.password: input should be a valid string"),
        ("bell.port = 0", "integrations.bell.port: input should be greater than or equal to 1"),
        ("bell = 12345678", "integrations.bell: input should be a valid dictionary or instance of bellsettings"),
        ("bell.prot = 12345678", "unknown setting 'integrations.bell.prot'; did you mean 'port'?"),
        ("ball.enabled = true", "unknown setting 'integrations.ball'; did you mean 'bell'?"),
    ],
)
def test_a_wrong_section_is_one_line_without_what_was_written(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[integrations]\n{written}\n")
    with pytest.raises(SettingsError) as failure:
        load(path, settings_model(KINDS))
    assert str(failure.value) == f"{path}: {said}"


def test_a_change_of_a_section_is_checked_as_well(tmp_path: Path) -> None:
    store = SettingsStore(settings_model(KINDS)(), tmp_path / "settings.toml")
    before = store.current
    with pytest.raises(InvalidChange, match=r"integrations\.bell\.port"):
        store.change({"integrations": {"bell": {"port": 0}}}, USER)
    with pytest.raises(InvalidChange, match="did you mean 'bell'"):
        store.change({"integrations": {"ball": {"enabled": True}}}, USER)
    assert store.current is before
    store.change({"integrations": {"bell": {"enabled": True}}}, USER)
    assert section_of(store.current, Bell).enabled


def test_the_device_refuses_a_section_that_it_does_not_know_and_reading_a_clip_does_not_care(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[integrations.nowhere]\nenabled = true\n")
    known = ", ".join(one.name for one in REGISTRY) or "none"
    refused(soundit(tmp_path, "run"), f"unknown setting 'integrations.nowhere'; known are {known}")
    refused(soundit(tmp_path, "read", "gone.mp4"), "gone.mp4")
