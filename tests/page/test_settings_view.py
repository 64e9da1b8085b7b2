"""The settings and the guide of the first run, in a real browser: kept at once, undone, refused, brought back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.integrations.registry import settings_model
from soundit_edge.page.routes import devices, settings
from soundit_edge.settings import load
from tests.fakes.control import FakeControl
from tests.fakes.devices import FakeDevices
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
SOMEBODY_ELSE = Actor(Kind.PAGE, Role.ADMIN, "somebody else")

OpenView = Callable[..., Page]


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(settings_model()(), tmp_path / "settings.toml")


@pytest.fixture
def device(store: SettingsStore) -> Iterator[PageThread]:
    routes = [*settings.routes(store, local_time), *devices.routes(FakeDevices())]
    with PageThread(FakeControl(), routes) as device:
        yield device


@pytest.fixture
def open_view(open_page: OpenPage, device: PageThread, complaints: list[str]) -> Iterator[OpenView]:
    """Opens a view of the page by its name. A refusal is no fault here."""

    def open_one(name: str, width: int = 1440, height: int = 900) -> Page:
        page = open_page(width, height, live=False)
        page.goto(f"{device.address}/#{name}")
        page.wait_for_selector('[data-link="live"]')
        expect(page.locator(f"section.{name} h2")).to_be_visible()
        return page

    yield open_one
    complaints[:] = [line for line in complaints if "status of 4" not in line]


def row(page: Page, title: str) -> Locator:
    """The row of a setting."""
    return page.locator(".setting").filter(has=page.locator(".title", has_text=title)).first


def choose(setting: Locator, text: str) -> None:
    """Write into a setting's field and leave it by the keyboard."""
    field = setting.locator("input")
    field.fill(text)
    field.press("Tab")


def narrow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_change_is_kept_and_undone_and_what_waits_or_cannot_be_kept_is_said(
    open_view: OpenView, store: SettingsStore
) -> None:
    page = open_view("settings")
    room, port = row(page, "Room"), row(page, "Port")
    choose(room, "Kitchen")
    expect(room.get_by_role("status")).to_have_text("Kept.")
    assert store.path
    assert load(store.path, settings_model()).device.room == "Kitchen"
    room.get_by_role("button", name="Undo").click()
    expect(room.get_by_role("textbox")).to_have_value("")
    assert load(store.path, settings_model()).device.room == ""
    page.get_by_role("switch", name="Body").focus()
    page.keyboard.press("Space")
    expect(row(page, "Body").get_by_role("status")).to_have_text("Kept.")
    assert "body" not in store.current.senses.switched_on()
    expect(page.locator(".restart")).to_be_hidden()
    choose(port, "9000")
    expect(port.get_by_role("status")).to_have_text("Kept; it counts from the next start on.")
    expect(page.locator(".restart")).to_be_visible()
    store.path.unlink()
    store.path.mkdir()  # as a disk that takes nothing
    choose(room, "Hall")
    expect(page.locator(".settings > .trouble")).to_contain_text("what you chose cannot be kept")


def test_what_cannot_be_is_refused_on_both_sides_and_so_is_who_comes_second(
    open_view: OpenView, store: SettingsStore
) -> None:
    page = open_view("settings")
    port, zone, room = row(page, "Port"), row(page, "Time zone"), row(page, "Room")
    choose(port, "70000")
    expect(port.get_by_role("alert")).to_contain_text("65535")  # the browser's own words
    choose(zone, "Atlantis")
    expect(zone.get_by_role("alert")).to_contain_text("knows no such time zone")
    expect(zone.get_by_role("textbox")).to_have_value("")
    assert (store.current.page.port, store.current.schedule.time_zone) == (8347, "")
    store.change({"device": {"room": "Hall"}}, SOMEBODY_ELSE)
    choose(room, "Kitchen")
    expect(room.get_by_role("alert")).to_contain_text("Somebody else has changed Room meanwhile, to Hall.")
    expect(room.get_by_role("textbox")).to_have_value("Hall")
    assert store.current.device.room == "Hall"
    page.get_by_role("searchbox").fill("path library")
    expect(page.locator(".setting:visible")).to_have_count(1)
    expect(row(page, "Accelerator's library")).to_be_visible()
    page.get_by_role("searchbox").fill("nothing of the kind")
    expect(page.get_by_text("No setting is called so.")).to_be_visible()


