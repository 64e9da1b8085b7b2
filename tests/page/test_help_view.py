"""Help in a browser: the report is seen before it is saved, and safe mode is entered and left."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from soundit_edge.errors import SounditError
from soundit_edge.page.routes import support
from tests.fakes.control import FakeControl
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.test_access import fits
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

REPORT = "soundit report\n==============\nformat: 1\n\nlog\n---\n<b>äß …</b> \u2028 a\n" + "x" * 300 + "\n"


class Reports:
    """Makes the report above, or fails."""

    def __init__(self) -> None:
        self.made = 0
        self.failure: SounditError | None = None

    async def text(self) -> str:
        self.made += 1
        if self.failure is not None:
            raise self.failure
        return REPORT


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def device(reports: Reports) -> Iterator[PageThread]:
    control = FakeControl()
    control.now = control.now.model_copy(update={"safe_mode": False})
    with PageThread(control, support.routes(control, reports.text)) as device:
        yield device


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_saved_is_what_was_seen(open_page: OpenPage, reports: Reports, tmp_path: Path, width: int) -> None:
    page = open_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(page.url.rstrip("/") + "/#help")
    save, shown = page.get_by_text("Save", exact=True), page.get_by_label("The report")
    expect(save).to_be_hidden()
    assert reports.made == 0, "nothing is made before it is asked for"
    page.get_by_role("button", name="Make the report").click()
    expect(shown).to_be_visible()
    assert shown.evaluate("pre => pre.textContent") == REPORT
    expect(page.get_by_text("It is sent nowhere.")).to_be_visible()
    with page.expect_download() as downloading:
        save.click()
    downloading.value.save_as(tmp_path / "saved.txt")
    assert downloading.value.suggested_filename == "soundit-report.txt"
    assert (tmp_path / "saved.txt").read_bytes().decode() == REPORT
    assert fits(page)


def test_a_report_that_cannot_be_made_is_said(open_page: OpenPage, reports: Reports, complaints: list[str]) -> None:
    reports.failure = SounditError("the question was not answered in time; ask again")
    page = open_page()
    page.goto(page.url.rstrip("/") + "/#help")
    make = page.get_by_role("button", name="Make the report")
    make.click()
    expect(page.get_by_text("the question was not answered in time")).to_be_visible()
    expect(page.get_by_label("The report")).to_be_hidden()
    expect(make).to_be_enabled()
    complaints.clear()  # of the refusal


def test_safe_mode_is_entered_and_left(open_page: OpenPage, device: PageThread) -> None:
    page = open_page()
    page.goto(page.url.rstrip("/") + "/#help")
    for on, name in ((True, "Start in safe mode"), (False, "Leave safe mode")):
        page.get_by_role("button", name=name).click()
        wait_until(partial(device.control.choices.__contains__, ("safe mode", on)))
        expect(page.get_by_text("The device starts again")).to_be_visible()
        expect(page.get_by_role("button", name=name)).to_be_hidden()
        device.control.now = device.control.now.model_copy(update={"safe_mode": on})
    expect(page.get_by_text("Safe mode is off.")).to_be_visible()
    expect(page.get_by_role("button", name="Start in safe mode")).to_be_visible()


def test_a_device_that_nothing_would_start_again_says_so(open_page: OpenPage, device: PageThread) -> None:
    device.control.now = device.control.now.model_copy(update={"safe_mode": None})
    page = open_page()
    page.goto(page.url.rstrip("/") + "/#settings")
    page.goto(page.url.partition("#")[0] + "#help")
    expect(page.get_by_text("Safe mode is for a device that its system starts")).to_be_visible()
    expect(page.get_by_role("button", name="Start in safe mode")).to_be_hidden()
