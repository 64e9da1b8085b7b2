"""Where a finger is the pointer, everything that it can hit is 44 pixels high and wide (WCAG 2.2, 2.5.5)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.test_access import fits
from tests.variants import thorough

pytestmark = pytest.mark.browser

TARGET = 44
SCREENS = {
    "Raspberry Pi": (800, 480),
    "tablet": (820, 1180),
    "tablet, landscape": (1180, 820),
    "phone": (390, 844),
    "phone, landscape": (844, 390),
    "small phone": (320, 640),
    "touch screen on a wall": (1920, 1080),
}
NARROWEST = ("small phone", "Raspberry Pi")
# Every visible target with what a finger can hit of it, which may not reach into another one's.
TARGETS = """() => [...document.querySelectorAll('button, summary, label, nav a, input[type=range]')]
    .filter(part => part.checkVisibility({visibilityProperty: true}) && !part.disabled)
    .filter(part => !document.querySelector('dialog[open]') || part.closest('dialog'))
    .filter(part => !part.htmlFor)
    .map(part => {
        const {left, top, right, bottom} = part.getBoundingClientRect();
        return {name: part.ariaLabel ?? (part.textContent.trim() || part.id), left, top, right, bottom};
    })"""


def too_small(page: Page) -> list[str]:
    found = page.evaluate(TARGETS)
    assert len(found) >= 6
    return [t["name"] for t in found if min(t["right"] - t["left"], t["bottom"] - t["top"]) < TARGET - 0.01]


def overlapping(page: Page) -> list[tuple[str, str]]:
    found = page.evaluate(TARGETS)
    return [
        (one["name"], other["name"])
        for i, one in enumerate(found)
        for other in found[:i]
        if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 0.5
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 0.5
    ]


@pytest.mark.parametrize(
    "screen", ["small phone", "Raspberry Pi", *thorough(*list(SCREENS)[1:5], "touch screen on a wall")]
)
def test_a_finger_hits_everything_on_every_screen(open_page: OpenPage, device: PageThread, screen: str) -> None:
    device.control.change_music(several=True, rating="liked", locks={"wah": 0.5})
    width, height = SCREENS[screen]
    page = open_page(width, height, has_touch=True, is_mobile=True)
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    expect(page.get_by_role("button", name="Next track")).to_be_visible()
    assert too_small(page) == []
    assert overlapping(page) == []
    assert fits(page)
    page.get_by_text("Earlier").tap()
    expect(page.locator("#reasons li").first).to_be_visible()
    page.get_by_role("button", name="Adjust").tap()
    expect(page.get_by_role("button", name="Unlock all")).to_be_visible()
    assert too_small(page) == []
    assert fits(page)


def test_a_mouse_in_a_small_window_needs_no_large_targets(open_page: OpenPage) -> None:
    page = open_page(390, 844)
    box = page.locator("#policy span").first.bounding_box()
    assert box is not None
    assert box["height"] < TARGET
