"""The page of the real device in a real browser: claimed, watched, steered and set up; and all of it is kept."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.device import NOTHING_SENSED, RunningDevice
from tests.page.conftest import CHROMIUM, HANG_MS, QUIET

pytestmark = pytest.mark.browser

NAME, PASSWORD = "Anna", "correct horse battery"
OPTIONS = (*NOTHING_SENSED, "--speaker", "off")
VIEWS = (
    "now",
    "play",
    "evening",
    "try",
    "models",
    "privacy",
    "devices",
    "house",
    "settings",
    "account",
    "wall",
    "first",
)
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=HANG_MS)
        yield browser
        browser.close()


def go(page: Page, view: str) -> None:
    """Open a view and wait until it is filled."""
    page.evaluate("name => (location.hash = name)", view)
    page.wait_for_selector(f'body[data-view="{view}"]')
    if view != "now":
        page.wait_for_selector(f"#view > section.{view} > *")


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong with what is seen, and calls serious."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in SERIOUS]


def test_claimed_watched_steered_set_up_and_kept(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[page]\nlocal_role = "none"\nwelcomed = true\n')
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(HANG_MS)
    page = context.new_page()
    with RunningDevice(tmp_path, *OPTIONS) as device:
        page.goto(device.wait_for_page())
        page.wait_for_selector('[data-link="live"]')
        go(page, "account")
        page.locator("summary", has_text="Claim this device").click()
        page.get_by_label("Name").fill(NAME)
        for password in page.locator('input[type="password"]').all():
            password.fill(PASSWORD)
        page.get_by_role("button", name="Claim", exact=True).click()
        expect(page.get_by_text(f"You are {NAME}.")).to_be_visible()

        go(page, "now")
        page.get_by_role("button", name="Another mood for a while").click()
        page.get_by_role("dialog").get_by_role("button", name="Play it").click()
        device.page.close()  # whoever asks without signing in is nobody now
        expect(page.locator("#override-left")).to_contain_text("calm")
        expect(page.locator("#reason")).to_contain_text("calm")
        page.get_by_role("button", name="Mute").click()

        go(page, "settings")
        room = page.get_by_label("Room", exact=True)
        room.fill("Kitchen")
        room.press("Enter")
        expect(page).to_have_title("neutral · Kitchen")
        found = {}
        for view in VIEWS:
            go(page, view)
            found[view] = faults(page)
        assert {view: what for view, what in found.items() if what} == {}
        assert device.stop(signal.SIGTERM) == 0
    with RunningDevice(tmp_path, *OPTIONS) as device:
        address = device.wait_for_page()
        page.emulate_media(color_scheme="dark")
        page.goto(address)
        page.wait_for_selector('[data-link="live"]')
        expect(page).to_have_title("neutral · Kitchen")
        expect(page.get_by_role("button", name="Unmute")).to_be_visible()
        go(page, "account")
        expect(page.get_by_text(f"You are {NAME}.")).to_be_visible()
        assert faults(page) == []
        stranger = browser.new_context()
        stranger.set_default_timeout(HANG_MS)
        gate = stranger.new_page()
        gate.goto(address)
        expect(gate.get_by_role("heading", name="Sign in")).to_be_visible()
        assert faults(gate) == []
        stranger.close()
        assert device.stop(signal.SIGTERM) == 0
    context.close()
