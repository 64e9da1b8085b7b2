"""What the page shows while it has nothing to show: never a black page, and words that say what is the matter."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from soundit_edge.control.status import Status
from tests.fakes.control import FakeControl
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.test_access import CONTRASTS, TEXT_CONTRAST
from tests.variants import thorough
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

SCHEMES = pytest.mark.parametrize("scheme", ["light", *thorough("dark")])
STREAM = {"content-type": "text/event-stream"}
OFF = "Not connected: the device is off or starting. Trying again."
FAULTY = "Not connected: the device answers, but with an error ({}). Trying again."
SILENT = "Not connected: the device answers, but its news do not arrive. Trying again."


class BrokenControl(FakeControl):
    """A device whose status cannot be given, until it is `mended`."""

    mended = False

    def status(self) -> Status:
        if not self.mended:
            raise RuntimeError("broken on purpose")
        return super().status()


def never(route: Route) -> None:
    """Leave a request without an answer."""


def refused(route: Route) -> None:
    route.abort("connectionrefused")


def answer(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status)


def only_retry(route: Route) -> None:
    route.fulfill(headers=STREAM, body="retry: 1000\n\n")


def nonsense(route: Route) -> None:
    route.fulfill(headers=STREAM, body="data: {\n\n")


def grey(page: Page) -> float:
    """Return the mean grey of what is seen, 0 (black) to 255."""
    picture = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    return float(np.mean(picture))


def is_in_paper(page: Page, scheme: str) -> None:
    """Expect the colour of paper and nothing of a mood or of music on it."""
    assert (grey(page) > 200) if scheme == "light" else (20 < grey(page) < 60)
    for part in (".bar", ".dial", "#plane", "#letters", "#level", ".volume"):
        expect(page.locator(part).first).to_be_hidden()


@SCHEMES
def test_the_page_is_in_the_colour_of_paper_before_the_first_event(
    open_page: OpenPage, device: PageThread, scheme: str
) -> None:
    page = open_page(live=False, color_scheme=scheme)
    page.route("**/api/events", never)
    page.goto(device.address)
    expect(page.locator("#mark path").first).to_be_attached()  # the script has run
    is_in_paper(page, scheme)


@pytest.mark.parametrize(
    ("stream", "status", "words"),
    [
        (refused, refused, OFF),
        (answer(500), answer(500), FAULTY.format(500)),
        (never, None, SILENT),
        *thorough(
            (never, never, OFF),
            (answer(503), answer(503), FAULTY.format(503)),
            (answer(404), answer(404), FAULTY.format(404)),
            (only_retry, None, SILENT),
            (nonsense, None, SILENT),
        ),
    ],
    ids=["refused", "500", "silent", "hanging", "503", "404", "only retry", "nonsense"],
)
def test_a_first_event_that_never_comes_is_said_in_words_that_can_be_read(
    open_page: OpenPage,
    device: PageThread,
    complaints: list[str],
    stream: Callable[[Route], None],
    status: Callable[[Route], None] | None,
    words: str,
) -> None:
    page = open_page(live=False, color_scheme="light")
    page.route("**/api/events", stream)
    if status is not None:
        page.route("**/api/status", status)
    page.goto(device.address)
    said = page.get_by_role("status")
    expect(said).to_have_text(words)
    expect(said).to_be_in_viewport(ratio=1)
    is_in_paper(page, "light")
    assert min(page.evaluate(CONTRASTS)["texts"]) >= TEXT_CONTRAST
    page.emulate_media(color_scheme="dark")
    wait_until(lambda: grey(page) < 60, "the paper stays light")
    is_in_paper(page, "dark")
    assert min(page.evaluate(CONTRASTS)["texts"]) >= TEXT_CONTRAST
    page.unroute_all()
    expect(page.locator("h1")).to_have_text("happy")
    expect(said).to_have_text("live")
    expect(page.locator(".bar").first).to_be_visible()
    complaints.clear()


def test_a_device_whose_status_fails_is_not_called_off(
    open_page: OpenPage, device: PageThread, complaints: list[str]
) -> None:
    device.__exit__(None, None, None)
    device.control = control = BrokenControl()
    device.__enter__()
    page = open_page(live=False)
    page.goto(device.address)
    expect(page.get_by_role("status")).to_have_text(FAULTY.format(500))
    control.mended = True
    expect(page.get_by_role("status")).to_have_text("live")
    control.mended = False
    expect(page.get_by_role("status")).to_have_text(FAULTY.format(500))
    expect(page.locator("#lead")).to_have_text("The room felt")
    expect(page.locator(".bar").first).to_be_visible()
    assert [c for c in complaints if "500" not in c and "ERR_INCOMPLETE_CHUNKED_ENCODING" not in c] == []
    page.close()  # it would go on complaining
    complaints.clear()


def test_a_device_that_goes_while_the_page_is_opened_is_called_off(
    open_page: OpenPage, device: PageThread, complaints: list[str]
) -> None:
    page = open_page(live=False)
    page.route("**/api/events", never)
    page.goto(device.address)
    expect(page.locator("#mark path").first).to_be_attached()
    device.__exit__(None, None, None)
    page.unroute_all()
    expect(page.get_by_role("status")).to_have_text(OFF)
    is_in_paper(page, "light")
    device.__enter__()
    expect(page.get_by_role("status")).to_have_text("live")
    complaints.clear()


def test_paper_follows_the_colour_scheme_before_the_first_event(open_page: OpenPage, device: PageThread) -> None:
    page = open_page(live=False, color_scheme="light")
    page.route("**/api/events", never)
    page.goto(device.address)
    expect(page.locator("#mark path").first).to_be_attached()
    page.emulate_media(color_scheme="dark")
    wait_until(lambda: grey(page) < 60, "the paper stays light")
    is_in_paper(page, "dark")


@pytest.mark.parametrize(("width", "height"), [(390, 844), *thorough((800, 480), (1440, 900))])
def test_the_words_of_an_outage_fit_the_screen(
    open_page: OpenPage, device: PageThread, complaints: list[str], width: int, height: int
) -> None:
    page = open_page(width, height, live=False)
    page.route("**/api/*", refused)
    page.goto(device.address)
    expect(page.get_by_role("status")).to_have_text(OFF)
    expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.close()  # it would go on complaining
    complaints.clear()


@pytest.mark.parametrize("part", ["vocabulary.js", *thorough("page.js", "plane.js")])
def test_a_page_of_which_a_part_is_missing_says_so_and_starts_again(
    open_page: OpenPage, device: PageThread, complaints: list[str], part: str
) -> None:
    page = open_page(live=False)
    page.route(f"**/static/{part}", answer(503))
    page.goto(device.address)
    expect(page.get_by_role("status")).to_have_text("The page did not arrive whole. Trying again.")
    is_in_paper(page, "light")
    page.unroute_all()
    expect(page.get_by_role("status")).to_have_text("live")
    complaints.clear()
