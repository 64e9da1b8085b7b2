"""The view "House" in a real browser: what is connected, and the switch and settings of each connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Page, expect
from pydantic import Field, SecretStr

from soundit_edge.control.control import Control
from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.integrations.integration import Integration, IntegrationSettings
from soundit_edge.integrations.registry import section_of, settings_model
from soundit_edge.page.routes import settings
from soundit_edge.settings import load
from tests.fakes.control import FakeControl
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.test_access import fits
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


class HubSettings(IntegrationSettings):
    """A hub that is told everything."""

    port: int = Field(default=7070, ge=1, le=65535, title="Port", description="TCP port of the hub.")
    token: SecretStr = Field(default=SecretStr(""), title="Token", description="What the hub knows us by.")


class Hub:
    """An integration that is only shown."""

    name: ClassVar[str] = "hub"
    title: ClassVar[str] = "Home hub"
    Settings: ClassVar[type[IntegrationSettings]] = HubSettings

    def __init__(self, settings: HubSettings) -> None:
        """Hold nothing."""

    async def run(self, device: Control, connected: Callable[[], None]) -> None:
        """Do nothing."""


class Bell(Hub):
    """Another one, without settings of its own."""

    name: ClassVar[str] = "bell"
    title: ClassVar[str] = "Door bell"
    Settings: ClassVar[type[IntegrationSettings]] = IntegrationSettings


KINDS: tuple[type[Integration], ...] = (Hub, Bell)
MODEL = settings_model(KINDS)


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(MODEL(), tmp_path / "settings.toml")


@pytest.fixture
def device(store: SettingsStore) -> Iterator[PageThread]:
    with PageThread(FakeControl(), settings.routes(store, local_time)) as device:
        yield device


def turn(device: PageThread, number: int, **changes: object) -> None:
    """Let an integration be another way."""
    integrations = list(device.control.now.integrations)
    integrations[number] = integrations[number].model_copy(update=changes)
    device.control.now = device.control.now.model_copy(update={"integrations": tuple(integrations)})


def opened(page: Page, address: str) -> Page:
    page.goto(f"{address}/#house")
    page.wait_for_selector('[data-link="live"]')
    expect(page.locator(".integration")).to_have_count(2)
    return page


def test_each_connection_says_how_it_is_and_is_switched_by_the_keyboard(
    open_page: OpenPage, device: PageThread, store: SettingsStore
) -> None:
    page = opened(open_page(320, 700, live=False), device.address)
    hub, bell = page.locator(".integration").all()
    expect(hub.locator(".how")).to_have_text("Connected just now.")
    expect(bell.locator(".how")).to_have_text("Not connected: lost just now, and tried again. the bell is away")
    device.control.now = device.control.now.model_copy(update={"t": 7400.0})
    turn(device, 0, since_s=200.0, refused=1234)
    turn(device, 1, state="connecting", note="", since_s=7390.0)
    expect(hub.locator(".how")).to_have_text("Connected 2 hours ago. 1,234 changes came too fast and were refused.")
    expect(bell.locator(".how")).to_have_text("Connecting; first tried just now.")
    switch = page.get_by_role("switch", name="Home hub")
    expect(switch).not_to_be_checked()
    switch.focus()
    page.keyboard.press("Space")
    expect(hub.get_by_role("status").first).to_have_text("Kept.")
    assert section_of(store.current, Hub).enabled
    assert store.path
    assert section_of(load(store.path, MODEL), Hub).enabled
    expect(bell.locator("details")).to_have_count(0)
    page.keyboard.press("Tab")  # the way back
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    port = hub.get_by_label("Port")
    expect(port).to_be_visible()
    port.fill("9000")
    port.press("Tab")
    wait_until(lambda: section_of(store.current, Hub).model_dump()["port"] == 9000)
    expect(page.locator(".waits:visible")).to_have_count(0)
    token = hub.get_by_label("Token")
    expect(token).to_have_attribute("type", "password")
    port.fill("70000")
    port.press("Tab")
    expect(hub.get_by_role("alert")).to_contain_text("65535")
    assert fits(page)
    turn(device, 0, state="off", refused=0)
    expect(hub.locator(".how")).to_have_text("Switched off.")


def test_who_may_not_change_the_device_sees_only_how_it_is(open_page: OpenPage, device: PageThread) -> None:
    page = open_page(live=False)
    page.route("**/api/me", lambda route: route.fulfill(json=route.fetch().json() | {"role": "operator"}))
    opened(page, device.address)
    expect(page.get_by_role("heading", name="Door bell")).to_be_visible()
    expect(page.locator(".integration input")).to_have_count(0)


def test_it_is_said_in_german(open_page: OpenPage, device: PageThread) -> None:
    page = opened(open_page(live=False, locale="de"), device.address)
    expect(page.get_by_role("heading", level=2, name="Haus")).to_be_visible()
    expect(page.locator(".integration .how").first).to_have_text("Verbunden: gerade eben.")
