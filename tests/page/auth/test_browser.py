"""The gate and the account in a real browser, from another computer and on the device itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from soundit_edge.page.auth.access import Access
from tests.fakes.control import FakeControl
from tests.fakes.page import PageThread
from tests.page.auth.device import CHEAP, PASSWORD, WEAKER
from tests.page.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture
def codes() -> list[str]:
    return []


@pytest.fixture
def device(codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageThread]:
    monkeypatch.setattr("soundit_edge.page.auth.gate._is_local", lambda address, headers: False)
    with PageThread(FakeControl(), access=lambda: Access(tmp_path, announce=codes.append, cost=CHEAP)) as device:
        yield device


def test_claim_watch_sign_out_and_in_again(
    open_page: OpenPage, device: PageThread, codes: list[str], complaints: list[str]
) -> None:
    page = open_page(390, 844, live=False)
    page.goto(device.address)
    expect(page.get_by_role("heading", name="Claim this device")).to_be_visible()
    expect(page.locator("#now")).to_be_hidden()
    page.get_by_label("Code").fill("AAAA-AAAA")
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Password, at least 10").fill(PASSWORD)
    page.get_by_label("The same password again").fill(WEAKER)
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("alert")).to_contain_text("differ")
    page.get_by_label("The same password again").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The code is wrong")
    page.get_by_label("Code").fill(codes[0].lower())
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-link="live"]')
    expect(page.locator("h1")).to_have_text("happy")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("link", name="Account").click()
    expect(page.get_by_text("You are Anna.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are Anna.")).to_be_visible()
    complaints[:] = [text for text in complaints if "401" not in text]


def test_a_browser_without_cookies_is_told(
    open_page: OpenPage, device: PageThread, codes: list[str], complaints: list[str]
) -> None:
    page = open_page(live=False)
    page.route("**/api/claim", lambda route: route.fulfill(status=200, body="{}"))  # and no cookie comes of it
    page.goto(device.address)
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Password, at least 10").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("alert")).to_contain_text("keeps no cookies")


def test_an_administrator_lets_others_and_programs_in(
    open_page: OpenPage, device: PageThread, codes: list[str], complaints: list[str]
) -> None:
    page = open_page(live=False)
    page.goto(device.address)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Password, at least 10").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Claim").click()
    page.get_by_role("link", name="Account").click()
    page.get_by_text("Add a user").click()
    users = page.locator(".part").filter(has=page.get_by_role("heading", name="Users"))
    users.get_by_label("Name").fill("Bert")
    users.get_by_label("Password, at least 10").fill(WEAKER)
    users.get_by_label("The same password again").fill(WEAKER)
    users.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("combobox", name="What Bert may do")).to_have_value("operator")
    page.get_by_role("button", name="Remove Anna").click()
    expect(page.get_by_role("alert").first).to_contain_text("last administrator")
    page.get_by_text("Add a program").click()
    page.get_by_label("What it is for").fill("heating")
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator("code")).to_contain_text("soundit_")
    expect(page.get_by_role("button", name="Revoke heating")).to_be_visible()
    complaints[:] = [text for text in complaints if "409" not in text]
