"""Privacy and devices in a browser: the switches, the notice in the head, the pickers with their tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from soundit_edge.control.refusals import NotNow
from soundit_edge.page.routes import devices as device_routes
from soundit_edge.page.routes import notice
from soundit_edge.settings import PrivacySettings, Settings
from tests.fakes.control import FakeControl
from tests.fakes.devices import FakeDevices
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.test_access import fits
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def devices() -> FakeDevices:
    return FakeDevices()


@pytest.fixture
def device(devices: FakeDevices) -> Iterator[PageThread]:
    settings = Settings(privacy=PrivacySettings(contact="Anna, room 3"))
    routes = [*device_routes.routes(devices), *notice.routes(lambda: settings)]
    with PageThread(FakeControl(), routes) as device:
        yield device


def drawn(page: Page) -> int:
    """How many points of the camera's canvas are drawn on."""
    count = """canvas => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    }"""
    return int(page.locator(".picker canvas").evaluate(count))


def test_the_head_says_what_is_so_and_leads_to_the_switch_that_closes_all(
    open_page: OpenPage, device: PageThread, complaints: list[str]
) -> None:
    page = open_page()
    said = page.locator("#notice")
    expect(said).to_have_text("Emotion recognition is on")
    said.focus()
    page.keyboard.press("Enter")
    private = page.get_by_role("switch", name="Private")
    expect(private).not_to_be_checked()
    expect(page.get_by_text("The camera is open.")).to_be_visible()
    private.focus()
    page.keyboard.press("Space")
    expect(said).to_have_text("Private: nothing is seen or heard")
    expect(page.get_by_text("The camera is closed.")).to_be_visible()
    expect(page.get_by_text("The microphone is closed.")).to_be_visible()
    assert ("privacy", {"private": True}) in device.control.choices
    page.get_by_role("switch", name="Lips").check()
    wait_until(lambda: ("senses", {"lips": True}) in device.control.choices)
    assert fits(page)
    device.__exit__(None, None, None)
    expect(said).to_have_text("Not connected")
    page.close()  # it goes on asking, and the browser on complaining
    complaints.clear()
    device.__enter__()


def test_what_the_device_refuses_is_said_and_the_switch_goes_back(
    open_page: OpenPage, devices: FakeDevices, complaints: list[str]
) -> None:
    page = open_page()
    page.goto(page.url.rstrip("/") + "/#privacy")
    devices.refusal = NotNow("Not at this moment.")
    place = page.get_by_role("switch", name="Public place")
    place.click()
    expect(page.locator(".privacy .trouble")).to_have_text("Not at this moment.")
    expect(place).not_to_be_checked()
    complaints.clear()  # the browser's own, of a 409


def test_devices_are_chosen_and_tested(open_page: OpenPage, devices: FakeDevices, complaints: list[str]) -> None:
    page = open_page(390, 844)
    page.goto(page.url.rstrip("/") + "/#devices")
    wait_until(lambda: drawn(page) > 500, "no face is drawn")
    expect(page.get_by_text("Faces: 1. Bodies: 1.")).to_be_visible()
    expect(page.get_by_role("meter")).to_have_attribute("aria-valuetext", "\u221223 dB")
    page.get_by_role("combobox", name="Camera").select_option("Document camera")
    page.get_by_role("combobox", name="Speaker").select_option("Garden")
    wait_until(lambda: devices.chosen == [("camera", "2"), ("speaker", "Garden")])
    page.get_by_role("button", name="Play a test tone").click()
    wait_until(lambda: devices.tests == 1)
    assert fits(page)
    devices.refusal = NotNow("the microphone 'Desk' cannot be opened")
    microphone = page.get_by_role("combobox", name="Microphone")
    microphone.select_option("Desk")
    expect(page.get_by_role("alert").filter(has_text="Desk")).to_be_visible()
    expect(microphone).to_have_value("auto")
    page.close()  # it goes on asking, and the browser on complaining
    complaints.clear()  # the browser's own, of a 409


def test_a_camera_in_the_network_is_chosen_by_its_address_and_its_password_is_not_shown(
    open_page: OpenPage, devices: FakeDevices, complaints: list[str]
) -> None:
    page = open_page(390, 844)
    page.goto(page.url.rstrip("/") + "/#devices")
    camera = page.get_by_role("combobox", name="Camera")
    camera.select_option("A camera in the network…")
    address = page.get_by_label("Address of the camera")
    expect(address).to_be_focused()
    devices.refusal = NotNow("camera at porch does not accept this user name and password")
    address.fill("rtsp://porch/1")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill("s@x")
    page.get_by_role("button", name="Look through this camera").click()
    expect(page.get_by_role("alert").filter(has_text="does not accept")).to_be_visible()
    expect(camera).to_have_value("elsewhere:")
    devices.refusal = None
    page.get_by_role("button", name="Look through this camera").click()
    expect(address).to_be_hidden()
    assert devices.chosen == [("camera", "rtsp://admin:s%40x@porch/1")]
    expect(camera.locator("option:checked")).to_have_text("The camera at porch")
    assert "s%40x" not in page.content()
    assert fits(page)
    page.close()  # it goes on asking, and the browser on complaining
    complaints.clear()  # the browser's own, of a 409


def test_the_rooms_of_a_snapcast_server_are_chosen_by_its_address(
    open_page: OpenPage, devices: FakeDevices, complaints: list[str]
) -> None:
    page = open_page(390, 844)
    page.goto(page.url.rstrip("/") + "/#devices")
    speaker = page.get_by_role("combobox", name="Speaker")
    speaker.select_option("Rooms of a Snapcast server…")
    address = page.get_by_label("Name or address of the Snapcast server")
    expect(address).to_be_focused()
    devices.refusal = NotNow("there is no Snapcast server that takes sound at attik.local")
    address.fill("attik.local")
    page.get_by_role("button", name="Play in its rooms").click()
    expect(page.get_by_role("alert").filter(has_text="attik.local")).to_be_visible()
    expect(address).to_have_value("attik.local")
    devices.refusal = None
    address.fill(" attic.local ")
    address.press("Enter")
    expect(address).to_be_hidden()
    assert devices.chosen == [("speaker", "snapcast:attic.local")]
    expect(speaker.locator("option:checked")).to_have_text("Rooms of the Snapcast server attic.local")
    assert fits(page)
    page.close()  # it goes on asking, and the browser on complaining
    complaints.clear()  # the browser's own, of a 409


def test_the_notice_needs_no_script_and_fits_a_screen_and_a_sheet(open_page: OpenPage, device: PageThread) -> None:
    page = open_page(1440, 900, live=False, java_script_enabled=False)
    page.goto(f"{device.address}/notice")
    expect(page.get_by_role("heading", name="Emotion recognition is in use here")).to_be_visible()
    expect(page.get_by_text("Anna, room 3")).to_be_visible()
    assert fits(page)
