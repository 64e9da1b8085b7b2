"""What the senses cost, on the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage

pytestmark = pytest.mark.browser


def cells(page: Page, table: str, row: int) -> list[str]:
    return page.get_by_role("table", name=table).locator("tbody tr").nth(row).locator("th, td").all_inner_texts()


def opened(page: Page) -> Page:
    page.get_by_text("For engineers").click()
    expect(page.get_by_role("table")).to_have_count(2)
    return page


def test_each_sense_and_each_model_has_a_row(open_page: OpenPage) -> None:
    page = opened(open_page())
    expect(page.locator("#engineers tbody").first.locator("tr")).to_have_count(5)
    assert cells(page, "What each sense costs", 0) == [
        *("Face", "10.0", "10.0", "11 ms", "19 ms", "24 ms", "41", "4", "0", "cpu")
    ]
    assert cells(page, "What each model costs", 0) == ["face expression", "0.5 ms", "0.8 ms", "1,204", "edgetpu"]


def test_it_is_closed_until_somebody_looks_and_then_goes_on(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    expect(page.get_by_role("table")).to_have_count(0)
    opened(page)
    first, *others = device.control.now.senses
    failing = first.model_copy(update={"state": "failing", "failures": 7, "failure": "ValueError: no"})
    device.control.now = device.control.now.model_copy(update={"senses": (failing, *others)})
    row = page.locator("#engineers tbody tr").first
    expect(row).to_contain_text("failing")
    assert cells(page, "What each sense costs", 0)[8] == "7"
    expect(page.locator("#senses li").first).to_contain_text("out of order, and tried again")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_is_no_wider_for_it(open_page: OpenPage, width: int) -> None:
    page = opened(open_page(width, 844))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
