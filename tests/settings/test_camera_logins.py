"""A camera's login goes to nobody but the camera that it was given for, whatever else of the settings is changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from soundit_edge.settings import Settings
from soundit_edge.settings.camera_logins import bound_at_start, rebound, sources_of
from soundit_edge.settings.cameras import CameraSettings, origin_of
from soundit_edge.settings.commented import commented
from soundit_edge.settings.exchange import imported

PASSWORD = SecretStr("geheim")
PORCH, YARD = "rtsp://porch/1", "rtsp://yard/1"
LOGIN = {"user": "admin", "password": PASSWORD}


def changed(before: Settings, changes: dict[str, Any]) -> Settings:
    """Settings in which the second camera is another one, and nothing is bound yet."""
    second = before.cameras.second.model_copy(update=changes)
    return before.model_copy(update={"cameras": before.cameras.model_copy(update={"second": second})})


def secret(settings: Settings) -> str:
    """What is sent to the second camera."""
    [(source, camera)] = [(source, camera) for name, source, camera in sources_of(settings) if name == "second"]
    return camera.login_at(source)[1].get_secret_value()


AT_PORCH = bound_at_start(changed(Settings(), {"source": PORCH, **LOGIN}))


def test_a_login_that_is_written_by_hand_is_bound_to_the_camera_beside_it() -> None:
    assert AT_PORCH.cameras.second.login_for == "rtsp://porch:554"
    assert secret(AT_PORCH) == "geheim"
    assert bound_at_start(AT_PORCH) == AT_PORCH


@pytest.mark.parametrize("other", [YARD, "rtsp://porch:5554/1", "http://porch/1", "rtsps://porch/1"])
def test_another_camera_that_is_written_by_hand_is_not_sent_it(other: str) -> None:
    written = bound_at_start(changed(AT_PORCH, {"source": other}))
    assert secret(written) == ""
    assert written.cameras.second.password == PASSWORD, "what somebody wrote stays in the file"
    assert written.cameras.second.is_withheld_from(other)


def test_whom_it_is_for_can_be_written_by_hand_as_an_address_or_left_out() -> None:
    for mine in (YARD, "rtsp://YARD", ""):
        assert secret(bound_at_start(changed(AT_PORCH, {"source": YARD, "login_for": mine}))) == "geheim"


@pytest.mark.parametrize("no_address", ["porch", "0", "auto", "ftp://porch", "rtsp://a:geheim@porch"])
def test_it_is_for_an_address(no_address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        CameraSettings(login_for=no_address)


def test_a_change_of_the_camera_forgets_it() -> None:
    after = rebound(AT_PORCH, changed(AT_PORCH, {"source": YARD}), given=())
    assert after.cameras.second == AT_PORCH.cameras.second.model_copy(
        update={"source": YARD, "user": "", "password": SecretStr(""), "login_for": ""}
    )


def test_another_path_of_the_same_camera_keeps_it_and_so_does_a_pause() -> None:
    elsewhere = rebound(AT_PORCH, changed(AT_PORCH, {"source": "rtsp://PORCH:554/2"}), given=())
    assert secret(elsewhere) == "geheim"
    off = rebound(elsewhere, changed(elsewhere, {"source": "off"}), given=())
    assert secret(rebound(off, changed(off, {"source": PORCH}), given=())) == "geheim"
    assert secret(rebound(off, changed(off, {"source": YARD}), given=())) == ""


def test_a_password_that_comes_with_another_camera_is_for_that_one() -> None:
    after = rebound(AT_PORCH, changed(AT_PORCH, {"source": YARD, "password": PASSWORD}), given={"second"})
    assert (secret(after), after.cameras.second.login_for) == ("geheim", "rtsp://yard:554")


@hypothesis_settings(max_examples=60)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "source": st.sampled_from([PORCH, YARD, "http://porch/", "0", "off", "auto"]),
                "user": st.sampled_from(["", "admin", "thief"]),
                "login_for": st.sampled_from(["", YARD, PORCH]),
            },
        ),
        max_size=6,
    )
)
def test_attack_no_changes_without_the_password_lead_it_elsewhere(changes: list[dict[str, str]]) -> None:
    """As somebody could send them who may change settings, but not read the password."""
    current = AT_PORCH
    for change in changes:
        current = rebound(current, changed(current, change), given=())
        if secret(current):
            assert origin_of(current.cameras.second.source) in ("", "rtsp://porch:554")


def test_attack_an_import_does_not_lead_it_elsewhere() -> None:
    """The file that was exported has no password in it; somebody has changed the address."""
    text = commented(AT_PORCH)
    assert imported(text.encode(), AT_PORCH)[1] == AT_PORCH
    forged = text.replace("porch", "yard")
    assert forged != text
    written, after = imported(forged.encode(), AT_PORCH)
    assert secret(after) == ""
    assert "geheim" not in written


def test_an_import_with_a_password_is_for_the_camera_in_it() -> None:
    file = f'[cameras.second]\nsource = "{YARD}"\nuser = "admin"\npassword = "neu"\nlogin_for = "{PORCH}"\n'
    written, after = imported(file.encode(), AT_PORCH)
    assert (secret(after), after.cameras.second.login_for) == ("neu", "rtsp://yard:554")
    assert "rtsp://yard:554" in written
