"""The commented file: all settings with their texts, nothing set, never in the place of another one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from pydantic import Field, SecretStr, create_model

from soundit_edge.integrations.registry import settings_model
from soundit_edge.settings import (
    MusicSettings,
    QuietHours,
    ScheduleSettings,
    Section,
    Settings,
    SettingsError,
    load,
    update,
)
from soundit_edge.settings.commented import SENTINEL, commented, write_commented
from soundit_edge.settings.describe import fields, tables
from soundit_edge.settings.file import parse
from tests.settings.test_file import anything


class BellSettings(Section):
    """Where the bell is."""

    password: SecretStr = Field(default=SecretStr(""), title="Password", description="Of the bell.")
    tune: str | None = Field(default=None, title="Tune", description="What it plays.")


def with_secret(password: str = "") -> Settings:
    """Settings that have a secret."""
    model = create_model("WithBell", __base__=settings_model(), bell=(BellSettings, BellSettings()))
    return model.model_validate({"bell": {"password": password}})


def test_it_sets_nothing() -> None:
    assert tomllib.loads(commented(Settings())).keys() == {"version", *Settings.model_fields} - {"integrations"}


def test_what_it_shows_can_be_set(tmp_path: Path) -> None:
    """Somebody takes every "# " away."""
    path = tmp_path / "settings.toml"
    bare = re.sub(r"(?m)^# (?=[a-z_]+ = |    \{|\])", "", commented(Settings()))
    assert bare.count("volume = ") > commented(Settings()).count("\nvolume = ")
    path.write_text(bare)
    settings = load(path)
    assert settings.music.model_copy(update={"lock": None}) == MusicSettings().model_copy(update={"lock": None})
    assert len(settings.schedule.entries) == len(settings.schedule.quiet) == 1


def test_every_setting_is_there_with_its_texts() -> None:
    text = commented(settings_model()())
    flat = re.sub(r"\n# ", " ", text)
    for path, field in fields(settings_model()).items():
        assert f"{field.schema['title']}: {field.schema['description']}" in flat, path
        assert re.search(rf"(?m)^(# )?{path[-1]} =", text), path


@given(anything)
@hypothesis_settings(max_examples=30)
def test_whatever_is_set_is_read_from_it_again(chosen: Settings) -> None:
    assert parse(commented(chosen).encode()) == chosen


def test_limits_and_what_waits_for_the_next_start() -> None:
    text = commented(Settings())
    assert "# 0.2 to 6 s.\n# Not set; for example:\n# reverb_s = 1.0\n" in text
    assert "# 0 to 65535. A change counts from the next start on.\n# port = 8347\n" in text
    assert '# One of "musical", "dramatic".\n# preset = "musical"\n' in text


def test_what_is_set_stays_set_and_no_secret_leaves() -> None:
    chosen = with_secret("sesame").model_copy(
        update={
            "music": MusicSettings(volume=0.25),
            "schedule": ScheduleSettings(
                quiet=(QuietHours.model_validate({"from": "22:00", "to": "07:00", "max_volume": 0.125}),)
            ),
        }
    )
    text = commented(chosen)
    assert "\nvolume = 0.25\n" in text
    assert "sesame" not in text
    content = tomllib.loads(text)
    assert content["bell"] == {"password": SENTINEL}
    assert content["schedule"]["quiet"][0] | {"days": []} == {
        "days": [],
        "from": "22:00",
        "to": "07:00",
        "max_volume": 0.125,
    }


def test_it_is_written_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    assert write_commented(path, Settings())
    assert path.stat().st_mode & 0o777 == 0o600
    assert load(path) == Settings()
    path.write_text("# mine\n")
    assert not write_commented(path, Settings())
    assert path.read_text() == "# mine\n"
    assert not write_commented(None, Settings())


def test_no_link_to_nowhere_is_followed(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").symlink_to(tmp_path / "gone")
    assert not write_commented(tmp_path / "settings.toml", Settings())
    assert not (tmp_path / "gone").exists()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="cannot be written"):
        write_commented(tmp_path / "file" / "settings.toml", Settings())


def test_a_change_stands_below_the_line_that_shows_its_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    write_commented(path, Settings())
    update(path, {("music", "volume"): 0.5, ("music", "lock", "wah"): 0.25, ("schedule", "quiet"): []})
    text = path.read_text()
    assert "\n# volume = 0.7\nvolume = 0.5\n" in text
    assert "\n# wah = 0.0\nwah = 0.25\n" in text
    assert load(path).music.lock.chosen() == {"wah": 0.25}


def test_tables_come_in_the_order_of_the_models_with_a_sentence_each() -> None:
    described = tables(settings_model())
    names = [".".join(table.path) for table in described]
    assert names[:5] == ["device", "cameras.first", "cameras.second", "cameras.third", "senses"]
    assert all(table.title and table.description for table in described)


def test_what_a_patch_changes_live_applies_at_once() -> None:
    """One place says it: the field. What operators change while it plays needs no restart."""
    known = fields()
    for path in [("music", "volume"), ("music", "policy"), ("music", "lock", "tempo"), ("privacy", "private")]:
        assert known[path].applies == "at once"
    assert known[("page", "port")].applies == "at the next start"
