"""Updates of the models on the page: one tap, how far it is, what has come of it, and what others may see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from soundit_edge.control.update_status import UpdateStatus
from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.integrations.registry import settings_model
from soundit_edge.page.routes import models, settings
from soundit_edge.page.routes.sets import own, updates
from soundit_edge.page.teaching.sets import OwnSets
from soundit_edge.page.teaching.teacher import Teacher
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.settings import PrivacySettings
from tests.fakes.control import FakeControl
from tests.fakes.own import NumberObserver, shelf_in
from tests.fakes.page import PageThread
from tests.fakes.updates import FakeUpdates
from tests.page.conftest import OpenPage
from tests.waiting import wait_until


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


@pytest.fixture
def fake(control: FakeControl) -> FakeUpdates:
    return FakeUpdates(control)


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(settings_model()(), tmp_path / "settings.toml")


@pytest.fixture
def device(control: FakeControl, fake: FakeUpdates, store: SettingsStore, tmp_path: Path) -> Iterator[PageThread]:
    shipped = ModelSet(default_folder())
    sets = OwnSets(lambda: shelf_in(tmp_path), OwnHeads(), lambda: shipped)
    teacher = Teacher(sets, PrivacySettings, lambda: 0.0, observer=lambda kind, models: NumberObserver())
    beside = [*models.routes(control, sets), *own.routes(teacher), *settings.routes(store, local_time)]
    routes = [*updates.routes(fake), *beside]
    with PageThread(control, routes) as device:
        yield device


@pytest.fixture
def view(open_page: OpenPage, device: PageThread) -> Page:
    page = open_page(live=False)
    page.goto(f"{device.address}/#models")
    page.wait_for_selector('[data-link="live"]')
    return page


@pytest.mark.browser
def test_one_tap_and_how_far_it_is_and_what_has_come_of_it(view: Page, fake: FakeUpdates) -> None:
    card = view.get_by_role("region", name="Updates of the models")
    expect(card.get_by_role("heading")).to_have_text("Better models are ready")
    expect(card).to_contain_text("Release 3")
    expect(card).to_contain_text("A better voice model.")
    view.get_by_role("button", name="Take them").press("Enter")  # by the keyboard
    expect(card.get_by_role("heading")).to_have_text("Better models are being fetched")
    expect(card.get_by_role("button", name="Take them")).to_be_hidden()
    fake.become(share=0.42)
    expect(card.get_by_role("progressbar", name="How far it is")).to_have_attribute("value", "0.42")
    expect(card).to_contain_text("42%")
    fake.become(state="watching", share=0.5)
    expect(card).to_contain_text("They are kept if they are well.")
    expect(card.get_by_role("button", name="Stop")).to_be_hidden()
    fake.become(state="idle", share=None, offered=None, outcome="Release 3 was tried and is kept.")
    expect(card).to_contain_text("Release 3 was tried and is kept.")
    expect(card.get_by_role("heading")).to_have_text("Release 2 of the models is in use")
    assert fake.asked == [("take", None)]


@pytest.mark.browser
def test_going_back_pinning_allowing_looking_and_the_settings(
    view: Page, fake: FakeUpdates, store: SettingsStore
) -> None:
    card = view.get_by_role("region", name="Updates of the models")
    card.get_by_role("switch", name="Keep the models in use").click()
    wait_until(lambda: fake.asked)
    card.get_by_text("Not taken again").click()
    card.get_by_role("button", name="Allow 1-00000000000a again").click()
    expect(card.get_by_text("Not taken again")).to_be_hidden()
    card.get_by_role("button", name="Go back").click()
    expect(card.get_by_role("button", name="Go back")).to_be_hidden()
    expect(card).to_contain_text("You went back from release 2.")
    card.get_by_role("button", name="Look now").click()
    expect(card.get_by_role("heading")).to_have_text("Looking for better models")
    card.get_by_role("button", name="Stop").click()
    expect(card).to_contain_text("It was stopped; the next time goes on from there.")
    assert [what for what, _ in fake.asked] == ["pin", "allow", "back", "look", "stop"]
    card.get_by_text("When, and from where").click()
    card.get_by_label("New models").select_option("automatic")
    expect(card).to_contain_text("Kept.")
    card.get_by_label("Mirrors", exact=True).fill("https://models.example/soundit")
    card.get_by_label("Mirrors", exact=True).press("Tab")
    wait_until(lambda: store.current.update.mirrors == ("https://models.example/soundit",))
    assert store.current.update.mode == "automatic"


@pytest.mark.browser
def test_without_a_mirror_it_says_how_to_name_one_and_on_a_phone_in_german_all_fits(
    open_page: OpenPage, device: PageThread, fake: FakeUpdates
) -> None:
    why = "https://x: the mirror cannot be reached (no route)"
    fake.show(UpdateStatus(outcome=why, failed=True))
    page = open_page(320, 640, live=False, locale="de")
    page.goto(f"{device.address}/#models")
    card = page.get_by_role("region", name="Neuerungen der Modelle")
    expect(card).to_contain_text("Kein Spiegel ist genannt.")
    expect(card).to_contain_text("https://x: Der Spiegel ist nicht zu erreichen (no route)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
def test_the_first_screen_has_one_quiet_line_while_there_is_something(
    open_page: OpenPage, device: PageThread, fake: FakeUpdates
) -> None:
    page = open_page()
    line = page.get_by_role("link", name="Better models")
    expect(line).to_have_text("Better models are ready")
    fake.become(state="fetching", share=0.25)
    expect(line).to_have_text("Better models are being fetched: 25%")
    line.click()
    expect(page.get_by_role("region", name="Updates of the models")).to_be_visible()
    fake.show(UpdateStatus())
    page.evaluate("location.hash = 'now'")
    expect(line).to_be_hidden()