def test_quiet_hours_are_put_into_the_week_in_a_narrow_window(open_view: OpenView, store: SettingsStore) -> None:
    page = open_view("settings", 320, 700)
    quiet = row(page, "Quiet hours")
    quiet.get_by_role("button", name="Add hours").click()
    expect(quiet.get_by_role("status")).to_have_text("Kept.")
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri"):
        quiet.get_by_role("checkbox", name=day).uncheck(force=True)
    quiet.get_by_label("From").fill("23:30")
    quiet.get_by_label("No louder than").select_option(label="20%")
    expect(page.locator(".week .still")).to_have_count(4)
    wait_until(lambda: [hours.max_volume for hours in store.current.schedule.quiet] == [0.2])
    (hours,) = store.current.schedule.quiet
    assert (hours.days, hours.start, hours.end) == (("sat", "sun"), "23:30", "07:00")
    expect(page.get_by_role("img", name="Quiet Sat, Sun, 23:30 to 07:00")).to_be_visible()
    assert narrow(page)
    quiet.get_by_role("button", name="Remove").click()
    expect(page.locator(".week .still")).to_have_count(0)
    assert store.current.schedule.quiet == ()


def test_scene_and_privacy_have_their_hours_too(open_view: OpenView, store: SettingsStore) -> None:
    page = open_view("settings", 320, 700)
    entries = row(page, "Entries")
    entries.get_by_role("button", name="Add hours").click()
    scene = entries.get_by_label("Scene")
    scene.fill("No scene!")
    scene.press("Tab")
    scene.fill("tide")
    scene.press("Tab")
    private = entries.get_by_role("switch", name="Private")
    private.focus()
    page.keyboard.press("Space")
    wait_until(lambda: [(one.scene, one.private) for one in store.current.schedule.entries] == [("tide", True)])
    assert narrow(page)
    expect(entries.get_by_role("status")).to_have_text("Kept.")


def test_the_settings_are_taken_away_and_brought_back(
    open_view: OpenView, store: SettingsStore, tmp_path: Path
) -> None:
    store.change({"device": {"room": "Hall"}}, SOMEBODY_ELSE)
    page = open_view("settings")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    taken = tmp_path / "taken.toml"
    download.value.save_as(taken)
    store.change({"device": {"room": "Kitchen"}}, SOMEBODY_ELSE)
    page.locator('input[type="file"]').set_input_files(taken)
    expect(page.get_by_text("Taken over; the file that was there is kept beside it.")).to_be_visible()
    expect(row(page, "Room").get_by_role("textbox")).to_have_value("Hall")
    (tmp_path / "bad.toml").write_text("[musik]\n")
    page.locator('input[type="file"]').set_input_files(tmp_path / "bad.toml")
    expect(page.get_by_text("did you mean 'music'?")).to_be_visible()
    assert store.current.device.room == "Hall"


def test_the_guide_opens_once_and_each_step_can_be_left_out(
    open_view: OpenView, open_page: OpenPage, device: PageThread, store: SettingsStore
) -> None:
    device.control.now = device.control.now.model_copy(update={"welcomed": False})
    page = open_page(320, 700)
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert narrow(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Room").fill("Kitchen")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Kept.")).to_be_visible()
    for _ in range(5):
        page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("link", name="Show the notice")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#now")).to_be_visible()
    assert (store.current.device.room, store.current.page.welcomed) == ("Kitchen", True)
    device.control.now = device.control.now.model_copy(update={"welcomed": True, "room": "Kitchen"})
    again = open_page(beside=page)
    expect(again.locator("#now")).to_be_visible()
    expect(again).to_have_title("happy · Kitchen")
    # Who may not set the device up is never shown the guide.
    shown = again.evaluate("""async () => {
        const { welcome } = await import("/static/welcome.js");
        const device = (may) => ({ onStatus: (see) => see({ welcomed: false }), may: () => may });
        return [false, true].map((may) => (welcome(device(may)), location.hash));
    }""")
    assert shown == ["", "#first"]
