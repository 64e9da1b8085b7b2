"""Forced colours, such as the contrast themes of Windows: what is chosen and how far things go can still be seen."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Locator, Page, expect

from soundit_edge.emotion import Emotion
from tests.fakes.control import full_status
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.test_access import SHAPE_CONTRAST, TEXT_CONTRAST
from tests.variants import thorough

pytestmark = pytest.mark.browser

SCHEMES = pytest.mark.parametrize("scheme", ["dark", *thorough("light")])
Luminances = npt.NDArray[np.float64]


def luminances(part: Locator) -> Luminances:
    """Return the relative luminances (WCAG 2.2) of the pixels that a part is drawn with, rows by columns, 0 to 1."""
    picture = cv2.imdecode(np.frombuffer(part.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    value = np.asarray(picture, np.float64)[:, :, ::-1] / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def ground(part: Locator) -> float:
    """Return the luminance that most of a part's pixels have."""
    values, counts = np.unique(luminances(part).round(3), return_counts=True)
    return float(values[counts.argmax()])


def forced(open_page: OpenPage, scheme: str) -> Page:
    page = open_page(forced_colors="active", color_scheme=scheme)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    return page


@SCHEMES
def test_the_chosen_segment_looks_another_way_than_the_others(
    open_page: OpenPage, device: PageThread, scheme: str
) -> None:
    page = forced(open_page, scheme)
    for segments in ("#policy span", "#preset span"):
        chosen, other = ground(page.locator(segments).nth(0)), ground(page.locator(segments).nth(1))
        assert contrast(chosen, other) >= SHAPE_CONTRAST
        lightest, darkest = (f(luminances(page.locator(segments).nth(0))) for f in (np.max, np.min))
        assert contrast(float(lightest), float(darkest)) >= TEXT_CONTRAST


@SCHEMES
def test_a_pressed_button_looks_another_way_than_the_others(
    open_page: OpenPage, device: PageThread, scheme: str
) -> None:
    device.control.change_music(rating="liked")
    page = forced(open_page, scheme)
    expect(page.locator("#liked")).to_have_attribute("aria-pressed", "true")
    assert contrast(ground(page.locator("#liked")), ground(page.locator("#disliked"))) >= SHAPE_CONTRAST


@SCHEMES
def test_a_slider_shows_its_track_and_how_far_it_goes(open_page: OpenPage, device: PageThread, scheme: str) -> None:
    page = forced(open_page, scheme)
    slider = page.get_by_role("slider", name="Volume")
    picture = luminances(slider)
    paper = float(picture[0, 0])
    height, width = picture.shape
    drawn = np.vectorize(contrast)(picture, paper) >= SHAPE_CONTRAST
    assert drawn[:, int(0.9 * width)].any()  # the track goes on behind the thumb, which stands at 60 %
    assert drawn[:, int(0.3 * width)].sum() > drawn[:, int(0.9 * width)].sum()  # and is filled before it
    assert drawn[:, int(0.6 * width) - 2 : int(0.6 * width) + 2].sum(axis=0).max() > height // 4


@SCHEMES
def test_a_bar_shows_how_full_it_is(open_page: OpenPage, device: PageThread, scheme: str) -> None:
    device.control.now = full_status(Emotion.SAD, 0.5)
    page = forced(open_page, scheme)
    for name, share in (("sad", 0.56), ("happy", 0.06)):
        row = page.locator("#shares li", has_text=name)
        expect(row.locator(".share")).to_contain_text(f"{100 * share:.0f}")
        picture = luminances(row.locator(".groove"))
        inner = picture[picture.shape[0] // 2, 2:-2]
        full = np.vectorize(contrast)(inner, float(inner[-3])) >= SHAPE_CONTRAST
        assert abs(full.mean() - share) < 0.05
        empty = np.vectorize(contrast)(picture[:, int(0.8 * picture.shape[1])], float(inner[-3])) >= SHAPE_CONTRAST
        assert empty.any()  # the outline of what could be
        assert not empty.all()


@SCHEMES
def test_a_dial_shows_how_far_it_stands_from_where_it_rests(
    open_page: OpenPage, device: PageThread, scheme: str
) -> None:
    page = forced(open_page, scheme)
    widths = [
        page.locator(f".dial .{arc}").first.evaluate("arc => parseFloat(getComputedStyle(arc).strokeWidth)")
        for arc in ("whole", "part")
    ]
    assert widths[1] > 2 * widths[0] > 0


@SCHEMES
def test_what_is_on_looks_another_way_than_what_is_off(open_page: OpenPage, device: PageThread, scheme: str) -> None:
    page = forced(open_page, scheme)
    dots = "li => getComputedStyle(li, '::before').backgroundColor"
    on, lost = (page.locator(f"#sources li.{state}").first.evaluate(dots) for state in ("on", "lost"))
    assert on != lost
    page.get_by_role("button", name="Adjust").click()
    page.get_by_role("button", name="Lock Wah").click()
    locked = page.get_by_role("button", name="Lock Wah").locator(".body")
    free = page.get_by_role("button", name="Lock Tempo").locator(".body")
    fills = [part.evaluate("part => getComputedStyle(part).fill") for part in (locked, free)]
    assert fills[0] != fills[1] == "none"


@SCHEMES
def test_the_ground_is_that_of_the_system(open_page: OpenPage, scheme: str) -> None:
    page = forced(open_page, scheme)
    canvas, text = page.evaluate(
        """() => {
            const probe = document.body.appendChild(document.createElement('p'));
            probe.style.cssText = 'color: CanvasText; background: Canvas; forced-color-adjust: none';
            const style = getComputedStyle(probe);
            const found = [style.backgroundColor, style.color];
            probe.remove();
            return found;
        }"""
    )
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == canvas
    assert page.locator("#sure").evaluate("part => getComputedStyle(part).color") == text
    expect(page.locator("#field")).to_be_hidden()
