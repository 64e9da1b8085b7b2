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
from soundit_edge.page.routes import settings
from soundit_edge.settings import load
from tests.fakes.control import FakeControl
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage

pytestmark = pytest.mark.browser
SOMEBODY_ELSE = Actor(Kind.PAGE, Role.ADMIN, "somebody else")

OpenView = Callable[..., Page]


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(settings_model()(), tmp_path / "settings.toml")


@pytest.fixture
def device(store: SettingsStore) -> Iterator[PageThread]:
    with PageThread(FakeControl(), settings.routes(store, local_time)) as device:
        yield device


@pytest.fixture
def open_view(open_page: OpenPage, device: PageThread, complaints: list[str]) -> Iterator[OpenView]:
    """Opens a view of the page by its name. The devices' own view may be missing, and a refusal is no fault here."""

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


def test_a_change_is_kept_and_can_be_undone(open_view: OpenView, store: SettingsStore) -> None:
    page = open_view("settings")
    room = row(page, "Room")
    room.get_by_role("textbox").fill("Kitchen")
    room.get_by_role("textbox").press("Tab")
    expect(room.get_by_role("status")).to_have_text("Kept.")
    assert store.path
    assert load(store.path, settings_model()).device.room == "Kitchen"
    room.get_by_role("button", name="Undo").click()
    expect(room.get_by_role("textbox")).to_have_value("")
    assert load(store.path, settings_model()).device.room == ""


def test_by_keyboard_alone_and_what_waits_for_the_next_start_says_so(open_view: OpenView, store: SettingsStore) -> None:
    page = open_view("settings")
    page.get_by_role("switch", name="Body").focus()
    page.keyboard.press("Space")
    expect(row(page, "Body").get_by_role("status")).to_have_text("Kept.")
    assert "body" not in store.current.senses.switched_on()
    expect(page.locator(".restart")).to_be_hidden()
    port = row(page, "Port")
    port.get_by_role("spinbutton").fill("9000")
    page.keyboard.press("Tab")
    expect(port.get_by_role("status")).to_have_text("Kept; it counts from the next start on.")
    expect(page.locator(".restart")).to_be_visible()


def test_what_cannot_be_is_refused_on_both_sides_and_the_old_value_comes_back(
    open_view: OpenView, store: SettingsStore
) -> None:
    page = open_view("settings")
    port, zone = row(page, "Port"), row(page, "Time zone")
    port.get_by_role("spinbutton").fill("70000")
    page.keyboard.press("Tab")
    expect(port.get_by_role("alert")).to_contain_text("65535")  # the browser's own words
    zone.get_by_role("textbox").fill("Atlantis")
    page.keyboard.press("Tab")
    expect(zone.get_by_role("alert")).to_contain_text("knows no such time zone")
    expect(zone.get_by_role("textbox")).to_have_value("")
    assert (store.current.page.port, store.current.schedule.time_zone) == (8347, "")


def test_of_two_people_who_change_one_setting_the_second_is_told_and_sees_the_first_ones(
    open_view: OpenView, store: SettingsStore
) -> None:
    page = open_view("settings")
    store.change({"device": {"room": "Hall"}}, SOMEBODY_ELSE)
    room = row(page, "Room")
    room.get_by_role("textbox").fill("Kitchen")
    room.get_by_role("textbox").press("Tab")
    expect(room.get_by_role("alert")).to_contain_text("Somebody else has changed Room meanwhile, to Hall.")
    expect(room.get_by_role("textbox")).to_have_value("Hall")
    assert store.current.device.room == "Hall"


def test_a_setting_is_found_by_its_words(open_view: OpenView) -> None:
    page = open_view("settings")
    page.get_by_role("searchbox").fill("path library")
    expect(page.locator(".setting:visible")).to_have_count(1)
    expect(row(page, "Accelerator's library")).to_be_visible()
    page.get_by_role("searchbox").fill("nothing of the kind")
    expect(page.get_by_text("No setting is called so.")).to_be_visible()


def test_quiet_hours_are_put_into_the_week(open_view: OpenView, store: SettingsStore) -> None:
    page = open_view("settings", 390, 844)
    quiet = row(page, "Quiet hours")
    quiet.get_by_role("button", name="Add hours").click()
    expect(quiet.get_by_role("status")).to_have_text("Kept.")
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri"):
        quiet.get_by_role("checkbox", name=day).uncheck(force=True)
    quiet.get_by_label("From").fill("23:30")
    quiet.get_by_label("No louder than").select_option(label="20\u2009%")
    expect(page.locator(".week .still")).to_have_count(4)
    (hours,) = store.current.schedule.quiet
    assert (hours.days, hours.start, hours.end, hours.max_volume) == (("sat", "sun"), "23:30", "07:00", 0.2)
    expect(page.get_by_role("img", name="Quiet Sat, Sun, 23:30 to 07:00")).to_be_visible()
    quiet.get_by_role("button", name="Remove").click()
    expect(page.locator(".week .still")).to_have_count(0)
    assert store.current.schedule.quiet == ()


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


def test_a_full_disk_is_told_on_the_page(open_view: OpenView, store: SettingsStore, tmp_path: Path) -> None:
    page = open_view("settings")
    assert store.path
    store.path.mkdir()
    row(page, "Room").get_by_role("textbox").fill("Hall")
    page.keyboard.press("Tab")
    expect(page.locator(".settings > .trouble")).to_contain_text("what you chose cannot be kept")


def test_the_guide_opens_once_and_each_step_can_be_left_out(
    open_view: OpenView, open_page: OpenPage, device: PageThread, store: SettingsStore
) -> None:
    device.control.now = device.control.now.model_copy(update={"welcomed": False})
    page = open_page()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
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
    again = open_page()
    expect(again.locator("#now")).to_be_visible()
    expect(again).to_have_title("happy · Kitchen")


def test_who_may_not_set_the_device_up_is_never_shown_the_guide(open_page: OpenPage) -> None:
    page = open_page()
    where = page.evaluate("""async () => {
        const { welcome } = await import("/static/welcome.js");
        const device = (may) => ({ onStatus: (see) => see({ welcomed: false }), may: () => may });
        welcome(device(false));
        const viewer = location.hash;
        welcome(device(true));
        return [viewer, location.hash];
    }""")
    assert where == ["", "#first"]


@pytest.mark.parametrize("name", ["settings", "first"])
def test_nothing_reaches_beyond_a_narrow_window(open_view: OpenView, name: str) -> None:
    page = open_view(name, 320, 700)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
