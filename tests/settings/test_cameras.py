"""What cameras are called, and that no password of one is shown, logged, or given to another."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from soundit_edge import settings
from soundit_edge.settings import DeviceSettings, Settings, SettingsError, load
from soundit_edge.settings.cameras import (
    CameraSettings,
    CamerasSettings,
    FurtherCameraSettings,
    check_source,
    choose_first,
    login_apart,
    origin_of,
)
from soundit_edge.settings.commented import as_file_values, commented
from soundit_edge.settings.exchange import imported

PASSWORD = "geheim@:/ 1"


@pytest.mark.parametrize(
    "source",
    [
        "auto",
        "off",
        "0",
        "12",
        "csi:0",
        "rtsp://10.0.0.9/a",
        "rtsps://h:322/",
        "http://h/x?y=1",
        "https://[::1]:8443/x",
    ],
)
def test_what_a_camera_can_be(source: str) -> None:
    assert check_source(source) == source


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("front", "a camera is a number"),
        ("", "a camera is a number"),
        ("csi:", "a camera is a number"),
        ("\u0661", "a camera is a number"),
        ("0\n", "a camera is a number"),
        ("ftp://h/x", "begins with one of rtsp://"),
        ("file:///etc/passwd", "begins with one of rtsp://"),
        ("rtsp:///x", "lacks the host"),
        ("rtsp://h:99999/", "no valid host or port"),
        ("http://[/", "no valid host or port"),
        ("http://h/a b", "no spaces"),
        ("http://h/\r\nX: y", "no spaces"),
        ("rtsp://admin:geheim@h/", "settings of their own"),
        ("http://h/?user=admin&pwd=geheim", "cannot be kept secret"),
        ("admin:geheim@10.0.0.9", "a camera is a number"),
    ],
)
def test_what_it_cannot_be_is_said_without_what_may_be_a_password(source: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as failure:
        check_source(source)
    assert "geheim" not in str(failure.value)


logins = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)


@hypothesis_settings(max_examples=40)
@given(logins, logins, st.sampled_from(["rtsp://h/a", "http://10.0.0.9:81/x@y", "rtsp://[::1]:554/"]))
def test_a_login_is_parted_from_any_address(user: str, password: str, address: str) -> None:
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@"
    assert login_apart(address.replace("://", f"://{login}")) == (address, user, password)
    assert login_apart(address) == (address, "", "")


def test_a_file_with_a_password_in_an_address_is_refused_without_repeating_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    for table in ('[device]\ncamera = "rtsp://a:geheim@h/"', '[cameras.second]\nsource = "rtsp://a:geheim@h/"'):
        path.write_text(table)
        with pytest.raises(SettingsError, match="settings of their own") as failure:
            load(path)
        assert "geheim" not in str(failure.value)
    with pytest.raises(ValidationError) as invalid:
        DeviceSettings(camera="rtsp://a:geheim@h/")
    assert "geheim" not in settings.explain(invalid.value, DeviceSettings)


CHOSEN = Settings(
    device=DeviceSettings(camera="rtsp://porch/1"),
    cameras=CamerasSettings(
        first=CameraSettings(user="admin", password=SecretStr(PASSWORD), login_for="rtsp://porch:554"),
        third=FurtherCameraSettings(
            source="http://yard/", password=SecretStr(PASSWORD), login_for="http://yard:80", rotation="180"
        ),
    ),
)


def test_passwords_are_not_shown_and_survive_export_and_import() -> None:
    text = commented(CHOSEN)
    for shown in (text, repr(CHOSEN), str(as_file_values(CHOSEN))):
        assert PASSWORD not in shown
    assert imported(text.encode(), CHOSEN)[1] == CHOSEN


def first_password(cameras: CamerasSettings) -> str:
    return cameras.first.password.get_secret_value()


def test_a_login_that_is_typed_goes_into_the_settings() -> None:
    source, cameras = choose_first("auto", CamerasSettings(), " rtsp://admin:p%40ss@Porch:5554/1 ")
    assert (source, cameras.first.user, first_password(cameras)) == ("rtsp://Porch:5554/1", "admin", "p@ss")


def test_a_login_stays_with_its_host() -> None:
    source, cameras = choose_first("rtsp://porch/1", CHOSEN.cameras, "rtsp://PORCH/2")
    assert (source, first_password(cameras)) == ("rtsp://PORCH/2", PASSWORD)


OTHERS = ["rtsp://porch.evil/1", "http://10.0.0.9/", "rtsp://porch:5554/1", "http://porch/1", "0", "csi:0", "off"]


@pytest.mark.parametrize("other", OTHERS)
def test_attack_another_host_is_not_shown_the_password(other: str) -> None:
    _, cameras = choose_first("rtsp://porch/1", CHOSEN.cameras, other)
    assert (cameras.first.user, first_password(cameras)) == ("", "")
    assert cameras.third == CHOSEN.cameras.third


def test_origins() -> None:
    named = ("0", "auto", "rtsp://H/x", "http://[::1]/", "https://h:1/")
    assert [origin_of(one) for one in named] == ["", "", "rtsp://h:554", "http://[::1]:80", "https://h:1"]


def test_an_address_without_end() -> None:
    with pytest.raises(ValueError, match="longer than 500"):
        choose_first("auto", CamerasSettings(), "http://h/" + "x" * 500)
