"""The settings file: every fault is one line that says what to mend, and saving is all or nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from soundit_edge.settings import (
    DeviceSettings,
    LockSettings,
    MusicSettings,
    PageSettings,
    SensesSettings,
    Settings,
    SettingsError,
    default_path,
    load,
    update,
)

VOLUME = ("music", "volume")
names = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=30)
anything = st.builds(
    Settings,
    device=st.builds(
        DeviceSettings,
        camera=st.one_of(st.sampled_from(["auto", "off"]), st.integers(0, 99).map(str)),
        microphone=names,
        speaker=names,
    ),
    senses=st.builds(SensesSettings, **{name: st.booleans() for name in SensesSettings.model_fields}),
    music=st.builds(MusicSettings, volume=st.floats(0, 1), seed=st.integers(0, 2**31)),
    page=st.builds(PageSettings, port=st.integers(0, 65535), network=st.booleans(), hosts=st.just(["music.example"])),
)


def refused(path: Path, content: str, *words: str) -> None:
    """Assert that a file of this content is refused in one line with these words in it."""
    path.write_text(content)
    with pytest.raises(SettingsError) as failure:
        load(path)
    text = str(failure.value)
    assert "\n" not in text
    for word in (str(path), *words):
        assert word in text, text


def content_of(settings: Settings) -> str:
    """A file that says everything."""
    content = settings.model_dump(exclude_none=True)
    for camera in content["cameras"].values():
        camera["password"] = camera["password"].get_secret_value()
    return tomli_w.dumps(content)


@given(anything)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_loaded(tmp_path: Path, chosen: Settings) -> None:
    (tmp_path / "settings.toml").write_text(content_of(chosen), encoding="utf-8", newline="")
    assert load(tmp_path / "settings.toml") == chosen


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.toml") == Settings()


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[music]\nvolume = 0.25\n")
    assert load(path) == Settings(music=MusicSettings(volume=0.25))


@pytest.mark.parametrize(("written", "meant"), [("0", "0"), ("12", "12"), ('"3"', "3"), ('"off"', "off")])
def test_a_camera_is_a_number_or_a_word(tmp_path: Path, written: str, meant: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[device]\ncamera = {written}\n")
    assert load(path).device.camera == meant


@pytest.mark.parametrize("written", ["-1", "1.5", "true", '"front"', '""', "[]"])
def test_what_is_no_camera(tmp_path: Path, written: str) -> None:
    refused(tmp_path / "settings.toml", f"[device]\ncamera = {written}\n", "device.camera")


@pytest.mark.parametrize(
    ("content", "unknown", "near"),
    [
        ("[music]\nvolum = 0.5\n", "music.volum", "did you mean 'volume'?"),
        ("[musik]\nvolume = 0.5\n", "musik", "did you mean 'music'?"),
        ("[senses]\nfaces = true\n", "senses.faces", "did you mean 'face'?"),
        (
            "prot = 1\n",
            "prot",
            "known are version, device, cameras, senses, music, schedule, inference, privacy, page",
        ),
        ("[page]\nzzz = 1\n", "page.zzz", "known are port, network, https, hosts, local_role, kiosk_lock"),
    ],
)
def test_an_unknown_setting_and_what_may_be_meant(tmp_path: Path, content: str, unknown: str, near: str) -> None:
    refused(tmp_path / "settings.toml", content, f"unknown setting {unknown!r}", near)


@pytest.mark.parametrize(
    ("content", "name", "value"),
    [
        ('[music]\nvolume = "loud"\n', "music.volume", "'loud'"),
        ("[music]\nvolume = 1.5\n", "music.volume", "1.5"),
        ("[music]\nvolume = nan\n", "music.volume", "nan"),
        ("[music]\nseed = -1\n", "music.seed", "-1"),
        ("[page]\nport = 70000\n", "page.port", "70000"),
        ("[senses]\nface = 3\n", "senses.face", "3"),
        ('[device]\nspeaker = ""\n', "device.speaker", "''"),
        ("music = 3\n", "music", "3"),
    ],
)
def test_a_value_that_does_not_do(tmp_path: Path, content: str, name: str, value: str) -> None:
    refused(tmp_path / "settings.toml", content, f"{name}: ", f"but it is {value}")


@pytest.mark.parametrize("content", ["[music\n", "volume 0.5", "[music]\nvolume = \n", "[a]\n[a]\n", "\x00"])
def test_what_is_no_toml(tmp_path: Path, content: str) -> None:
    refused(tmp_path / "settings.toml", content, "not valid TOML")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00\x80", "UTF-16"),
        ("[music]\nvolume = 0.3\n".encode("utf-16"), "save it as UTF-8"),
        ("[music]\nvolume = 0.3\n".encode("utf-16-be"), "save it as UTF-8"),
        ('[device]\nspeaker = "K\u00fcche"\n'.encode("latin-1"), "line 2 is not UTF-8"),
        (b"a = " + b"[" * 100_000, "not valid TOML"),
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    for use in (lambda: load(path), lambda: update(path, {VOLUME: 0.5})):
        with pytest.raises(SettingsError, match="not valid TOML") as failure:
            use()
        assert words in str(failure.value)
        assert "\n" not in str(failure.value)
    assert path.read_bytes() == content


def test_a_byte_order_mark_is_read_over_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbf[music]\r\nvolume = 0.3\r\n")
    assert load(path).music.volume == 0.3
    update(path, {VOLUME: 0.5})
    assert path.read_bytes() == b"\xef\xbb\xbf[music]\r\nvolume = 0.5\r\n"


@pytest.mark.parametrize("version", ["2", "0", '"one"', "99"])
def test_another_format_is_not_guessed_at(tmp_path: Path, version: str) -> None:
    refused(tmp_path / "settings.toml", f"version = {version}\nnovelty = true\n", "format", "knows format 1")


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    for use in (lambda: load(tmp_path / "settings.toml"), lambda: update(tmp_path / "settings.toml", {VOLUME: 0.5})):
        with pytest.raises(SettingsError, match="cannot be read"):
            use()
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"]


def test_a_file_in_place_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "config").touch()
    with pytest.raises(SettingsError, match="cannot be"):
        update(tmp_path / "config" / "settings.toml", {VOLUME: 0.5})


def test_a_change_makes_the_folder_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "settings.toml"
    update(path, {VOLUME: 0.5, ("music", "lock", "tempo"): 1.5})
    update(path, {VOLUME: 0.25})
    assert load(path).music == MusicSettings(volume=0.25, lock=LockSettings(tempo=1.5))
    assert [p.name for p in path.parent.iterdir()] == ["settings.toml"]


def test_a_change_keeps_what_its_owner_wrote(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# of the kitchen\n[device]\nspeaker = "kitchen"  # not the hall\n[page]\nport = 9000\n')
    path.chmod(0o640)
    update(path, {VOLUME: 0.5})
    assert path.read_text() == (
        '# of the kitchen\n[device]\nspeaker = "kitchen"  # not the hall\n[page]\nport = 9000\n'
        "\n[music]\nvolume = 0.5\n"
    )
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real, link = tmp_path / "dotfiles" / "soundit.toml", tmp_path / "settings.toml"
    real.write_text("[music]\nvolume = 0.1\n")
    link.symlink_to(real)
    update(link, {VOLUME: 0.5})
    assert link.is_symlink()
    assert real.read_text() == "[music]\nvolume = 0.5\n"


@pytest.mark.parametrize("step", ["write_bytes", "fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "settings.toml"
    update(path, {VOLUME: 0.1})

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "the disk is full on device")

    monkeypatch.setattr(Path if step == "write_bytes" else os, step, full)
    with pytest.raises(SettingsError, match="the disk is full"):
        update(path, {VOLUME: 0.9})
    assert load(path).music.volume == 0.1
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"]


def test_nobody_ever_sees_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the very step that puts the new file in place, the old one is there, and then the whole new one."""
    path = tmp_path / "settings.toml"
    update(path, {("music", "seed"): 1})
    seen = []
    replace = os.replace

    def watched(new: Path, old: Path) -> None:
        seen.append((load(path).music.seed, load(new).music.seed))
        replace(new, old)

    monkeypatch.setattr(os, "replace", watched)
    update(path, {("music", "seed"): 2})
    assert seen == [(1, 2)]
    assert load(path).music.seed == 2


def test_a_user_without_a_place_for_settings_has_the_defaults_and_keeps_nothing() -> None:
    assert load(None) == Settings()
    with pytest.raises(SettingsError, match="SOUNDIT_SETTINGS"):
        update(None, {VOLUME: 0.5})


def test_the_place_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOUNDIT_SETTINGS", str(tmp_path / "mine.toml"))
    assert default_path() == tmp_path / "mine.toml"
    monkeypatch.delenv("SOUNDIT_SETTINGS")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_path() == tmp_path / "soundit" / "settings.toml"


def test_a_user_without_a_place_for_settings_has_the_defaults_and_is_told_where_they_could_lie(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SOUNDIT_SETTINGS")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", "/dev/null")
    assert default_path() is None
    assert load(None) == Settings()
    with pytest.raises(SettingsError, match="SOUNDIT_SETTINGS"):
        update(None, {VOLUME: 0.5})


def test_everything_has_a_text_for_people() -> None:
    for section in (DeviceSettings, SensesSettings, MusicSettings, LockSettings, PageSettings):
        for name, field in section.model_fields.items():
            assert field.title, name
            assert field.description, name
