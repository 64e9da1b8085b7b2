"""A real browser before the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.fakes.control import FakeControl
from tests.fakes.page import PageThread
from tests.waiting import HANG_S

CHROMIUM = Path("/usr/bin/chromium")
HEADLESS = Path("/usr/bin/chromium-headless-shell")
"""The same engine without a browser's own windows, whose drawing costs more than most pages here."""
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
DRAWN_CAMERA = "--use-fake-device-for-media-stream"
"""The browser's own camera and microphone are drawn ones."""

OpenPage = Callable[..., Page]

INTERVAL_S = 0.08
"""The shortest time between two requests, in seconds, while a slider moves: INTERVAL_MS of requests.js."""
HANG_MS = 1000 * HANG_S
expect.set_options(timeout=HANG_MS)


# Not longer than a module: while it runs, Playwright holds the thread's event loop, which other tests want.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with _launched(HEADLESS) as browser:
        yield browser


@pytest.fixture(scope="module")
def whole_browser() -> Iterator[Browser]:
    """The browser that people have: the engine alone has no camera."""
    with _launched(CHROMIUM) as browser:
        yield browser


@contextmanager
def _launched(path: Path) -> Iterator[Browser]:
    if not path.exists():
        pytest.skip(f"{path} is not there: apt-get install {path.name}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, DRAWN_CAMERA], timeout=HANG_MS)
        yield browser
        browser.close()


@pytest.fixture
def device() -> Iterator[PageThread]:
    with PageThread(FakeControl()) as device:
        yield device


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; a test that expects complaints clears it."""
    return []


@pytest.fixture
def open_page(browser: Browser, device: PageThread, complaints: list[str]) -> Iterator[OpenPage]:
    """Opens the device's page in a fresh browser profile, or `beside` another page, and waits until it is live.

    Motion is reduced unless a test wants it, so that nothing has to be waited for. With `live` false the page is not
    even loaded yet. Afterwards there must be no complaint in the console, and no request may have gone anywhere but to
    the device.
    """
    contexts = []
    requests: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def open_one(
        width: int = 1440, height: int = 900, beside: Page | None = None, live: bool = True, **options: Any
    ) -> Page:
        if beside is None:
            options = {"reduced_motion": "reduce"} | options
            context = browser.new_context(viewport={"width": width, "height": height}, **options)
            context.set_default_timeout(HANG_MS)
            contexts.append(context)
        else:
            context = beside.context
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        if live:
            page.goto(device.address)
            page.wait_for_selector('[data-link="live"]')
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in requests if not url.startswith(device.address + "/")] == []
