"""What the mirrors are asked: from the settings and the sticks, as whom, and what for."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from soundit_edge import __version__, paths
from soundit_edge.settings import UpdateSettings
from soundit_edge.update.device import request
from soundit_edge.update.device.device_id import FILE, device_id
from soundit_edge.update.failure import StoreError


def test_the_mirrors_of_the_settings_come_before_sticks_unless_those_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "mounted_sticks", lambda: (Path("/media/A"), Path("/media/B")))
    monkeypatch.setattr(request, "stick_mirrors", lambda sticks: tuple(f"file://{stick}" for stick in sticks))
    settings = UpdateSettings(mirrors=("https://one.example", "http://two.example"))
    of_settings = ("https://one.example", "http://two.example")
    assert request.mirrors_of(settings) == (*of_settings, "file:///media/A", "file:///media/B")
    assert request.mirrors_of(settings, ["file:///media/B"]) == ("file:///media/B", *of_settings, "file:///media/A")
    without = settings.model_copy(update={"sticks": False})
    assert request.mirrors_of(without) == of_settings


def test_the_request_names_this_device() -> None:
    made = request.request_of(["https://one.example"], fetch=True, again=True)
    assert (made.mirrors, made.fetch, made.again) == (("https://one.example",), True, True)
    assert (made.version, made.device_id) == (__version__, device_id())
    assert platform.machine() in made.hardware


def test_an_edge_tpu_is_named_where_its_library_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "find_library", lambda chosen: Path("/usr/lib/libedgetpu.so.1"))
    assert "edgetpu" in request.hardware()


def test_the_device_keeps_its_number_and_draws_another_where_it_is_damaged() -> None:
    drawn = device_id()
    assert device_id() == drawn
    path = paths.state_folder() / FILE
    assert path.read_text() == f"{drawn}\n"
    path.write_bytes(b"\x00" * 99)
    assert device_id() != drawn


def test_a_state_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOUNDIT_STATE", str(tmp_path / "file" / "state"))
    with pytest.raises(StoreError, match="no update can be kept"):
        device_id()


@pytest.mark.parametrize(
    "address",
    ["ftp://x.example", "x.example/models", "https://", "https://user:secret@x.example", "file://nas/x", "https://a b"],
)
def test_what_is_no_address_of_a_mirror_is_refused_in_the_settings(address: str) -> None:
    with pytest.raises(ValueError, match="mirrors"):
        UpdateSettings(mirrors=(address,))


@pytest.mark.parametrize(
    "address",
    ["https://models.example", "http://192.168.1.2:8000/a/b", "https://[fd00::1]:8443/m", "file:///srv/soundit-models"],
)
def test_what_is_one_is_taken(address: str) -> None:
    assert UpdateSettings(mirrors=(address,)).mirrors == (address,)
